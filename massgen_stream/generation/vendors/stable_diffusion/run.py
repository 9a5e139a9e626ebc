"""One request to a Stable Diffusion server: while it is answered, somebody looks how far it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable
from typing import Any, Final

from ....backend.translate import translate, without_secrets
from ....backend.turn import Turn
from ....errors import MalformedEvent, ProviderError, TransportError
from ....media.detection import HEAD_BYTES
from ....media.worker_thread import in_thread, settled
from ....outlasting import to_its_end
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaEncoding, MediaType
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.narrow import backend_status, media, media_progress
from ....wire.stable_diffusion import Progress, answer_of, progress_of
from ...facts import typed
from ...order import Order
from ...web_client import WebClient
from .request import DrawingRequest

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_LOG: Final = logging.getLogger(__name__)
LOOK_SECONDS: Final = 0.5
"""As often as the web UI itself looks."""
_MOST_FAILURES: Final = 6
_PATIENCE_SECONDS: Final = 5.0
_PROTOCOL: Final = "stable_diffusion"


class DrawingRun:
    """Asks for pictures, and tells how far they are.

    A server makes one thing at a time, and tells of whatever that is. So what it was busy with before is somebody
    else's: nothing is told of it, and it is not interrupted. A request that waits behind it cannot be taken back.
    Many pictures take long; as long as the server is seen to work, `read_timeout` does not count.

    Args:
        web: The server.
        order: What is made.
        turn: The attempt.
        asked: The request.
    """

    def __init__(self, web: WebClient, order: Order, turn: Turn, asked: DrawingRequest) -> None:
        self._web, self._order, self._turn, self._asked = web, order, turn, asked
        self._others: str | None = None  # when the server began what is not ours
        self._is_waiting = self._has_waited = False
        self._failures = 0
        self._alive = 0.0  # when the server was last seen to work, in the loop's time
        self._latest: dict[int, float] = {}
        self._previews: dict[int, tuple[int, bytes]] = {}  # how many of each picture, and the latest

    async def chunks(self) -> _Chunks:
        """Yield progress and previews while the request runs, then the pictures."""
        await self._look_around()
        answering = asyncio.ensure_future(self._web.post(self._asked.path, self._asked.body, is_long=True))
        self._alive = asyncio.get_running_loop().time()
        try:
            while not answering.done():
                for chunk in await self._look(answering):
                    yield chunk
                await self._before(answering, self._order.sleep(LOOK_SECONDS))
                self._check_patience(answering)
            body = await answering
        except (GeneratorExit, asyncio.CancelledError):
            await to_its_end(self._interrupt())
            raise
        finally:
            answering.cancel()
            await settled(answering)
        for chunk in await self._finals(body):
            yield chunk

    async def _look_around(self) -> None:
        """See what the server does before it is asked for anything.

        Raises:
            ProviderError: It lets nobody in.
        """
        try:
            progress = await self._progress()
        except (ProviderError, MalformedEvent) as problem:
            if isinstance(problem, ProviderError) and problem.kind in ("authentication", "permission"):
                raise
            self._failures = _MOST_FAILURES  # it tells no progress
            return
        self._is_waiting = progress.is_busy
        self._others = progress.began if progress.is_busy else None

    async def _look(self, answering: asyncio.Future[bytes]) -> list[BaseStreamChunk]:
        """Return what a look at the progress tells; nothing once the answer is there."""
        if self._failures >= _MOST_FAILURES:
            return []
        looking = await self._before(answering, self._progress())
        if looking is None:
            return []
        error = looking.exception()
        if error is None:
            self._failures = 0
            return self._told(looking.result())
        if not isinstance(error, Exception):
            raise error
        self._failures += 1
        more = "; nobody looks any more" if self._failures == _MOST_FAILURES else ""
        return [self._media_progress(1, log=f"a look at the progress failed: {self._words(error)}{more}")]

    async def _progress(self) -> Progress:
        skip = "true" if self._order.config.partial_images == 0 else "false"
        progress = progress_of(await self._web.get("/progress", skip_current_image=skip), self._asked.pictures)
        if progress.is_busy:
            self._alive = asyncio.get_running_loop().time()
        return progress

    def _check_patience(self, answering: asyncio.Future[bytes]) -> None:
        """Give up on a server that does not answer, and is not seen to work either.

        Raises:
            TransportError: That is so for as long as `read_timeout`.
        """
        limit = self._turn.limits.read_timeout
        silent = asyncio.get_running_loop().time() - self._alive
        if limit is not None and silent > limit and not answering.done():
            raise TransportError(f"nothing came from the server within read_timeout ({limit:g} s)", kind="timeout")

    async def _before(self, answering: asyncio.Future[bytes], work: Awaitable[Any]) -> asyncio.Future[Any] | None:
        """Return *work* when it has ended; None if the answer came before, or with it."""
        future = asyncio.ensure_future(work)
        try:
            await asyncio.wait({future, answering}, return_when=asyncio.FIRST_COMPLETED)
            return future if future.done() else None
        finally:
            future.cancel()
            await settled(future)

    def _told(self, progress: Progress) -> list[BaseStreamChunk]:
        self._is_waiting = progress.is_busy and progress.began == self._others
        if self._is_waiting and not self._has_waited:
            self._has_waited = True
            return [self._media_progress(1, stage="queued")]
        if self._is_waiting or not progress.is_busy:
            return []
        return [*self._percentage(progress), *self._preview(progress)]

    def _percentage(self, progress: Progress) -> list[BaseStreamChunk]:
        """Return what is new: a percentage never falls."""
        if progress.percentage <= self._latest.get(progress.number, -1.0):
            return []
        self._latest[progress.number] = progress.percentage
        percentage, eta = progress.percentage, progress.eta_seconds
        return [self._media_progress(progress.number, progress_percentage=percentage, eta_seconds=eta)]

    def _preview(self, progress: Progress) -> list[BaseStreamChunk]:
        """Return what is new: most looks see the same picture again."""
        count, latest = self._previews.get(progress.number, (0, b""))
        data, most = progress.preview, self._order.config.partial_images
        if not data or data == latest or (most is not None and count >= most):
            return []
        self._previews[progress.number] = count + 1, data
        return [self._picture(progress.number, data, is_partial=True, partial_kind="preview", chunk_index=count)]

    async def _finals(self, body: bytes) -> list[BaseStreamChunk]:
        """Return the pictures, each with its seed and everything else that the server tells of it."""
        answer = await in_thread(answer_of, body)
        warning = f"the server sent {answer.others} more images than were asked for (a grid, masks, maps): left out"
        finals: list[BaseStreamChunk] = [backend_status("warning", detail=warning)] if answer.others else []
        for number, (data, facts) in enumerate(zip(answer.pictures, answer.facts, strict=True), 1):
            model = facts.get("sd_model_name")
            known = {"model": model} if isinstance(model, str) and model else {}
            finals.append(self._picture(number, data, provider_data={_PROTOCOL: facts}, **known))
        return finals

    def _picture(self, number: int, data: bytes, **fields: Any) -> MultimodalStreamChunk:
        return media(
            self._order.media_id(self._turn, number),
            MediaType.IMAGE,
            media_data=data,
            media_encoding=MediaEncoding.BINARY,
            media_metadata=typed(None, data[:HEAD_BYTES])[0],
            **fields,
        )

    def _media_progress(self, number: int, stage: str = "running", **fields: Any) -> BaseStreamChunk:
        media_id = self._order.media_id(self._turn, number)
        return media_progress(media_id, media_type=MediaType.IMAGE, stage=stage, **fields)

    def _words(self, error: Exception) -> str:
        name, order = self._order.provider or _PROTOCOL, self._order
        failure = translate(error, provider=name, now=order.wall_clock())
        return without_secrets(failure.chunk, name, *order.account.secrets).error or ""

    async def _interrupt(self) -> None:
        """Stop the server, since nobody waits for the pictures any more; not while it works for others."""
        if self._is_waiting:
            return
        telling = asyncio.ensure_future(self._web.post("/interrupt"))
        try:
            await asyncio.wait({telling}, timeout=_PATIENCE_SECONDS)
        finally:
            told = telling.done() and telling.exception() is None
            telling.cancel()
            await settled(telling)
        if not told:
            _LOG.warning("the Stable Diffusion server could not be told to stop")
