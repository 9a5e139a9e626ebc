"""Streams that are cut and taken up where they were, with a decoder of lines in place of a vendor's."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from massgen_stream.backend import Turn
from massgen_stream.backend.limits import StreamLimits
from massgen_stream.errors import ProviderError, TransportError
from massgen_stream.stream_chunk import StreamVerifier
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, error, start

from .fakes import ScriptedBackend, Sleeper
from .reading import HELLO, of_type, read, text, types

pytestmark = pytest.mark.anyio
BROKEN = TransportError("the connection broke")
LINES = b"0 start\n1 Hel\n2 lo \n3 you\n4 end\n"


class Lines:
    """Decodes numbered lines; a half one is forgotten by `resume`."""

    def __init__(self) -> None:
        self.half, self.latest, self.ended = b"", -1, False

    def feed(self, data: bytes, /) -> list[BaseStreamChunk]:
        *whole, self.half = (self.half + data).split(b"\n")
        return [self.take(line.decode()) for line in whole]

    def take(self, line: str) -> BaseStreamChunk:
        number, _, word = line.partition(" ")
        self.latest = int(number)
        if word == "start":
            return start(model="m", response_id="r-1")
        self.ended = word == "end"
        return done("stop") if self.ended else content(word)

    def resume(self) -> None:
        self.half = b""

    def close(self) -> list[BaseStreamChunk]:
        return [] if self.ended else [error("cut", error_info={"kind": "transport"}), done("incomplete")]


def after(number: int) -> bytes:
    return b"".join(LINES.splitlines(keepends=True)[number + 1 :])


class Cutting:
    """Serves `LINES` from where it is asked to; *cuts* says after how many bytes each answer breaks, and how."""

    def __init__(self, *cuts: tuple[int, Exception | None]) -> None:
        self.cuts = list(cuts)
        self.asked: list[int] = []

    async def __call__(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        if turn.resume is None:
            decoder: Any = turn.use(Lines())
            turn.cursor = lambda: decoder.latest if decoder.latest >= 0 else None
            body = LINES
        else:
            decoder, body = turn.resume.decoder, after(turn.resume.cursor)
            self.asked.append(turn.resume.cursor)
        size, problem = self.cuts.pop(0) if self.cuts else (len(body), None)
        for chunk in decoder.feed(body[:size]):
            yield chunk
        if problem is not None:
            raise problem


def streaming(cutting: Cutting, sleeper: Sleeper | None = None, **options: Any) -> Any:
    backend = ScriptedBackend(cutting, instruments=(sleeper or Sleeper()).instruments(), **options)
    return backend.stream_with_tools(HELLO)


def test_what_fails_while_a_request_is_made_is_not_followed_by_it() -> None:
    turn = Turn(None, StreamLimits())
    with turn.preparing():
        before = turn.is_preparing
    assert (before, turn.is_preparing) == (True, False)
    with pytest.raises(ProviderError), turn.preparing():
        raise ProviderError("no such file")
    assert turn.is_preparing


async def uncut() -> list[Any]:
    return await read(streaming(Cutting()))


def without_status(chunks: list[Any]) -> list[Any]:
    left = ("sequence_number", "timestamp")
    return [
        {name: value for name, value in chunk.to_dict().items() if name not in left}
        for chunk in chunks
        if chunk.type != "backend_status"
    ]


@pytest.mark.parametrize("size", range(8, len(LINES)))
@pytest.mark.parametrize("problem", [BROKEN, None], ids=["broken", "ended"])
async def test_a_stream_goes_on_after_a_cut_at_any_byte(size: int, problem: Exception | None) -> None:
    chunks = await read(streaming(Cutting((size, problem))))
    assert without_status(chunks) == without_status(await uncut())
    assert [chunk.status for chunk in of_type(chunks, "backend_status")] == ["resume"]
    verifier = StreamVerifier()
    assert [breach for chunk in chunks for breach in verifier.feed(chunk)] + verifier.close() == []


async def test_the_word_of_it_names_wait_and_reason() -> None:
    chunks = await read(streaming(Cutting((20, BROKEN))))
    assert of_type(chunks, "backend_status")[0].detail == "continuing in 0.5 s: the connection broke"
    assert types(chunks).count("start") == 1


async def test_a_cut_before_the_first_event_begins_anew() -> None:
    cutting = Cutting((3, BROKEN))
    chunks = await read(streaming(cutting))
    assert [chunk.status for chunk in of_type(chunks, "backend_status")] == ["retry"]
    assert (text(chunks), cutting.asked) == ("Hello you", [])


async def test_attempts_that_bring_something_do_not_count() -> None:
    cutting = Cutting((14, BROKEN), (6, BROKEN), (6, BROKEN), (6, BROKEN))
    chunks = await read(streaming(cutting, max_retries=1))
    assert cutting.asked == [1, 2, 3]
    assert text(chunks) == "Hello you"
    assert chunks[-1].finish_reason == "stop"


async def test_attempts_that_bring_nothing_run_out() -> None:
    sleeper = Sleeper()
    chunks = await read(streaming(Cutting((14, BROKEN), *[(0, BROKEN)] * 9), sleeper))
    assert sleeper.slept == [0.5, 1.0]
    assert (text(chunks), chunks[-1].finish_reason) == ("Hel", "incomplete")
    assert len(of_type(chunks, "error")) == 1


async def test_what_is_gone_is_told_and_what_came_stands() -> None:
    gone = ProviderError("no such response", kind="not_found", status=404, retryable=False)
    chunks = await read(streaming(Cutting((14, BROKEN), (0, gone))))
    assert text(chunks) == "Hel"
    assert of_type(chunks, "error")[0].error == "no such response"
    assert chunks[-1].finish_reason == "error"


async def test_no_retries_means_no_continuation() -> None:
    chunks = await read(streaming(Cutting((14, BROKEN)), max_retries=0))
    assert (text(chunks), chunks[-1].finish_reason) == ("Hel", "incomplete")


async def test_a_cancelled_stream_is_not_taken_up() -> None:
    cutting = Cutting((14, BROKEN))
    stream = streaming(cutting)
    chunks = []
    async for chunk in stream:
        chunks.append(chunk)
        if chunk.type == "backend_status":
            stream.cancel()
    assert (text(chunks), chunks[-1].finish_reason, cutting.asked) == ("Hel", "cancelled", [])


def test_a_decoder_that_cannot_go_on_is_not_asked_to() -> None:
    class Plain:
        def feed(self, _data: bytes, /) -> list[BaseStreamChunk]:
            return []

        def close(self) -> list[BaseStreamChunk]:
            return []

    turn = Turn(None, ScriptedBackend(Cutting()).limits)
    turn.use(Plain())
    turn.cursor = lambda: 1
    assert turn.resumption() is None
