"""Options that nobody knows, and that are nearly the name of one that is known: told, never refused.

Hosts have fields of their own, so that a name which is unknown here and to the vendor's SDK is sent as it is. One that
is spelt nearly like a known one is most likely that one.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from ..provider.spec import NATIVE_TOOLS, ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.narrow import backend_status
from .limits import StreamLimits
from .native_tools import native_tool_named
from .parameters import Parameters
from .turn import Turn

Chunks = AsyncGenerator[BaseStreamChunk, None]
_USUAL: Final = frozenset((
    "frequency_penalty", "max_completion_tokens", "max_tokens", "metadata", "n", "parallel_tool_calls",
    "presence_penalty", "reasoning_effort", "response_format", "seed", "stop", "temperature", "top_k", "top_p", "user",
))  # fmt: skip
"""Options of nearly every vendor: no SDK is asked for them."""
_OF_HOSTS: Final = frozenset(("models",))
"""Real fields that look like others: https://openrouter.ai/docs/guides/routing/model-fallbacks."""
_NOT_ASKED: Final = _USUAL | _OF_HOSTS
_CLOSE: Final = 0.88
"""How alike two names are (`difflib`); below it are real fields of vLLM and others, such as ``min_tokens``."""

_REMEMBERED: Final = 256
"""Names that are compared once: a program gives the same options all the time, and comparing takes long."""


class Unknown(NamedTuple):
    """Options that are not in our own tables.

    Attributes:
        names: What they are called.
        known: Names that we know, and that mean something.
        types: The SDK's types of a request, ``module:name``.
    """

    names: Sequence[str]
    known: frozenset[str]
    types: Sequence[str]

    @property
    def is_readable(self) -> bool:
        """Whether the SDK is there already, so that its types are read at once."""
        return all(one.partition(":")[0] in sys.modules for one in self.types)

    def notes(self) -> list[BaseStreamChunk]:
        """Return a warning for each name that is most likely another one; imports the SDK."""
        if not all(map(fields_of, self.types)):
            return []
        pairs = [(name, likely(name, self.known, tuple(self.types))) for name in self.names]
        return [_note(name, found) for name, found in pairs if found is not None]


def unknown_among(
    options: Mapping[str, Any], parameters: Parameters, provider: ProviderSpec, types: Sequence[str]
) -> Unknown | None:
    """Return the options that our tables do not know; None where there are none, or no SDK that could know them.

    Args:
        options: As they were given.
        parameters: Tables of the wire.
        provider: The host.
        types: The SDK's types of a request, ``module:name``.
    """
    if not types:
        return None
    names = [name for name, value in options.items() if value is not None and name not in _NOT_ASKED]
    tables = parameters.at(provider) if names else parameters
    names = [name for name in names if not tables.knows(name) and native_tool_named(name) is None]
    if not names:
        return None
    known = tables.meaningful() | _USUAL | {*NATIVE_TOOLS, *StreamLimits.__struct_fields__}
    return Unknown(names, known, types)


async def with_notes(attempt: Callable[[Turn], Chunks], unknown: Unknown, turn: Turn) -> Chunks:
    """Yield an attempt and, after the first chunk of the first one, what is to be said of unknown options."""
    notes: Sequence[BaseStreamChunk] = ()
    if turn.number == 1:
        with turn.preparing():
            notes = await asyncio.get_running_loop().run_in_executor(None, unknown.notes)
    async with aclosing(attempt(turn)) as chunks:
        try:
            first = await anext(chunks, None)
        except Exception:  # the vendor may have refused that very option
            for note in notes:
                yield note
            raise
        if first is not None:
            yield first
        for note in notes:
            yield note
        async for chunk in chunks:
            yield chunk


@cache
def fields_of(place: str) -> frozenset[str]:
    """Return the names of a type's fields: of a typed dictionary, or of a pydantic model; empty where there is none.

    Args:
        place: ``module:name``.
    """
    module, _, name = place.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError):  # another version of the SDK
        return frozenset()
    fields = getattr(found, "model_fields", None)
    return frozenset(fields if fields is not None else getattr(found, "__annotations__", ()))


@lru_cache(_REMEMBERED)
def likely(name: str, known: frozenset[str], types: tuple[str, ...] = ()) -> str | None:
    """Return the known name that *name* is nearly spelt like; or that differs in case and underscores only.

    Args:
        name: Of an option.
        known: Names that it may be.
        types: Types whose fields it may be as well, ``module:name``.

    Returns:
        The name; None: there is none, or *name* is known.
    """
    known = known.union(*map(fields_of, types))
    if name in known:
        return None
    plain = {_plain(one): one for one in sorted(known, reverse=True)}
    close = get_close_matches(name, sorted(known), 1, _CLOSE)
    return plain.get(_plain(name)) or next(iter(close), None)


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()


def _note(name: str, found: str) -> BaseStreamChunk:
    return backend_status("warning", detail=f"option {name} is unknown here and sent as it is; it is likely {found}")
