"""Videos by Veo, which is open through Google Cloud alone: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/video."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any, ClassVar, Final

from ....backend.gemini_files import files_transport
from ....backend.sdk_client import SDKClient
from ....backend.turn import Turn
from ....errors import JobEnded, MalformedEvent
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaEncoding, MediaType
from ....stream_chunk.multimodal import MediaMetadata
from ....stream_chunk.narrow import backend_status, media
from ....wire.error_kinds import error_info_of, error_message_of
from ...address_segments import checked_path
from ...jobs import JobGenerator, Look, VendorJob
from ...order import Order
from ...video_changes import told_of_change
from .client import CloudGenerator, Door, opened
from .jobs import door_of, where
from .veo_offer import VEO, is_extension
from .veo_request import video_arguments

_MP4: Final = "video/mp4"
_STATUSES: Final = {3: 400, 4: 504, 5: 404, 7: 403, 8: 429, 9: 400, 10: 409, 13: 500, 14: 503, 16: 401}
"""Of operations, as https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto maps them to HTTP."""
_NOT_EDITED: Final = "; Veo does not edit, so the prompt says how it goes on"
_WITHHELD: Final = "Google's filters have withheld {} of the videos"


class GoogleVeo(CloudGenerator, JobGenerator):
    """Makes videos of words, frames and reference images, and extends them."""

    name = "google"
    title = "Google Veo"
    aliases = ("gemini",)
    offers: ClassVar = {MediaType.VIDEO: VEO}

    def notes(self, order: Order) -> Iterator[BaseStreamChunk]:
        """Yield that a video is extended."""
        if is_extension(order.config):
            yield told_of_change(self.name, "extended", "" if order.config.edit_mode else _NOT_EDITED)

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[VeoJob]:
        """Open Google's SDK."""
        door = door_of(order, enterprise=True)
        async with opened(order, turn, door.access) as client:
            yield VeoJob(client, door, order, turn)


class VeoJob(VendorJob):
    """One long-running operation; Google has no way to cancel it."""

    def __init__(self, client: SDKClient, door: Door, order: Order, turn: Turn) -> None:
        self._client, self._door, self._order, self._turn = client, door, order, turn

    async def start(self) -> dict[str, Any]:
        """Send what is asked for."""
        order = self._order
        with self._turn.preparing():
            kept = await order.continued() if order.config.continue_from is not None else {}
            arguments = await video_arguments(order.config, kept, self._door.params, self._transport())
        begun = await self._client.sdk.aio.models.generate_videos(model=order.model, **arguments)
        if not begun.name:
            raise MalformedEvent("an operation without its name")
        return {"id": begun.name, **where(self._door.access)}

    async def look(self, job: Mapping[str, Any]) -> Look:
        """Return whether the operation is done; it tells no percentage."""
        name = checked_path(job["id"], "operation")
        operation = import_module("google.genai.types").GenerateVideosOperation(name=name)
        found = await self._client.sdk.aio.operations.get(operation, config=self._transport())
        if found.done and found.error:
            info = error_info_of(found.error, status=_STATUSES.get(found.error.get("code")))
            raise JobEnded(error_message_of(found.error), kind=info["kind"], code=info.get("code"), raw=found.error)
        return Look(is_done=bool(found.done), answer=found.response)

    async def finish(self, look: Look) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield the videos."""
        videos = [one.video for one in getattr(look.answer, "generated_videos", None) or () if one.video]
        withheld = _withheld(look.answer)
        if not videos:
            raise JobEnded(withheld or "Google has answered without a video", kind="content_filter")
        if withheld:
            yield backend_status("warning", detail=withheld)
        for number, video in enumerate(videos, 1):
            yield await self._final(video, number)
            if video.uri and not video.video_bytes:
                yield backend_status("info", detail=f"{GoogleVeo.name}: the video is at {video.uri}")

    async def _final(self, video: Any, number: int) -> BaseStreamChunk:
        held = {"data": video.video_bytes} if video.video_bytes else {"url": video.uri}
        mime_type = video.mime_type or _MP4
        if not any(held.values()):
            raise MalformedEvent("a video without its bytes or its address")
        return media(
            self._order.media_id(self._turn, number),
            MediaType.VIDEO,
            media_data=next(iter(held.values())),
            media_encoding=MediaEncoding.BINARY if "data" in held else MediaEncoding.URL,
            media_metadata=MediaMetadata(mime_type=mime_type),
            continuation_id=await self._order.keep({**held, "mime_type": mime_type}),
        )

    def _transport(self) -> dict[str, Any]:
        return files_transport(None, self._turn.limits)


def _withheld(answer: Any) -> str | None:
    """Return how many videos were withheld, and why."""
    count = getattr(answer, "rai_media_filtered_count", None)
    reasons = getattr(answer, "rai_media_filtered_reasons", None) or []
    if not count and not reasons:
        return None
    said = _WITHHELD.format(count or len(reasons))
    return f"{said}: {'; '.join(reasons)}" if reasons else said
