"""What is told where a video is made of a video, which says by itself what some options would."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.narrow import backend_status
from .config import GenerationConfig


def told_of_change(
    name: str, config: GenerationConfig, done: str, left_out: Collection[str], *, more: str = "", why: str | None = None
) -> Iterator[BaseStreamChunk]:
    """Yield what is done with a video, and which of the given options that leaves out.

    Args:
        name: Of the generator.
        config: What is asked for.
        done: What is done to the video, as a word such as ``edited``.
        left_out: Options that have no say.
        more: Said behind *done*.
        why: Why they have none; None: the video says it.
    """
    yield backend_status("info", detail=f"{name}: the video is {done}{more}")
    why = f"the video that is {done} says it" if why is None else why
    for option in config.given():
        if option in left_out:
            yield backend_status("loss", detail=f"{name}: {option} is left out, since {why}")
