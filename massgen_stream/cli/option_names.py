"""Names of arguments in errors: the library says ``output_path``, the command line calls it ``--output``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from msgspec.structs import replace

from ..errors import ConfigurationError, MediaError, UsageError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk

_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "media": {
        "backend_type": "--provider",
        "base_url": "--base-url",
        "continue_from": "--continue-from",
        "input_images": "--image",
        "mask_path": "--mask",
        "output_dir": "--out",
        "output_path": "--output",
    },
    "probe": {"allow_private of FetchOptions": "--private"},
    "transcribe": {"allow_private of FetchOptions": "--private", "base_url": "--base-url"},
    "chat": {"allow_private_media": "--option allow_private_media=true", "base_url": "--base-url"},
}
"""By command; what has no option of its own is given with ``--option``."""
_WORD: Final = r"(?<![\w'\"/.=-]){}(?:\[\d+\])?(?![\w'\"/=-]|\.\w)"
"""A name that stands alone, or with its place in a list; one in quotation marks, or in a path, is the user's."""
_POLICY: Final = re.compile(r"\bmedia_policy='(\w+)'")


def in_options(command: str, text: str) -> str:
    """Return *text* with the names that the options of *command* have."""
    for name, option in _NAMES.get(command, {}).items():
        text = re.sub(_WORD.format(re.escape(name)), option, text)
    return _POLICY.sub(r"--option media_policy=\1", text)


def error_in_options(command: str, chunk: BaseStreamChunk) -> BaseStreamChunk:
    """Return *chunk*, what it says of an error with the names that the options of *command* have."""
    if not isinstance(chunk, TextStreamChunk) or chunk.type is not ChunkType.ERROR or chunk.error is None:
        return chunk
    return replace(chunk, error=in_options(command, chunk.error))


@contextmanager
def options_named(command: str) -> Iterator[None]:
    """Let errors about arguments name the options of *command*.

    Args:
        command: The command that is running.

    Raises:
        UsageError: An argument cannot be.
        MediaError: A medium cannot be had, or is not what it should be.
    """
    try:
        yield
    except (UsageError, MediaError) as problem:
        told = in_options(command, str(problem))
        if told == str(problem):
            raise
        kind = MediaError if isinstance(problem, MediaError) else ConfigurationError
        raise kind(told) from problem
