"""Jobs of OpenAI's Videos API, and of OpenRouter's: begun and looked at alike, under ``/videos``."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final, NamedTuple

from ..backend.sdk_client import SDKClient
from ..backend.turn import Turn
from ..errors import JobEnded, MalformedEvent, ProviderError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ..stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ..stream_chunk.narrow import media
from ..stream_chunk.text import TextStreamChunk
from ..wire.openai_videos import VideosDecoder
from .address_segments import address_segment
from .downloading import downloaded
from .form_file import FormFile
from .jobs import Look, VendorJob
from .order import Order
from .sdk_answers import Headers
from .sdk_documents import Document, Documents

PATH: Final = "/videos"
_POLL_AFTER: Final = "openai-poll-after-ms"
_LONGEST_PAUSE_SECONDS: Final = 60.0


class VideoRequest(NamedTuple):
    """A request that begins a job.

    Attributes:
        path: Where it goes.
        body: JSON values.
        files: Its files; None: it goes as JSON.
    """

    path: str
    body: Mapping[str, Any]
    files: Sequence[tuple[str, FormFile]] | None = None


class VideoJob(VendorJob):
    """One job; the author says what is asked for, and what it has come to.

    Args:
        client: Of the host.
        order: What is made.
        turn: The attempt.

    Attributes:
        usage: What a job that is done has cost; None: it is not told.
    """

    def __init__(self, client: SDKClient, order: Order, turn: Turn) -> None:
        self._documents, self._order, self._turn = Documents(client, turn), order, turn
        self._decoder = VideosDecoder()
        self.usage: dict[str, Any] | None = None

    @abstractmethod
    async def request(self) -> VideoRequest:
        """Return what begins the job; files are read here."""

    async def start(self) -> dict[str, Any]:
        """Send the request, and return the job's id."""
        with self._turn.preparing():
            request = await self.request()
        return {"id": self._read(await self._documents.post(*request))[0]}

    async def look(self, job: Mapping[str, Any]) -> Look:
        """Return how far it is; the answer of a job that is done is what the host says of it.

        Raises:
            JobEnded: It failed, was cancelled or has expired.
            ProviderError: What came is nothing of a job.
        """
        document = await self._documents.get(path_of(job["id"]))
        _, look = self._read(document)
        return look._replace(pause=_pause(document.headers))

    async def fetched(
        self,
        path: str,
        number: int = 1,
        *,
        continuation_id: str | None,
        seconds: float | None = None,
        model: str | None = None,
    ) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield a video that is fetched with the key: progress, segments, and the final.

        Args:
            path: Where it is.
            number: Of the medium, from 1.
            continuation_id: By which it is continued.
            seconds: Its length, where the host has told it.
            model: Its model, likewise; a video that is made of another may have that one's.

        Raises:
            MediaError: It cannot be had.
            TransportError: Nobody answered, or the connection broke too often.
        """
        base_url, key = self._documents.base_url, self._order.account.api_key
        final = media(
            self._order.media_id(self._turn, number),
            MediaType.VIDEO,
            media_data=f"{base_url}{path}",
            media_encoding=MediaEncoding.URL,
            media_metadata=MediaMetadata(mime_type="video/mp4", duration_seconds=seconds),
            continuation_id=continuation_id,
            model=model,
        )
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with aclosing(downloaded(final, base_url, headers)) as chunks:
            async for chunk in chunks:
                yield chunk

    def _read(self, document: Document) -> tuple[str, Look]:
        """Return what a document tells: the job's id, and how far it is.

        Raises:
            JobEnded: It tells of a failure, which another look would not change.
            ProviderError: It is no such document, but tells of an error.
            MalformedEvent: It tells of no job.
        """
        job_id, look = "", Look()
        for chunk in (*self._decoder.feed(document.body), *self._decoder.end_body()):
            if isinstance(chunk, MultimodalStreamChunk) and chunk.type is ChunkType.MEDIA_PROGRESS:
                job_id = (chunk.job or {}).get("id", "")
                look = Look(percentage=chunk.progress_percentage, stage=chunk.stage or look.stage)
            elif isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.ERROR:
                self._decoder = VideosDecoder()  # a document that cannot be read is the last of the one before
                error = JobEnded if job_id else ProviderError
                raise error(chunk.error or "", **{**(chunk.error_info or {}), "retryable": False})
            elif isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.COMPLETE_RESPONSE:
                look = Look(is_done=True, answer=chunk.response)
            elif isinstance(chunk, TextStreamChunk):
                self.usage = chunk.usage or self.usage
        if not job_id:
            raise MalformedEvent("a look that tells of no job", document.body)
        return job_id, look


def path_of(job_id: str, rest: str = "") -> str:
    """Return the path of a job, or of something that is its."""
    return f"{PATH}/{address_segment(job_id)}{rest}"


def _pause(headers: Headers) -> float | None:
    """Return the seconds that the host wants between two looks."""
    told = headers.get(_POLL_AFTER, "")
    return min(int(told) / 1000, _LONGEST_PAUSE_SECONDS) if told.isascii() and told.isdecimal() else None
