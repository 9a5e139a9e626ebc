"""What Gemini's video models take: https://ai.google.dev/gemini-api/docs/omni."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from ...choices import EditMode
from ...config import GenerationConfig
from ...offer import Durations, Offer
from ...video_changes import said_by_video

_MOST_IMAGES: Final = 10
_OLDER: Final = ("gemini-omni-1.1-*", "gemini-omni-flash-*")
_LONGEST_OF_OLDER: Final = 10.0
_WORDLESS: Final = (EditMode.EXTEND, EditMode.UPSCALE)
_FRAMES: Final = ("input_images", "input_image_paths", "last_frame")
DONE: Final = {"edit": "edited", "extend": "extended", "upscale": "upscaled"}
"""Tasks that work on a video, and what is done to it."""
_SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "edit": ("aspect_ratio", "duration"),
    "extend": ("aspect_ratio",),
    "upscale": ("aspect_ratio", "duration"),
}
"""What the video says that is worked on."""


class OmniOffer(Offer, frozen=True, kw_only=True):
    """Videos by Gemini's models."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return what has no say beside a video that is worked on."""
        task = task_of(config)
        return said_by_video(DONE[task], _SAID[task]) if task is not None and task in _SAID else {}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if not config.prompt.strip() and config.edit_mode not in _WORDLESS:
            yield "it needs a prompt"
        older = any(fnmatchcase(config.model or self.default_model, pattern) for pattern in _OLDER)
        if older and (config.duration or 0) > _LONGEST_OF_OLDER:
            yield f"duration is {config.duration:g} s; {config.model} makes at most {_LONGEST_OF_OLDER:g} s"
        if config.duration is not None and config.duration != int(config.duration):
            yield f"duration is {config.duration:g} s; it makes whole seconds"
        yield from _of_images(config)
        yield from _of_video(config)


def task_of(config: GenerationConfig) -> str | None:
    """Return Google's word for what is done; None where a model finds that out by itself.

    A video that is given, or continued, is edited unless something else is asked for.
    """
    if config.input_videos or config.continue_from is not None:
        return (config.edit_mode or EditMode.EDIT).value
    frames = bool(config.images)
    if frames and config.reference_images:
        return None
    return "image_to_video" if frames else "reference_to_video" if config.reference_images else "text_to_video"


def _of_images(config: GenerationConfig) -> Iterator[str]:
    if config.last_frame is not None and not config.images:
        yield "last_frame needs the first one: give input_images"
    count = len(config.images) + len(config.reference_images) + (config.last_frame is not None)
    if count > _MOST_IMAGES:
        yield f"{count} images; it takes at most {_MOST_IMAGES}"


def _of_video(config: GenerationConfig) -> Iterator[str]:
    given = len(config.input_videos) + (config.continue_from is not None)
    if given > 1:
        yield f"{given} videos; it edits or extends one, the one that continue_from names included"
    if config.edit_mode is not None and not given:
        yield f"edit_mode {config.edit_mode} needs a video: give input_videos or continue_from"
    frames = [name for name in _FRAMES if getattr(config, name)]
    if given and frames:
        yield f"{frames[0]} belongs to a new video; beside one that is edited or extended give reference_images"


def omni_offer(priority: int, continuation: str) -> OmniOffer:
    """Return what the models take; lengths are whole seconds, up to 15 since 1.2.

    https://runware.ai/docs/models/google-gemini-omni-flash-1-2

    Args:
        priority: Its place in the choice.
        continuation: How ids begin; one for each of Google's doors, since neither knows what the other keeps.
    """
    return OmniOffer(
        default_model="gemini-omni-1.2-flash",
        models=("gemini-omni-*",),
        options=frozenset((
            "aspect_ratio", "duration", "edit_mode", "input_images", "input_videos", "last_frame", "reference_images",
            "size",
        )),
        priority=priority,
        durations=Durations(3, 15),
        extensions=Durations(3, 10),
        sizes=("360p", "720p", "1080p", "4k"),
        aspect_ratios=("16:9", "9:16"),
        edit_modes=frozenset((EditMode.EDIT, EditMode.EXTEND, EditMode.UPSCALE)),
        most_images=1,
        continuation=continuation,
        needs_prompt=False,
    )  # fmt: skip
