"""`generate_media`, for models to call."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..backend.requirements import missing_extras
from ..errors import ConfigurationError
from ..generation import GenerationConfig, Generator, Policy, generate_media, generators
from ..generation.registry import generators_of
from ..generation.selector import ANY, select
from ..stream_chunk.base import BaseStreamChunk
from .media_arguments import MOST, Door, MediaArguments
from .media_guidance import EXAMPLES, KINDS, Example, guidance, possible
from .tools import Tool, ToolOutput

_OPENED_BY: Final = ("api_key", "base_url")


class MediaTool(Tool):
    """Lets a model make pictures, films and sounds with every generator that is open and installed, else the local one.

    Its chunks (progress, previews, segments, finals) join the stream of the run; its answer is JSON: for each medium
    path, kind, MIME type, size, and the `continuation_id` where there is one, and what was noted on the way.

    Args:
        output_dir: Folder for the files; a model cannot name another one.
        folders: Further folders whose files a model may use; those in *output_dir* it always may.
        environ: Holds the keys; by default the process's environment.
        most: Most media that one call makes: it is not the model that pays.
        name: What the model calls.
        fixed: Arguments of `generate_media` that the model cannot choose, such as ``backend_type="openai"``.

    Attributes:
        examples: The operations that somebody can do, with an example of each.

    Raises:
        UnknownProvider: No generator has the name that is fixed.
        ConfigurationError: None of them can be used.
    """

    def __init__(
        self,
        output_dir: str | os.PathLike[str] = ".",
        *,
        folders: Iterable[str | os.PathLike[str]] = (),
        environ: Mapping[str, str] | None = None,
        most: int = MOST,
        name: str = "generate_media",
        **fixed: Any,
    ) -> None:
        self.name = name
        self._environ = os.environ if environ is None else environ
        self._fixed = {**fixed, "output_dir": output_dir, "environ": self._environ}
        self._folders = [Path(output_dir), *map(Path, folders)]
        doors = self._doors(fixed)
        if not doors:
            raise ConfigurationError("no generator can be used; set a key, or leave the backend open")
        hidden = {"backend" if one in ("backend_type", "backend") else one for one in fixed}
        self._arguments = MediaArguments(doors, most=most, without=hidden)
        self.parameters = self._arguments.schema
        self.description = _description(doors)
        self.examples = self._possible(doors)
        self.guidance = guidance(name, self.examples)

    async def run(self, arguments: dict[str, Any]) -> AsyncGenerator[BaseStreamChunk | ToolOutput, None]:
        """Make the media and yield how they come.

        Raises:
            UsageError: An argument cannot be used, or nobody can do what is asked for.
        """
        asked = self._arguments.checked(arguments, self._folders)
        async with generate_media(**{**asked, **self._fixed}) as stream:
            async for chunk in stream:
                yield chunk

    def _doors(self, fixed: Mapping[str, Any]) -> list[Door]:
        opened, backend = any(fixed.get(name) is not None for name in _OPENED_BY), fixed.get("backend_type")
        known = [one for one in _named(backend) if opened or one.is_ready(self._environ)]
        kinds = [kind for kind in KINDS if fixed.get("mode") in (None, kind)]
        doors = [[(one, kind, offer) for one in known if (offer := one.offers.get(kind)) is not None] for kind in kinds]
        return [door for some in doors for door in (_installed(some) if backend in ANY else some)]

    def _possible(self, doors: Iterable[Door]) -> list[Example]:
        known = tuple(dict.fromkeys(one for one, _, _ in doors))
        prefixes = dict.fromkeys(offer.continuation for _, _, offer in doors if offer.continuation)

        def can(config: GenerationConfig) -> bool:
            return select(config, self._environ, policy=Policy.STRICT, opened=True, known=known).chosen is not None

        names = dict.fromkeys(one.name for one in known)
        return possible(EXAMPLES, can, prefixes=prefixes, names=names if len(names) > 1 else ())


def _installed(doors: Sequence[Door]) -> Sequence[Door]:
    """Return those whose libraries are installed; all of them where none is, since calling one says what to install."""
    return [door for door in doors if not missing_extras(door[0].libraries)] or doors


def _named(backend: Any) -> tuple[type[Generator], ...]:
    if isinstance(backend, type):
        return (backend,)
    return generators() if backend in ANY else generators_of(backend)


def _description(doors: Iterable[Door]) -> str:
    kinds = " or ".join(dict.fromkeys(KINDS[kind] for _, kind, _ in doors))
    return (
        f"Make {kinds} and save it as a file; also change, extend or continue one, where the arguments allow it. The"
        " user sees it while it is made. Returns JSON with the path of each file."
    )
