"""xAI's videos over gRPC: https://docs.x.ai/developers/model-capabilities/video."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....errors import JobEnded, MalformedEvent
from ....provider.grok import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaEncoding, MediaType
from ....stream_chunk.multimodal import MediaMetadata
from ....stream_chunk.narrow import backend_status, media, usage
from ....wire.grok.images import PROTOCOL
from ....wire.grok.proto_json import plain
from ....wire.grok.usage import usage_of
from ...choices import EditMode
from ...config import GenerationConfig
from ...jobs import JobGenerator, Look
from ...offer import Durations
from ...order import Order
from ...video_changes import told_of_change
from .fields import Body, image_field, video_field, word, words
from .job import GrokJob
from .service import GrokService, opened
from .video_offer import MADE_NEW, SHAPE, NewVideoOffer, VideoEditOffer, task_of

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_PREFIX: Final = "grok_vid"

# xai/api/v1/video.proto
_RATIOS: Final = words("VIDEO_ASPECT_RATIO_", "1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3")
_RESOLUTIONS: Final = words("VIDEO_RESOLUTION_", "480p", "720p", "1080p")


class GrokVideos(JobGenerator):
    """Makes videos of words, images and frames with xAI's models, with the percentage that xAI tells."""

    name = "grok"
    title = "xAI Grok"
    aliases = ("xai",)
    host = SPEC
    libraries: ClassVar = {"xai_sdk": "xai", "httpcore2": "media"}
    offers: ClassVar = {
        MediaType.VIDEO: NewVideoOffer(
            default_model="grok-imagine-video-1.5",
            models=("grok-imagine-video*",),
            options=frozenset((*SHAPE, *MADE_NEW, "voice")) - {"input_image_paths"},
            priority=10,
            durations=Durations.of(*range(1, 16)),
            sizes=tuple(_RESOLUTIONS),
            aspect_ratios=tuple(_RATIOS),
            most_images=1,
            continuation=_PREFIX,
        )
    }

    def notes(self, order: Order) -> Iterator[BaseStreamChunk]:
        """Yield that a video is edited or extended."""
        task = task_of(order.config)
        if task is not None:
            yield told_of_change(self.name, task.done)

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[GrokVideoJob]:
        """Open the service."""
        async with opened("Video", order, turn) as service:
            yield GrokVideoJob(service, order, turn)


class GrokVideoEdits(GrokVideos):
    """Edits and extends videos with xAI's first model, which alone is documented to do that."""

    offers: ClassVar = {
        MediaType.VIDEO: VideoEditOffer(
            default_model="grok-imagine-video",
            models=("grok-imagine-video-1.5",),
            options=frozenset((*SHAPE, "generate_audio", "input_videos", "edit_mode")),
            priority=11,
            durations=Durations.of(*range(1, 16)),
            extensions=Durations.of(*range(1, 11)),
            sizes=tuple(_RESOLUTIONS),
            aspect_ratios=tuple(_RATIOS),
            edit_modes=frozenset((EditMode.EDIT, EditMode.EXTEND)),
            continuation=_PREFIX,
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
        _check(answer.video)
        ends = _lifetime(answer.video, self._order.wall_clock())
        new_id = await self._order.keep(_reference(answer.video), expires_seconds=ends)
        yield _final(self._order.media_id(self._turn), answer.video, new_id)


async def video_request(order: Order) -> Body:
    """Return the ``GenerateVideoRequest`` or ``ExtendVideoRequest`` for an order, in its JSON form.

    Raises:
        ConfigurationError: xAI has no word for a value, a keyframe is none, or what is to be continued is not known.
        MediaError: A medium cannot be read.
    """
    config, task = order.config, task_of(order.config)
    body: Body = {"prompt": config.prompt, "model": order.model}
    if task is not None:
        is_given = config.continue_from is None
        body["video"] = await video_field(config.input_videos[0] if is_given else await order.continued())
    if config.duration is not None:
        body["duration"] = int(config.duration)
    if config.edit_mode is not EditMode.EXTEND:
        body |= await _pictures(config)
        if config.generate_audio is not None:
            body["generate_audio"] = config.generate_audio
    for option, field, known in (("aspect_ratio", "aspect_ratio", _RATIOS), ("size", "resolution", _RESOLUTIONS)):
        value = getattr(config, option)
        if value is not None:
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
    if config.voice is not None:
        found["reference_audios"] = [{"voice_id": config.voice}]
    if config.keyframes:
        found["keyframes"] = [await _keyframe(frame) for frame in config.keyframes]
    return found


async def _keyframe(frame: dict[str, Any]) -> Body:
    return {"image": await image_field(frame["image"]), "timestamp_s": frame["timestamp"]}


def _check(video: Any) -> None:
    if not video.respect_moderation:
        raise JobEnded("xAI's moderation has withheld the video", kind="content_filter")
    if not video.url:
        raise MalformedEvent("a video without its address")


def _reference(video: Any) -> Body:
    """Return what xAI knows the video by: its id where it was stored, else its address, which does not last.

    https://docs.x.ai/developers/model-capabilities/video calls the addresses temporary, without a figure: once one is
    not there any more, xAI's own refusal tells it (see `lost_references`).
    """
    file_id = video.file_output.file_id if video.HasField("file_output") else ""
    return {"file_id": file_id} if file_id else {"url": video.url}


def _lifetime(video: Any, now: float) -> float | None:
    """Return for how many seconds xAI keeps a stored video; None: nothing is said of it."""
    stored = video.file_output
    if not stored.file_id or not stored.HasField("expires_at"):
        return None
    return max(0.0, float(stored.expires_at.seconds) - now)


def _final(media_id: str, video: Any, continuation_id: str | None) -> BaseStreamChunk:
    own = {PROTOCOL: {"file_output": plain(video.file_output)}} if video.HasField("file_output") else None
    return media(
        media_id,
        MediaType.VIDEO,
        media_data=video.url,
        media_encoding=MediaEncoding.URL,
        media_metadata=MediaMetadata(mime_type="video/mp4"),
        continuation_id=continuation_id,
        provider_data=own,
    )
