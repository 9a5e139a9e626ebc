"""A prediction that a model is making."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from ....backend.turn import Turn
from ....errors import JobEnded, MalformedEvent, ProviderError
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType, MediaType
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.narrow import complete_response, content, media_progress
from ....stream_chunk.text import TextStreamChunk
from ....wire.replicate_predictions import PredictionsDecoder
from ...address_segments import address_segment
from ...jobs import Look, VendorJob
from ...order import Order
from ...web_client import WebClient
from .request import prediction_request

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_PREDICTIONS: Final = "/v1/predictions"
_REMOVED: Final = "Replicate has removed what the prediction made, as it does after an hour; begin it again"
"""https://replicate.com/docs/topics/predictions/data-retention"""
_BAR: Final = "%|"
"""In every line of a progress bar."""


class PredictionJob(VendorJob):
    """One prediction.

    Args:
        web: The host.
        base_url: Its address: others are not told the key.
        order: What is made.
        turn: The attempt.
    """

    pause_seconds: ClassVar[float] = 0.5
    """As often as Replicate's own clients look."""

    def __init__(self, web: WebClient, base_url: str, order: Order, turn: Turn) -> None:
        self._web, self._home, self._order, self._turn = web, base_url, order, turn
        self._decoder = PredictionsDecoder()
        self._made: list[MultimodalStreamChunk] = []
        self._texts: list[str] = []
        self._answer: dict[str, Any] | None = None

    async def start(self) -> dict[str, Any]:
        """Begin it; return its id, and the addresses for looking at it and cancelling it."""
        with self._turn.preparing():
            losses: list[str] = []
            path, body = await prediction_request(self._order, self._web, losses)
            self._order.check_losses(losses)
        self.remarks = [("loss", line) for line in losses]
        begun: dict[str, Any] = {}
        for chunk in self._read(await self._web.post(path, body)):
            if isinstance(chunk, MultimodalStreamChunk) and chunk.job is not None:
                begun = chunk.job
        if not begun.get("id"):
            raise MalformedEvent("a prediction without its id")
        return {"id": begun["id"], "urls": begun.get("urls", {})}

    async def look(self, job: Mapping[str, Any]) -> Look:
        """Return how far it is.

        Raises:
            JobEnded: It failed, or was canceled.
            ProviderError: What came is nothing of a prediction.
        """
        percentage, stage, told = None, "running", list[BaseStreamChunk]()
        place = self._place(job, "get", _path_of(job))
        for chunk in self._read(await self._web.get(place)) if self._answer is None else ():
            if isinstance(chunk, MultimodalStreamChunk) and chunk.type is ChunkType.MEDIA_PROGRESS:
                percentage, stage = chunk.progress_percentage, chunk.stage or stage
                told += self._log(chunk.log or "")
        is_done = self._answer is not None
        return Look(is_done=is_done, percentage=percentage, stage=stage, chunks=told, answer=self._answer)

    async def finish(self, look: Look) -> _Chunks:
        """Yield words, media, and what Replicate says of all of it."""
        if self._texts:
            yield content("".join(self._texts))
        for number, medium in enumerate(self._made, 1):
            kind = self._order.media_type if medium.media_type is MediaType.FILE else medium.media_type
            media_id = self._order.media_id(self._turn, number)
            yield replace(medium, media_id=media_id, media_type=kind, model=self._order.model)
        yield complete_response({name: value for name, value in look.answer.items() if name != "input"})

    async def cancel(self, job: Mapping[str, Any]) -> None:
        """Cancel it: nobody pays for what nobody waits for."""
        await self._web.post(self._place(job, "cancel", f"{_path_of(job)}/cancel"))

    def _read(self, body: bytes) -> list[BaseStreamChunk]:
        """Return what a document tells; its media and its words are kept.

        Raises:
            JobEnded: It tells of a failure.
            ProviderError: It is no prediction.
        """
        chunks = [*self._decoder.feed(body), *self._decoder.end_body()]
        is_prediction = any(isinstance(chunk, MultimodalStreamChunk) for chunk in chunks)
        if not is_prediction:
            self._forget()
        for chunk in chunks:
            if isinstance(chunk, MultimodalStreamChunk) and chunk.type is ChunkType.MEDIA:
                self._made.append(chunk)
            elif isinstance(chunk, TextStreamChunk):
                self._read_text(chunk, JobEnded if is_prediction else ProviderError)
        return chunks

    def _forget(self) -> None:
        """Begin to read anew: a document that cannot be read is a decoder's last."""
        self._decoder = PredictionsDecoder()
        self._made.clear()
        self._texts.clear()

    def _read_text(self, chunk: TextStreamChunk, failure: type[ProviderError]) -> None:
        if chunk.type is ChunkType.ERROR:
            raise failure(chunk.error or "", **{**(chunk.error_info or {}), "retryable": False})
        if chunk.type is ChunkType.CONTENT:
            self._texts.append(chunk.content or "")
        elif chunk.type is ChunkType.COMPLETE_RESPONSE:
            self._answer = chunk.response
            if (chunk.response or {}).get("data_removed") and not self._made:
                raise JobEnded(_REMOVED, kind="not_found", code="data_removed", raw=chunk.response)

    def _log(self, new: str) -> list[BaseStreamChunk]:
        """Return the lines of a log that are no progress bar."""
        lines = "\n".join(line for line in new.splitlines() if _BAR not in line and line.strip())
        media_id = self._order.media_id(self._turn)
        return [media_progress(media_id, media_type=self._order.media_type, log=lines)] if lines else []

    def _place(self, job: Mapping[str, Any], name: str, usual: str) -> str:
        """Return the address that Replicate names for something, as long as it is on the same host."""
        urls = job.get("urls")
        named = urls.get(name) if isinstance(urls, Mapping) else None
        same = isinstance(named, str) and urlsplit(named)[:2] == urlsplit(self._home)[:2]
        return str(named) if same else usual


def _path_of(job: Mapping[str, Any]) -> str:
    return f"{_PREDICTIONS}/{address_segment(job['id'])}"
