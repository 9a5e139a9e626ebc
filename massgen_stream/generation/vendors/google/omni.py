"""Videos by Gemini, through Interactions in the background: https://ai.google.dev/gemini-api/docs/omni."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, ClassVar, Final

import msgspec
from msgspec.structs import replace

from ....backend.interactions_client import PROTOCOL, Stored, open_client
from ....backend.sdk_client import SDKClient
from ....backend.turn import Turn
from ....errors import JobEnded, MalformedEvent
from ....media.worker_thread import in_thread
from ....provider.gemini import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType, MediaType
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.text import TextStreamChunk
from ....wire.documents import stream_of_document
from ....wire.google_interactions import InteractionsDecoder
from ....wire.google_interactions.finish import TERMINAL
from ....wire.sse import DEFAULT_MAX_EVENT_BYTES
from ...address_segments import address_segment
from ...downloading import is_remote
from ...jobs import JobGenerator, Look, VendorJob
from ...order import Order
from ...video_changes import told_of_change
from .client import CloudGenerator, Door, opened
from .files import google_file
from .interacting import Body, with_a_medium
from .jobs import door_of, where
from .omni_offer import DONE, omni_offer, task_of
from .omni_request import video_body

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_KEPT_SECONDS: Final = 55 * 24 * 3600.0
"""As long as Google keeps interactions that are paid for (https://ai.google.dev/gemini-api/docs/interactions)."""


class GoogleOmni(JobGenerator):
    """Makes videos of words and images; edits, extends and upscales them."""

    name = "google"
    title = "Google Gemini"
    aliases = ("gemini",)
    host = SPEC
    libraries: ClassVar = {"google.genai": "google"}
    offers: ClassVar = {MediaType.VIDEO: omni_offer(20, "gemini_vid")}
    enterprise: ClassVar = False

    def notes(self, order: Order) -> Iterator[BaseStreamChunk]:
        """Yield that a video is edited, extended or upscaled."""
        task = task_of(order.config)
        if task in DONE:
            yield told_of_change(self.name, DONE[task])

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[OmniJob]:
        """Open Google's SDK."""
        door = door_of(order, enterprise=self.enterprise)
        async with opened(order, turn, door.access, open_client=open_client) as client:
            yield OmniJob(client, door, order, turn)


class GoogleCloudOmni(GoogleOmni, CloudGenerator):
    """The same through Google Cloud, which serves these models at the location ``global``."""

    title = CloudGenerator.title
    host = CloudGenerator.host
    offers: ClassVar = {MediaType.VIDEO: omni_offer(21, "gemini_cloud_vid")}
    enterprise = True


class OmniJob(VendorJob):
    """One interaction in the background."""

    def __init__(self, client: SDKClient, door: Door, order: Order, turn: Turn) -> None:
        self._client, self._door, self._order, self._turn = client, door, order, turn

    async def start(self) -> dict[str, Any]:
        """Send what is asked for."""
        order, config = self._order, self._order.config
        with self._turn.preparing():
            kept = await order.continued() if config.continue_from is not None else {}
            cloud, previous = self._door.access.enterprise, kept.get("interaction_id")
            body = await video_body(config, order.model, previous, self._door.params, cloud=cloud)
        return {"id": _read(await self._asked(body)).id, **where(self._door.access)}

    async def look(self, job: Mapping[str, Any]) -> Look:
        """Return how far it is; an interaction tells no percentage."""
        answer = await self._asked({}, Stored(address_segment(job["id"])))
        status = _read(answer).status
        if status == "cancelled":
            raise JobEnded("the interaction was cancelled by somebody else", kind="cancelled", code=status)
        return Look(is_done=status in TERMINAL, stage="queued" if status == "queued" else "running", answer=answer)

    async def cancel(self, job: Mapping[str, Any]) -> None:
        """End the interaction."""
        await self._asked({}, Stored(address_segment(job["id"]), "cancel"))

    async def finish(self, look: Look) -> _Chunks:
        """Yield the video and what it cost."""
        whole = await in_thread(_decoded, look.answer, self._turn.id_prefix)
        videos = 0
        async with aclosing(with_a_medium(_each(whole), "a video")) as chunks:
            async for chunk in chunks:
                if not isinstance(chunk, MultimodalStreamChunk) or chunk.media_type is not MediaType.VIDEO:
                    yield chunk
                    continue
                chunk = replace(chunk, media_id=self._order.media_id(self._turn, videos + 1))
                videos += not chunk.is_partial
                async with aclosing(self._final(chunk, look)) as last:
                    async for one in last:
                        yield one

    async def _final(self, chunk: MultimodalStreamChunk, look: Look) -> _Chunks:
        if chunk.is_partial:
            yield chunk
            return
        kept = {"interaction_id": _read(look.answer).id}
        final = replace(chunk, continuation_id=await self._order.keep(kept, expires_seconds=_KEPT_SECONDS))
        if not is_remote(final):
            yield final
            return
        async with aclosing(google_file(final, self._client, self._order, self._turn.limits)) as pieces:
            async for piece in pieces:
                yield piece

    async def _asked(self, body: Body, stored: Stored | None = None) -> bytes:
        transport = {**self._client.with_headers({}), "timeout": self._client.timeout(self._turn.limits)}
        async with self._client.create(body=body, cursor=stored, **transport) as response:
            self._turn.take_headers(response.headers)
            async with aclosing(response.iter_bytes()) as pieces:
                return b"".join([piece async for piece in pieces])


class _Interaction(msgspec.Struct):
    """What is read of an interaction at once."""

    id: str = ""
    status: str = ""


def _read(document: bytes) -> _Interaction:
    try:
        found = msgspec.json.decode(document, type=_Interaction)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        found = _Interaction()
    if not found.id or not found.status:
        raise MalformedEvent("an answer that is no interaction", document)
    return found


def _decoded(document: bytes, id_prefix: str) -> list[BaseStreamChunk]:
    """Return the chunks of a whole interaction, without what was told before, and a second copy of its media."""
    room = max(DEFAULT_MAX_EVENT_BYTES, 2 * len(document))
    reader = InteractionsDecoder(id_prefix=id_prefix, max_event_bytes=room)
    chunks = reader.feed(stream_of_document(PROTOCOL, document)) + reader.close()
    return [_last_word(chunk) for chunk in chunks if chunk.type is not ChunkType.START]


def _last_word(chunk: BaseStreamChunk) -> BaseStreamChunk:
    """Return what Google says of an interaction that has ended."""
    if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.ERROR:
        return replace(chunk, error_info={**(chunk.error_info or {}), "job_ended": True})
    if not isinstance(chunk, TextStreamChunk) or not chunk.response:
        return chunk
    return replace(chunk, response={name: value for name, value in chunk.response.items() if name != "steps"})


async def _each(chunks: list[BaseStreamChunk]) -> _Chunks:
    for chunk in chunks:
        yield chunk
