"""Attempts, retries and ends, with scripts in place of a network."""

import asyncio
from typing import Any

import pytest

from massgen_stream.backend import Turn
from massgen_stream.errors import MediaError, ProviderError, TransportError
from massgen_stream.stream_chunk.narrow import complete_response, content, done, error, start, tool_call_delta, usage

from .fakes import Pieces, ScriptedBackend, Sleeper, hanging, raising, saying, yielding
from .reading import HELLO, error_info, of_type, read, text, types

pytestmark = pytest.mark.anyio
BROKEN = TransportError("the connection broke")


async def test_a_plain_answer() -> None:
    backend = ScriptedBackend(saying("Hel", "lo"), source="agent-1")
    stream = backend.stream_with_tools(HELLO)
    chunks = await read(stream)
    assert types(chunks) == ["start", "content", "content", "complete_message", "done"]
    assert [chunk.sequence_number for chunk in chunks] == [0, 1, 2, 3, 4]
    assert {(chunk.stream_id, chunk.source) for chunk in chunks} == {(stream.stream_id, "agent-1")}
    assert (chunks[0].provider, chunks[0].model) == ("fake", "fake-1")
    assert backend.open == 0


async def test_an_attempt_without_a_start_gets_one() -> None:
    chunks = await read(ScriptedBackend(yielding(content("a"), done("stop"))).stream_with_tools(HELLO, model="other"))
    assert types(chunks)[:2] == ["start", "content"]
    assert (chunks[0].provider, chunks[0].model) == ("fake", "other")


async def test_a_failure_before_anything_visible_is_tried_again() -> None:
    sleeper = Sleeper()
    backend = ScriptedBackend(
        raising(BROKEN, start()), raising(BROKEN), saying("ok"), instruments=sleeper.instruments()
    )
    chunks = await read(backend.stream_with_tools(HELLO))
    retries = ["start", "backend_status"] * 2
    assert types(chunks) == [*retries, "start", "content", "complete_message", "done"]
    assert [chunk.status for chunk in of_type(chunks, "backend_status")] == ["retry", "retry"]
    assert of_type(chunks, "backend_status")[0].detail == "attempt 2 of 3 in 0.5 s: the connection broke"
    assert sleeper.slept == [0.5, 1.0]
    assert [turn.number for turn in backend.turns] == [1, 2, 3]


async def test_attempts_run_out() -> None:
    backend = ScriptedBackend(raising(BROKEN), instruments=Sleeper().instruments())
    chunks = await read(backend.stream_with_tools(HELLO, max_retries=1))
    assert types(chunks) == ["start", "backend_status", "start", "error", "done"]
    assert chunks[-1].finish_reason == "incomplete"
    assert error_info(chunks) == {"kind": "transport", "retryable": True, "provider": "fake"}


async def test_the_budget_runs_out() -> None:
    busy = ProviderError("busy", kind="overloaded", retryable=True, retry_after_seconds=20)
    sleeper = Sleeper()
    backend = ScriptedBackend(raising(busy), instruments=sleeper.instruments())
    chunks = await read(backend.stream_with_tools(HELLO, max_retries=9))
    assert sleeper.slept == [20]
    assert chunks[-1].finish_reason == "error"


async def test_nothing_is_tried_again_once_something_was_visible() -> None:
    backend = ScriptedBackend(raising(BROKEN, start(), content("a")), saying("never"))
    chunks = await read(backend.stream_with_tools(HELLO))
    assert types(chunks) == ["start", "content", "error", "complete_message", "done"]
    assert len(backend.turns) == 1


async def test_what_does_not_help_is_not_tried_again() -> None:
    refused = ProviderError("no key", kind="authentication", status=401)
    backend = ScriptedBackend(raising(refused), saying("never"))
    chunks = await read(backend.stream_with_tools(HELLO))
    assert types(chunks) == ["start", "error", "done"]
    assert error_info(chunks)["status"] == 401
    assert chunks[-1].finish_reason == "error"


async def test_an_error_of_the_vendor_in_the_stream_is_tried_again_too() -> None:
    overloaded = error("overloaded", error_info={"kind": "overloaded", "retryable": True})
    failed = yielding(start(), overloaded, usage({"input_tokens": 3}), complete_response({"id": "r"}), done("error"))
    backend = ScriptedBackend(failed, saying("ok"), instruments=Sleeper().instruments())
    chunks = await read(backend.stream_with_tools(HELLO))
    assert types(chunks)[:5] == ["start", "usage", "backend_status", "start", "content"]
    assert chunks[-1].finish_reason == "stop"
    assert chunks[-1].usage == {"input_tokens": 3}  # the first attempt was not for free


async def test_usage_that_only_the_end_of_a_failed_attempt_told_is_kept() -> None:
    overloaded = error("overloaded", error_info={"kind": "overloaded", "retryable": True})
    failed = yielding(overloaded, done("error", usage={"input_tokens": 4}, usage_source="reported"))
    backend = ScriptedBackend(failed, raising(BROKEN), instruments=Sleeper().instruments(), max_retries=1)
    chunks = await read(backend.stream_with_tools(HELLO))
    assert (chunks[-1].finish_reason, chunks[-1].usage) == ("incomplete", {"input_tokens": 4})


async def test_an_error_before_visible_text_is_read_before_it() -> None:
    odd = error("odd", error_info={"kind": "server", "retryable": True})
    chunks = await read(ScriptedBackend(yielding(odd, content("a"), done("error"))).stream_with_tools(HELLO))
    assert types(chunks) == ["start", "error", "content", "complete_message", "done"]


async def test_an_attempt_that_just_ends_is_a_cut() -> None:
    chunks = await read(ScriptedBackend(yielding(content("a"))).stream_with_tools(HELLO))
    assert types(chunks) == ["start", "content", "error", "complete_message", "done"]
    assert (error_info(chunks)["code"], chunks[-1].finish_reason) == ("truncated", "incomplete")


async def test_nothing_follows_done() -> None:
    script = yielding(content("a"), done("stop"), content("b"), error("late"))
    chunks = await read(ScriptedBackend(script).stream_with_tools(HELLO))
    assert types(chunks) == ["start", "content", "complete_message", "done"]


async def test_the_decoder_is_closed_after_a_failure() -> None:
    rest = [tool_call_delta("call-1", "{}", tool_name="f"), complete_response({"id": "r"}), done("incomplete")]

    async def script(turn: Turn):  # type: ignore[no-untyped-def]
        decoder = turn.use(Pieces(rest))
        for chunk in decoder.feed(b"ab"):
            yield chunk
        raise BROKEN

    chunks = await read(ScriptedBackend(script).stream_with_tools(HELLO))
    assert text(chunks) == "ab"
    assert types(chunks)[3:] == [
        "error",
        "tool_call_delta",
        "complete_response",
        "tool_calls",
        "complete_message",
        "done",
    ]
    assert chunks[-1].finish_reason == "incomplete"


async def test_a_failure_after_the_documented_end_is_none() -> None:
    async def script(turn: Turn):  # type: ignore[no-untyped-def]
        decoder = turn.use(Pieces([done("stop", raw_finish_reason="stop")]))
        for chunk in decoder.feed(b"a"):
            yield chunk
        raise BROKEN

    chunks = await read(ScriptedBackend(script).stream_with_tools(HELLO))
    assert types(chunks) == ["start", "content", "complete_message", "done"]
    assert chunks[-1].finish_reason == "stop"


@pytest.mark.parametrize("limit", ["first_chunk_timeout", "total_timeout"])
async def test_a_limit_ends_the_stream(limit: str) -> None:
    backend = ScriptedBackend(hanging(), max_retries=0)
    options: dict[str, Any] = {limit: 0.01}
    chunks = await read(backend.stream_with_tools(HELLO, **options))
    assert types(chunks) == ["start", "error", "done"]
    info = error_info(chunks)
    assert (info["kind"], info["code"], chunks[-1].finish_reason) == ("timeout", limit, "error")
    assert of_type(chunks, "error")[0].error == f"fake took longer than {limit} (0.01 s)"
    assert backend.open == 0


async def test_waiting_too_long_for_the_first_chunk_is_tried_again() -> None:
    sleeper = Sleeper()
    backend = ScriptedBackend(hanging(), saying("ok"), instruments=sleeper.instruments())
    chunks = await read(backend.stream_with_tools(HELLO, first_chunk_timeout=0.01))
    assert types(chunks) == ["start", "backend_status", "start", "content", "complete_message", "done"]


async def test_the_first_chunk_may_be_followed_by_silence() -> None:
    async def script(turn: Turn):  # type: ignore[no-untyped-def]
        yield content("a")
        await asyncio.sleep(0.03)
        yield content("b")
        yield done("stop")

    chunks = await read(ScriptedBackend(script).stream_with_tools(HELLO, first_chunk_timeout=0.02))
    assert text(chunks) == "ab"


async def test_preparing_is_not_the_vendors_time() -> None:
    async def script(turn: Turn):  # type: ignore[no-untyped-def]
        with turn.preparing():
            await asyncio.sleep(0.03)
        yield content("a")
        yield done("stop")

    backend = ScriptedBackend(script)
    assert text(await read(backend.stream_with_tools(HELLO, first_chunk_timeout=0.02))) == "a"
    chunks = await read(backend.stream_with_tools(HELLO, total_timeout=0.02))
    assert error_info(chunks)["code"] == "total_timeout"


async def test_after_preparing_the_limit_counts_anew() -> None:
    async def script(turn: Turn):  # type: ignore[no-untyped-def]
        with turn.preparing():
            await asyncio.sleep(0)
        await asyncio.Event().wait()
        yield content("never")

    chunks = await read(ScriptedBackend(script).stream_with_tools(HELLO, first_chunk_timeout=0.01, max_retries=0))
    assert error_info(chunks)["code"] == "first_chunk_timeout"


async def test_total_timeout_ends_the_pause_between_attempts() -> None:
    busy = ProviderError("busy", kind="overloaded", retryable=True, retry_after_seconds=9)
    chunks = await read(ScriptedBackend(raising(busy)).stream_with_tools(HELLO, total_timeout=0.02))
    assert types(chunks) == ["start", "backend_status", "error", "done"]
    assert error_info(chunks)["code"] == "total_timeout"


async def test_total_timeout_is_never_tried_again() -> None:
    backend = ScriptedBackend(hanging())
    await read(backend.stream_with_tools(HELLO, total_timeout=0.01))
    assert len(backend.turns) == 1


async def test_an_exception_that_nobody_expects_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    backend = ScriptedBackend(raising(KeyError("oops")))
    chunks = await read(backend.stream_with_tools(HELLO))
    assert types(chunks) == ["start", "error", "done"]
    assert of_type(chunks, "error")[0].error == "unexpected KeyError: 'oops'"
    (record,) = caplog.records
    assert record.exc_info is not None


async def test_our_own_errors_keep_their_kind() -> None:
    chunks = await read(ScriptedBackend(raising(MediaError("no picture"))).stream_with_tools(HELLO))
    assert error_info(chunks) == {"kind": "media", "retryable": False, "provider": "fake"}


async def test_a_slow_reader_trips_nothing() -> None:
    stream = ScriptedBackend(saying(*"abcd")).stream_with_tools(HELLO, total_timeout=0.05, first_chunk_timeout=0.05)
    chunks = []
    async for chunk in stream:
        chunks.append(chunk)
        await asyncio.sleep(0.02)
    assert chunks[-1].finish_reason == "stop"  # type: ignore[attr-defined]


async def test_the_end_is_waited_for_only_a_moment() -> None:
    async def script(turn: Turn):  # type: ignore[no-untyped-def]
        yield content("a")
        yield done("stop")
        await asyncio.Event().wait()

    backend = ScriptedBackend(script)
    chunks = await read(backend.stream_with_tools(HELLO))
    assert chunks[-1].finish_reason == "stop"
    assert backend.open == 0


async def test_time_never_goes_back_and_is_the_wall_clocks() -> None:
    sleeper = Sleeper()
    instruments = sleeper.instruments()._replace(wall_clock=lambda: 5000.0)
    chunks = await read(ScriptedBackend(saying("a"), instruments=instruments).stream_with_tools(HELLO))
    assert {chunk.timestamp for chunk in chunks} == {5000.0}


async def test_timing() -> None:
    sleeper = Sleeper()

    async def script(turn: Turn):  # type: ignore[no-untyped-def]
        sleeper.now += 1
        yield start()
        for letter in "abc":
            sleeper.now += 0.5
            yield content(letter)
        yield done("stop")

    stream = ScriptedBackend(script, instruments=sleeper.instruments()).stream_with_tools(HELLO)
    assert stream.timing.time_to_first_chunk is None
    await read(stream)
    timing = stream.timing
    assert (timing.time_to_first_chunk, timing.time_to_first_text, timing.total) == (1.0, 1.5, 2.5)
    assert timing.chunks_per_second == pytest.approx(4 / 1.5)
