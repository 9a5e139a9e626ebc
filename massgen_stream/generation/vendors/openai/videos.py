"""Videos by OpenAI's Videos API (Sora), which OpenAI has shut down on 2026-09-24: for servers that still have it.

Parameters and values are those of the openai SDK 3.51 (`openai.resources.videos`). What refers to a video or an image
by its id or address goes as JSON, a file in a form (https://learn.microsoft.com/en-us/azure/foundry/reference/rest/).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....provider.openai import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ....stream_chunk.narrow import complete_response
from ...choices import EditMode
from ...jobs import JobGenerator, Look, VendorJob
from ...offer import Durations
from ...openai_sdk import opened
from ...order import Order
from ...video_changes import told_of_change
from ...video_jobs import VideoJob, VideoRequest, path_of
from .deprecations import DEPRECATIONS
from .video_request import RATIOS, SIZES, SoraOffer, task_of, video_request

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_WARNING: Final = f"OpenAI has shut its Videos API down on 2026-09-24; only another server can answer; {DEPRECATIONS}"


class OpenAIVideos(JobGenerator):
    """Makes videos of words and an image; remixes, edits and extends them."""

    name = "openai"
    title = "OpenAI"
    host = SPEC
    libraries: ClassVar = {"openai": "openai"}
    offers: ClassVar = {
        MediaType.VIDEO: SoraOffer(
            default_model="sora-2",
            models=("sora-2*",),
            options=frozenset(("aspect_ratio", "duration", "edit_mode", "input_images", "input_videos", "size")),
            durations=Durations.of(4, 8, 12),
            extensions=Durations.of(4, 8, 12, 16, 20),
            sizes=SIZES,
            aspect_ratios=tuple(RATIOS),
            edit_modes=frozenset((EditMode.EDIT, EditMode.EXTEND, EditMode.REMIX)),
            most_images=1,
            continuation="sora_vid",
            warning=_WARNING,
        )
    }

    def notes(self, order: Order) -> Iterator[BaseStreamChunk]:
        """Yield what is done with a video that is given or continued."""
        task = task_of(order.config)
        if task is not None:
            yield told_of_change(self.name, task.done)

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[VendorJob]:
        """Open the SDK's client."""
        async with opened(order, turn, self.host, resource="videos", protocol="openai.videos") as client:
            yield _SoraJob(client, order, turn)


class _SoraJob(VideoJob):
    """One job; who leaves it deletes it, as far as the server deletes jobs that are not done."""

    pause_seconds: ClassVar[float] = 1.0
    """As often as OpenAI's SDK looks, unless the server says."""

    async def request(self) -> VideoRequest:
        return await video_request(self._order)

    async def cancel(self, job: Mapping[str, Any]) -> None:
        await self._documents.delete(path_of(job["id"]))

    async def finish(self, look: Look) -> _Chunks:
        document = look.answer
        yield complete_response(document)
        video_id = document["id"]
        new_id = await self._order.keep({"id": video_id}, expires_seconds=self._lifetime(document))
        seconds, model = _seconds_of(document), _model_of(document)
        chunks = self.fetched(path_of(video_id, "/content"), continuation_id=new_id, seconds=seconds, model=model)
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk

    def _lifetime(self, document: Mapping[str, Any]) -> float | None:
        """Return how long the server keeps the video."""
        ends = document.get("expires_at")
        return max(0.0, ends - self._order.wall_clock()) if isinstance(ends, int) and ends > 0 else None


def _model_of(document: Mapping[str, Any]) -> str | None:
    told = document.get("model")
    return told if isinstance(told, str) and told else None


def _seconds_of(document: Mapping[str, Any]) -> float | None:
    told = document.get("seconds")
    return float(told) if isinstance(told, str) and told.isascii() and told.isdecimal() else None
