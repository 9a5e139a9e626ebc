"""One attempt at an order: what the author of the generator yields, and everything that all generators owe."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final, NamedTuple

from ..backend.ending import is_whole
from ..backend.holdback import Origin
from ..backend.translate import final_error, translate
from ..backend.turn import Turn
from ..errors import MediaError, ProviderError, UsageError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.narrow import done, error
from ..stream_chunk.text import TextStreamChunk
from .downloading import downloaded, is_remote
from .file_names import FilePlaces
from .generator import Generator
from .lost_references import lost_reference
from .order import Order
from .saving import Saver, is_segment

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_WHOLE: Final = frozenset(("stop", "length", "content_filter", "refusal", "other"))
"""Ends after which media that have segments and no final are whole."""
_NOTHING_CAME: Final = "the generator ended without a medium"


class Production(NamedTuple):
    """What is needed to make something, as often as it is tried.

    Attributes:
        generator: Makes it.
        order: What it makes.
    """

    generator: Generator
    order: Order

    def origin(self) -> Origin:
        """Return who makes it, for starts and errors."""
        account = self.order.account
        return Origin(self.generator.name, self.order.model, account.secrets, account.base_url)

    async def attempt(self, turn: Turn) -> _Chunks:
        """Yield one attempt, `done` included unless it was cut."""
        places = FilePlaces(self.order.config, turn.id_prefix, self.order.before, self.order.taken)
        kind = self.order.media_type
        async with Saver(places, turn.id_prefix, kind) as saver, aclosing(self._saved(turn, saver)) as chunks:
            try:
                async for chunk in chunks:
                    yield chunk
            except MediaError:  # what a decoder still holds says that all is well, and it is not
                turn.use(_Closed([chunk for chunk in turn.close() if chunk.type is ChunkType.USAGE]))
                raise

    async def _saved(self, turn: Turn, saver: Saver) -> _Chunks:
        """Yield an attempt as its files are written."""
        state = _State()
        async with aclosing(self._made(turn)) as chunks:
            async for chunk in chunks:
                if is_segment(chunk):  # it stays as it is: whoever waits for it need not wait for the disk
                    yield chunk
                    await saver.take(chunk)
                    continue
                if chunk.type is ChunkType.DONE:
                    for final in await _finals(saver, chunk):
                        yield final
                for out in await saver.take(chunk):
                    state.note(out)
                    yield out
                if state.ended:
                    return
            for last in [*await saver.finals(), *state.ending(saver.finished)]:
                yield last

    async def _made(self, turn: Turn) -> _Chunks:
        """Yield what is told, with remote media fetched."""
        async with aclosing(self._told(turn)) as chunks:
            async for chunk in chunks:
                if is_remote(chunk) and isinstance(chunk, MultimodalStreamChunk):
                    async with aclosing(downloaded(chunk, self.order.account.base_url)) as fetched:
                        async for one in fetched:
                            yield one
                else:
                    yield chunk

    async def _told(self, turn: Turn) -> _Chunks:
        """Yield what the author does, and what the author's decoder still holds."""
        has_begun = False
        try:
            async with aclosing(self.generator.generate(self.order, turn)) as chunks:
                async for chunk in chunks:
                    has_begun = has_begun or getattr(chunk, "job", None) is not None
                    yield chunk if has_begun or chunk.type is not ChunkType.ERROR else await self._reread(chunk)
        except Exception as error:
            rest = turn.close()
            turn.use(_Closed(rest))
            if is_whole(rest):
                pass
            elif has_begun or (lost := await self._lost(error)) is None:
                raise
            else:
                raise lost from error
        finally:
            turn.cursor = None  # what was written so far is gone with this attempt: another one cannot go on from it
        for chunk in turn.close():
            yield chunk

    async def _lost(self, error: Exception) -> ProviderError | None:
        """Return the error that says it is what is continued which the vendor does not know; None: it is not."""
        if self.order.config.continue_from is None or isinstance(error, UsageError):
            return None
        failure = translate(error, provider=self.generator.name, now=self.order.wall_clock())
        lost = await lost_reference(self.order, failure.chunk)
        return None if lost is None else final_error(lost, lost.error or "")

    async def _reread(self, chunk: BaseStreamChunk) -> BaseStreamChunk:
        """Return an `error` chunk as it is, or as `_lost` has it."""
        lost = await lost_reference(self.order, chunk) if isinstance(chunk, TextStreamChunk) else None
        return lost or chunk


class _Closed:
    """A decoder that has been closed, and has still to say what it held."""

    def __init__(self, rest: list[BaseStreamChunk]) -> None:
        self._rest = rest

    def close(self) -> list[BaseStreamChunk]:
        rest, self._rest = self._rest, []
        return rest


class _State:
    """What an attempt has come to."""

    def __init__(self) -> None:
        self.ended = self._failed = False

    def note(self, chunk: BaseStreamChunk) -> None:
        self.ended = self.ended or chunk.type is ChunkType.DONE
        self._failed = self._failed or chunk.type is ChunkType.ERROR

    def ending(self, media: int) -> list[BaseStreamChunk]:
        """Return the end of an attempt whose author said none."""
        if media:
            return [done("stop")]
        problem = [] if self._failed else [error(_NOTHING_CAME, error_info={"kind": "media", "retryable": False})]
        return [*problem, done("error")]


async def _finals(saver: Saver, end: BaseStreamChunk) -> list[BaseStreamChunk]:
    whole = isinstance(end, TextStreamChunk) and end.finish_reason in _WHOLE
    return await saver.finals() if whole else []
