"""Videos by the models behind OpenRouter: https://openrouter.ai/docs/api/api-reference/video-generation.

Fields and values are those of its SDK `openrouter` 1.3.84. What a model takes of them differs; OpenRouter's list of
models is looked at before a job is paid for. `extra_params` may hold ``upscale_factor`` and ``creativity`` for models
that make videos larger, ``provider`` …
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager
from importlib import import_module
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....errors import ConfigurationError, MalformedEvent
from ....provider.openrouter import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ....stream_chunk.narrow import backend_status, usage
from ....wire.json_value import parse
from ...config import GenerationConfig
from ...config_checks import pixels
from ...jobs import JobGenerator, Look, VendorJob
from ...offer import Offer
from ...openai_sdk import opened
from ...order import Order
from ...video_jobs import PATH, VideoJob, VideoRequest, path_of
from .parts import media_parts, media_url
from .video_models import VideoModel, is_to_be_looked_up, length_fault, model_in

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_MADE_BY: Final = "made_by"
_RESOLUTIONS: Final = ("360p", "480p", "720p", "768p", "1080p", "1K", "2K", "4K")
_RATIOS: Final = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9", "9:21")
_MODELS: Final = f"{PATH}/models"
_UNREADABLE: Final = "OpenRouter's list of video models cannot be read, so what is asked for was not checked against it"


class _VideoOffer(Offer, frozen=True, kw_only=True):
    """Videos by any of the models."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if config.duration is not None and (config.duration < 1 or not float(config.duration).is_integer()):
            yield f"duration is {config.duration:g} s; it makes whole seconds"
        fault = length_fault(config, config.model or self.default_model)
        if fault is not None:
            yield fault
        if config.size is not None and config.size not in _RESOLUTIONS and pixels(config.size) is None:
            yield f"size is {config.size}; it takes pixels such as 1280x720, or {', '.join(_RESOLUTIONS)}"
        given = (*config.images, *config.reference_images, *config.input_videos, *config.input_audios)
        if any("file_id" in part for part in given):
            yield "it takes URLs and the bytes of media, no file ids"


class OpenRouterVideos(JobGenerator):
    """Makes videos of words, first and last frames, and references; continues those that a model can continue."""

    name = "openrouter"
    title = "OpenRouter"
    host = SPEC
    libraries: ClassVar = {"openai": "openai"}
    offers: ClassVar = {
        MediaType.VIDEO: _VideoOffer(
            default_model="google/veo-3.1-fast",
            models=("google/veo-*", "openai/sora-*", "bytedance/seedance-*", "kwaivgi/kling-*", "alibaba/wan-*"),
            options=frozenset((
                "aspect_ratio", "duration", "generate_audio", "input_audios", "input_images", "input_videos",
                "last_frame", "reference_images", "seed", "size",
            )),
            priority=30,
            aspect_ratios=_RATIOS,
            most_images=1,
            continuation="openrouter_vid",
            needs_prompt=False,
        )
    }  # fmt: skip

    def notes(self, order: Order) -> Iterator[BaseStreamChunk]:
        """Yield that a video is continued."""
        if order.config.continue_from is not None:
            detail = f"{self.name}: the video is continued; whether that edits or extends it is its model's to know"
            yield backend_status("info", detail=detail)

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[VendorJob]:
        """Open the SDK's client."""
        async with opened(order, turn, self.host, resource="chat.completions", protocol="openai.videos") as client:
            yield _RoutedJob(client, order, turn)


class _RoutedJob(VideoJob):
    """One job. OpenRouter has no way to cancel it: whoever leaves stops looking."""

    pause_seconds: ClassVar[float] = 10.0
    """https://openrouter.ai/docs/api_reference/videos: every 10 to 30 seconds."""
    _made_by = ""

    async def request(self) -> VideoRequest:
        await self._check()
        body = await video_request(self._order)
        self._made_by = body["model"]  # that of the video before, where one is continued and none is named
        return VideoRequest(PATH, body)

    async def _check(self) -> None:
        """Look at OpenRouter's list, where it alone knows whether the model makes what is asked for.

        Raises:
            ConfigurationError: It does not.
        """
        config, model = self._order.config, self._order.model
        if is_to_be_looked_up(config, model):
            found = await self._listed(model)
            faults = [] if found is None else list(found.faults(config))
            if faults:
                raise ConfigurationError("; ".join(faults))

    async def _listed(self, model: str) -> VideoModel | None:
        """Return what the list says of a model; None: nothing, and OpenRouter refuses what it cannot do."""
        try:
            document = await self._documents.get(_MODELS)
            return model_in(parse(document.body), model)
        except (import_module("openai").OpenAIError, MalformedEvent):  # the list is only asked to spare a mistake
            self.remarks = [("warning", _UNREADABLE)]
            return None

    async def start(self) -> dict[str, Any]:
        return {**await super().start(), _MADE_BY: self._made_by}

    async def look(self, job: Mapping[str, Any]) -> Look:
        self._made_by = job.get(_MADE_BY, self._order.model)
        return await super().look(job)

    async def finish(self, look: Look) -> _Chunks:
        document = look.answer
        if self.usage is not None:
            yield usage(self.usage)
        job_id = document["id"]
        new_id = await self._order.keep({"id": job_id, "model": self._made_by})
        for number in range(1, max(1, _outputs(document)) + 1):
            path = path_of(job_id, f"/content?index={number - 1}")
            async with aclosing(self.fetched(path, number, continuation_id=new_id)) as chunks:
                async for chunk in chunks:
                    yield chunk


async def video_request(order: Order) -> dict[str, Any]:
    """Return the body of the request for a job.

    Raises:
        ConfigurationError: What is to be continued is not known.
        MediaError: A medium cannot be read.
    """
    config = order.config
    before = await order.continued() if config.continue_from is not None else {}
    body = {
        "model": (config.model or before.get("model")) or order.model,
        "prompt": config.prompt or None,
        "frame_images": await _frames(config) or None,
        "input_references": [
            *await media_parts("image", config.reference_images),
            *await media_parts("video", config.input_videos),
            *await media_parts("audio", config.input_audios),
        ] or None,
        "duration": None if config.duration is None else int(config.duration),
        "aspect_ratio": config.aspect_ratio,
        "size" if pixels(config.size) else "resolution": config.size,
        "generate_audio": config.generate_audio,
        "seed": config.seed,
        "previous_job_id": before.get("id"),
    }  # fmt: skip
    return {name: value for name, value in body.items() if value is not None} | config.extra_params


async def _frames(config: GenerationConfig) -> list[dict[str, Any]]:
    ends = (("first_frame", config.images[0] if config.images else None), ("last_frame", config.last_frame))
    return [
        {"type": "image_url", "image_url": {"url": await media_url("image", part, name)}, "frame_type": name}
        for name, part in ends
        if part is not None
    ]


def _outputs(document: Mapping[str, Any]) -> int:
    """Return how many videos a job has made."""
    urls = document.get("unsigned_urls")
    return len(urls) if isinstance(urls, list) else 1
