"""xAI's videos over gRPC: https://docs.x.ai/developers/model-capabilities/video."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Final

from ..backend.turn import Turn
from ..errors import ConfigurationError, MalformedEvent, ProviderError
from ..provider.grok import SPEC
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import MediaEncoding, MediaType
from ..stream_chunk.multimodal import MediaMetadata
from ..stream_chunk.narrow import backend_status, media, usage
from ..wire.grok.images import PROTOCOL
from ..wire.grok.proto_json import plain
from ..wire.grok.usage import usage_of
from .choices import EditMode
from .config import GenerationConfig
from .config_values import part_of
from .grok_fields import Body, image_field, video_field, word, words
from .grok_job import GrokJob
from .grok_service import GrokService
from .jobs import JobGenerator, Look
from .offer import Durations, Offer
from .order import Order

_Chunks = AsyncGenerator[BaseStreamChunk, None]

# xai/api/v1/video.proto
_RATIOS: Final = words("VIDEO_ASPECT_RATIO_", "1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3")
_RESOLUTIONS: Final = words("VIDEO_RESOLUTION_", "480p", "720p", "1080p")
_SHAPE: Final = ("duration", "aspect_ratio", "size")
_MADE_NEW: Final = (
    "input_images", "input_image_paths", "last_frame", "reference_images", "keyframes", "aspect_ratio", "size",
    "generate_audio",
)  # fmt: skip
"""What a new video is made of, and an extension is not."""
_MOST_KEYFRAMES: Final = 4


class GrokVideos(JobGenerator):
    """Makes videos of words, images and frames with xAI's models, with the percentage that xAI tells."""

    name = "grok"
    title = "xAI Grok"
    aliases = ("xai",)
    host = SPEC
    libraries: ClassVar = {"xai_sdk": "xai"}
    offers: ClassVar = {
        MediaType.VIDEO: Offer(
            default_model="grok-imagine-video-1.5",
            models=("grok-imagine-video*",),
            options=frozenset((*_SHAPE, *_MADE_NEW)) - {"input_image_paths"},
            priority=10,
            durations=Durations.of(*range(1, 16)),
            sizes=tuple(_RESOLUTIONS),
            aspect_ratios=tuple(_RATIOS),
            most_images=1,
        )
    }

    def notes(self, order: Order) -> Iterator[BaseStreamChunk]:
        """Yield that a video is edited or extended, and what that leaves out."""
        yield from _of_task(order.config)

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[GrokVideoJob]:
        """Open the service."""
        check_task(order.config)
        with turn.preparing():
            service = await GrokService.open("Video", order.account, turn.limits)
        async with service:
            yield GrokVideoJob(service, order, turn)


class GrokVideoEdits(GrokVideos):
    """Edits and extends videos with xAI's first model, which alone is documented to do that."""

    offers: ClassVar = {
        MediaType.VIDEO: Offer(
            default_model="grok-imagine-video",
            models=("grok-imagine-video-1.5",),
            options=frozenset((*_SHAPE, "generate_audio", "input_videos", "edit_mode")),
            priority=11,
            durations=Durations.of(*range(1, 16)),
            extensions=Durations.of(*range(1, 11)),
            sizes=tuple(_RESOLUTIONS),
            aspect_ratios=tuple(_RATIOS),
            edit_modes=frozenset((EditMode.EDIT, EditMode.EXTEND)),
        )
    }


class GrokVideoJob(GrokJob):
    """One video."""

    def __init__(self, service: GrokService, order: Order, turn: Turn) -> None:
        super().__init__(service)
        self._order, self._turn = order, turn

    async def start(self) -> dict[str, Any]:
        """Send what is asked for."""
        method = "ExtendVideo" if self._order.config.edit_mode is EditMode.EXTEND else "GenerateVideo"
        with self._turn.preparing():
            message = await self._service.message(method, await video_request(self._order))
        started = await self._service.ask(method, message)
        return {"id": started.request_id}

    async def finish(self, look: Look) -> _Chunks:
        """Yield what it cost, and where the video is."""
        answer = look.answer
        if answer.HasField("usage"):
            yield usage(usage_of(plain(answer.usage)))
        if answer.video.storage_error:
            yield backend_status("warning", detail=f"xAI has not stored the video: {answer.video.storage_error}")
        yield _final(self._order.media_id(self._turn), answer.video)


def check_task(config: GenerationConfig) -> None:
    """Check what belongs together.

    Raises:
        ConfigurationError: Something is missing, or too much.
    """
    if config.edit_mode is not None and not config.input_videos:
        raise ConfigurationError(f"edit_mode {config.edit_mode} needs a video: give input_videos")
    if len(config.input_videos) > 1:
        raise ConfigurationError(f"{len(config.input_videos)} input videos; xAI takes one")
    if len(config.keyframes) > _MOST_KEYFRAMES:
        raise ConfigurationError(f"{len(config.keyframes)} keyframes; xAI takes at most {_MOST_KEYFRAMES}")


async def video_request(order: Order) -> Body:
    """Return the ``GenerateVideoRequest`` or ``ExtendVideoRequest`` for an order, in its JSON form.

    Raises:
        ConfigurationError: xAI has no word for a value, or a keyframe is none.
        MediaError: A medium cannot be read.
    """
    config = order.config
    left_out = _left_out(config)
    body: Body = {"prompt": config.prompt, "model": order.model}
    if config.input_videos:
        body["video"] = await video_field(config.input_videos[0])
    if config.duration is not None and "duration" not in left_out:
        body["duration"] = int(config.duration)
    if config.edit_mode is not EditMode.EXTEND:
        body |= await _pictures(config)
        if config.generate_audio is not None:
            body["generate_audio"] = config.generate_audio
    for option, field, known in (("aspect_ratio", "aspect_ratio", _RATIOS), ("size", "resolution", _RESOLUTIONS)):
        value = getattr(config, option)
        if value is not None and option not in left_out:
            body[field] = word(option, value, known)
    return {**body, **config.extra_params}


async def _pictures(config: GenerationConfig) -> Body:
    found: Body = {}
    if config.images:
        found["image"] = await image_field(config.images[0])
    if config.last_frame is not None:
        found["last_frame"] = await image_field(config.last_frame)
    if config.reference_images:
        found["reference_images"] = [await image_field(part) for part in config.reference_images]
    if config.keyframes:
        found["keyframes"] = [await _keyframe(number, frame) for number, frame in enumerate(config.keyframes)]
    return found


async def _keyframe(number: int, frame: dict[str, Any]) -> Body:
    timestamp = frame.get("timestamp")
    if not isinstance(timestamp, int | float) or isinstance(timestamp, bool) or frame.get("image") is None:
        raise ConfigurationError(f"keyframes[{number}] needs an image and a timestamp in seconds")
    part = part_of("image", f"keyframes[{number}]", frame["image"])
    return {"image": await image_field(part), "timestamp_s": timestamp}


def _left_out(config: GenerationConfig) -> tuple[str, ...]:
    """What the task has no use for: an edited video keeps its length and shape, an extended one its shape and sound."""
    if config.edit_mode is EditMode.EXTEND:
        return _MADE_NEW
    return _SHAPE if config.input_videos else ()


def _of_task(config: GenerationConfig) -> Iterator[BaseStreamChunk]:
    """What is told before the work: that a video is edited or extended, and what that leaves out."""
    if config.input_videos:
        task = "extended" if config.edit_mode is EditMode.EXTEND else "edited"
        yield backend_status("info", detail=f"grok: the video is {task}")
        for name in config.given():
            if name in _left_out(config):
                yield backend_status("loss", detail=f"grok: {name} is left out, since the video that is {task} says it")


def _final(media_id: str, video: Any) -> BaseStreamChunk:
    if not video.respect_moderation:
        raise ProviderError("xAI's moderation has withheld the video", kind="content_filter")
    if not video.url:
        raise MalformedEvent("a video without its address")
    own = {PROTOCOL: {"file_output": plain(video.file_output)}} if video.HasField("file_output") else None
    return media(
        media_id,
        MediaType.VIDEO,
        media_data=video.url,
        media_encoding=MediaEncoding.URL,
        media_metadata=MediaMetadata(mime_type="video/mp4"),
        provider_data=own,
    )
