"""What is asked of OpenAI's Videos API: a new video, or a remix, an edit or an extension of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from ...choices import EditMode
from ...config import GenerationConfig, Part
from ...form_file import form_file
from ...offer import Offer
from ...order import Order
from ...video_changes import said_by_video
from ...video_jobs import PATH, VideoRequest, path_of
from .image_files import image_file

SIZES: Final = ("720x1280", "1280x720", "1024x1792", "1792x1024")
RATIOS: Final[Mapping[str, str]] = {"9:16": "720x1280", "16:9": "1280x720"}
"""The size for an aspect ratio."""
_USUAL_EXTENSION_SECONDS: Final = 4
_VIDEOS: Final = ("video/mp4",)
_MOST_VIDEO_BYTES: Final = 512 * 2**20
"""As much as OpenAI takes of a file: https://platform.openai.com/docs/api-reference/files/create."""


class Task(NamedTuple):
    """What is done with a video that is there.

    Attributes:
        done: What has been done to it, as a word.
        extends: Whether it becomes longer.
    """

    done: str
    extends: bool = False


class SoraOffer(Offer, frozen=True, kw_only=True):
    """Videos by Sora, with what goes together and what does not."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return what has no say: a video that is changed keeps its shape and model, and unless extended its length."""
        task = task_of(config)
        if task is None:
            return {} if config.size is None else {"aspect_ratio": "size says it"}
        length = () if task.extends else ("duration",)
        return said_by_video(task.done, ("aspect_ratio", *length, "model", "size"))

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        given = len(config.input_videos)
        if given > 1 or (given and config.continue_from is not None):
            yield "it takes one video: an input or the one that is continued"
        if config.edit_mode is not None and not given and config.continue_from is None:
            yield f"edit_mode {config.edit_mode} needs continue_from or input_videos"
        if config.edit_mode is EditMode.REMIX and given and "file_id" not in config.input_videos[0]:
            yield "a remix needs continue_from, or a video by its id"
        if task_of(config) is not None and config.images:
            yield "it takes images for new videos only"


def task_of(config: GenerationConfig) -> Task | None:
    """Return what is done with the video that is given or continued; None for a new one."""
    if config.continue_from is None and not config.input_videos:
        return None
    if config.edit_mode is EditMode.EXTEND:
        return Task("extended", extends=True)
    is_edited = config.edit_mode is EditMode.EDIT or (config.edit_mode is None and config.input_videos)
    return Task("edited" if is_edited else "remixed")


async def video_request(order: Order) -> VideoRequest:
    """Return the request for an order.

    Raises:
        ConfigurationError: What is to be continued is not known.
        MediaError: An image or a video cannot be read.
    """
    config, task = order.config, task_of(order.config)
    if task is None:
        return await _new(order)
    source = (
        {"file_id": (await order.continued())["id"]} if config.continue_from is not None else config.input_videos[0]
    )
    body: dict[str, Any] = {"prompt": config.prompt, **config.extra_params}
    if task.done == "remixed":
        return VideoRequest(path_of(source["file_id"], "/remix"), body)
    if task.extends:
        body["seconds"] = _seconds(config.duration or _USUAL_EXTENSION_SECONDS)
    path = f"{PATH}/extensions" if task.extends else f"{PATH}/edits"
    if "file_id" in source:
        return VideoRequest(path, {**body, "video": {"id": source["file_id"]}})
    file = await form_file(source, "video", "video", takes=_VIDEOS, most_bytes=_MOST_VIDEO_BYTES)
    return VideoRequest(path, body, [("video", file)])


async def _new(order: Order) -> VideoRequest:
    config = order.config
    size = config.size or RATIOS.get(config.aspect_ratio or "")
    asked = {
        "prompt": config.prompt,
        "model": order.model,
        "seconds": None if config.duration is None else _seconds(config.duration),
        "size": size,
        **config.extra_params,
    }
    body = {name: value for name, value in asked.items() if value is not None}
    if not config.images:
        return VideoRequest(PATH, body, [])
    reference = _reference(config.images[0])
    if reference is not None:
        return VideoRequest(PATH, {**body, "input_reference": reference})
    return VideoRequest(PATH, body, [("input_reference", await image_file(1, config.images[0]))])


def _reference(part: Part) -> dict[str, str] | None:
    """Return what stands for an image that the server fetches, or has."""
    if "file_id" in part:
        return {"file_id": part["file_id"]}
    url = part.get("url", "")
    return {"image_url": url} if url.startswith(("http://", "https://")) else None


def _seconds(duration: float) -> str:
    return f"{duration:g}"
