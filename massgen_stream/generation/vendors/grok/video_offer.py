"""What xAI's models make of words, images and videos: https://docs.x.ai/developers/model-capabilities/video.

A new video is one model's work. To edit and to extend is documented of the first model alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from ...choices import EditMode
from ...config import GenerationConfig
from ...offer import Offer
from ...video_changes import said_by_video

SHAPE: Final = ("duration", "aspect_ratio", "size")
MADE_NEW: Final = (
    "input_images", "input_image_paths", "last_frame", "reference_images", "keyframes", "aspect_ratio", "size",
    "generate_audio",
)  # fmt: skip
"""What a new video is made of, and an extension is not."""
_MOST_KEYFRAMES: Final = 4
_SPEAKS: Final = "grok-imagine-video-1.5"
"""Takes one of xAI's own voices, beside reference images, and no sound (xai_sdk 1.21, ``video.generate``)."""


class Task(NamedTuple):
    """What is done with a video that is there.

    Attributes:
        done: What has been done to it, as a word.
        left_out: Options that it has no use for.
    """

    done: str
    left_out: tuple[str, ...]


class NewVideoOffer(Offer, frozen=True, kw_only=True):
    """Videos that are made anew; its continuations are the other class's work."""

    def knows(self, option: str, config: GenerationConfig) -> bool:
        """Return whether the model has an option: the latest one alone speaks with a voice that is chosen."""
        is_latest = (config.model or self.default_model).startswith(_SPEAKS)
        return super().knows(option, config) and (option != "voice" or is_latest)

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return the voice where it has no say."""
        return {} if config.reference_images else {"voice": "it goes with reference_images"}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if config.continue_from is not None:
            yield "it makes new videos, and changes none"
        if len(config.keyframes) > _MOST_KEYFRAMES:
            yield f"{len(config.keyframes)} keyframes; it takes at most {_MOST_KEYFRAMES}"


class VideoEditOffer(Offer, frozen=True, kw_only=True):
    """Videos that are made of videos."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return what has no say beside the video."""
        task = task_of(config)
        return {} if task is None else said_by_video(task.done, task.left_out)

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        given = len(config.input_videos) + (config.continue_from is not None)
        if config.edit_mode is not None and not given:
            yield f"edit_mode {config.edit_mode} needs a video: give input_videos or continue_from"
        if given > 1:
            yield f"{given} videos; it takes one, an input or the one that is continued"


def task_of(config: GenerationConfig) -> Task | None:
    """Return what is done with the video that is given or continued; None for a new one.

    An edited video keeps its length and shape, an extended one its shape and sound.
    """
    if not config.input_videos and config.continue_from is None:
        return None
    return Task("extended", MADE_NEW) if config.edit_mode is EditMode.EXTEND else Task("edited", SHAPE)
