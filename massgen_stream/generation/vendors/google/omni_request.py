"""The interaction that makes a video: https://ai.google.dev/gemini-api/docs/omni."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...config import GenerationConfig
from .interacting import Body, with_params
from .omni_offer import task_of
from .parts import content_of

_LARGE: Final = ("1080p", "4k")
"""Sizes that are over the 4 MB which answers hold."""
_WORDS: Final = {"extend": "Extend this video.", "upscale": "Upscale this video."}
"""Where no prompt is given."""


async def video_body(
    config: GenerationConfig, model: str, previous: str | None, params: Mapping[str, Any], *, cloud: bool
) -> Body:
    """Return the request, for the background.

    Args:
        config: What is asked for.
        model: Model id.
        previous: Id of the interaction whose video is continued.
        params: What `extra_params` add.
        cloud: Whether it goes through Google Cloud, which hands out large videos in buckets of its user's alone.

    Raises:
        MediaError: An image or a video cannot be read.
    """
    task = task_of(config)
    body: Body = {
        "model": model,
        "input": [{"type": "user_input", "content": [*await _media(config), {"type": "text", "text": _words(config)}]}],
        "response_format": {"type": "video", **_shape(config), **_delivery(config, cloud=cloud)},
        "background": True,
    }
    if task is not None:
        body["generation_config"] = {"video_config": {"task": task}}
    if previous is not None:
        body["previous_interaction_id"] = previous
    return with_params(body, params)


async def _media(config: GenerationConfig) -> list[Body]:
    """Return all media, in the order in which the prompt counts them."""
    videos = [await content_of("video", part) for part in config.input_videos]
    frames = [*config.images, *([config.last_frame] if config.last_frame is not None else [])]
    return [*videos, *[await content_of("image", part) for part in (*frames, *config.reference_images)]]


def _words(config: GenerationConfig) -> str:
    """Return the prompt; before it, where images have several roles, which has which."""
    words = config.prompt if config.prompt.strip() else _WORDS[task_of(config) or ""]
    first, last = len(config.images), int(config.last_frame is not None)
    if not (last or (first and config.reference_images)):
        return words
    sources = ["<FIRST_FRAME>@Image1", *(["<LAST_FRAME>@Image2"] if last else [])]
    declared = f"[# Sources {' '.join(sources)}]"
    if config.reference_images:
        count = range(len(config.reference_images))
        declared += f" [# References {' '.join(f'<IMAGE_REF_{n}>@Image{first + last + n + 1}' for n in count)}]"
    return f"{declared} {words}"


def _shape(config: GenerationConfig) -> Body:
    duration = None if config.duration is None else f"{config.duration:g}s"
    shape = {"aspect_ratio": config.aspect_ratio, "resolution": config.size, "duration": duration}
    return {name: value for name, value in shape.items() if value is not None}


def _delivery(config: GenerationConfig, *, cloud: bool) -> Body:
    return {"delivery": "uri"} if config.size in _LARGE and not cloud else {}
