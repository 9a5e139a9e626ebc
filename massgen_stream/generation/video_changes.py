"""What is told where a video is made of a video, which says by itself what some options would."""

from __future__ import annotations

from collections.abc import Iterable

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.narrow import backend_status


def told_of_change(name: str, done: str, more: str = "") -> BaseStreamChunk:
    """Return the status that says what is done with a video.

    Args:
        name: Of the generator.
        done: What is done to the video, as a word such as ``edited``.
        more: Said behind *done*.
    """
    return backend_status("info", detail=f"{name}: the video is {done}{more}")


def said_by_video(done: str, options: Iterable[str]) -> dict[str, str]:
    """Return *options*, for `Offer.left_out`: the video that is worked on says what they would.

    Args:
        done: As in `told_of_change`.
        options: Their names.
    """
    return dict.fromkeys(options, f"the video that is {done} says it")
