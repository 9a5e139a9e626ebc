"""Gemini over a real socket: Google's SDK on our side, the simulator on the other."""

import asyncio
import gc
import json
import logging
import threading
from base64 import b64decode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from massgen_stream.backend import GeminiBackend, create_backend
from massgen_stream.backend.gemini_client import open_client
from massgen_stream.backend.google_sdk import GoogleAccess
from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.provider import get_provider
from massgen_stream.simulator import Simulator, call, cut, refuse, stall, text
from massgen_stream.stream_chunk import Accumulator
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, reasoning

from ..simulator.polling import until
from .reading import HELLO, error_info, of_type, read, tasks, types, verified
from .reading import text as text_of

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
OWN = "google.generate_content"
ASK = [{"role": "user", "content": "How is the weather in Oslo?"}]
WEATHER = {
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
PATH = "/v1/models/gemini-3.8-flash:streamGenerateContent"


@asynccontextmanager
async def talking(
    script: Any = None, faults: Any = None, **options: Any
) -> AsyncGenerator[tuple[GeminiBackend, Simulator], None]:
    async with (
        Simulator(script, faults) as sim,
        GeminiBackend(base_url=sim.url("gemini"), **{"api_key": KEY, **options}) as backend,
    ):
        yield backend, sim


async def accumulated(backend: GeminiBackend, messages: Any, tools: Any = None, **options: Any) -> Accumulator:
    found = Accumulator()
    chunks = [chunk async for chunk in backend.stream_with_tools(messages, tools, **options)]
    verified(chunks)
    for chunk in chunks:
        found.feed(chunk)
    return found


def sent(sim: Simulator, index: int = -1) -> Any:
    return sim.requests[index].json


def parts(*places: dict[str, Any]) -> Any:
    return {OWN: {"parts": list(places)}}


def usage(given: int, written: int) -> dict[str, Any]:
    return {"input_tokens": given, "output_tokens": written, "total_tokens": given + written}


def paused(token: str) -> BaseStreamChunk:
    details = {"continuationToken": token}
    return done("pause", raw_finish_reason="CONTINUATION", finish_details=details, usage=usage(10, 2))


def ended() -> BaseStreamChunk:
    return done("stop", raw_finish_reason="STOP", usage=usage(12, 3))


async def test_a_whole_answer() -> None:
    async with talking([text("Hel"), text("lo")], source="agent-1") as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert types(chunks) == ["start", "content", "content", "complete_response", "complete_message", "done"]
        start, last = chunks[0], chunks[-1]
        assert (start.provider, start.model, start.source) == ("gemini", "gemini-3.8-flash", "agent-1")
        assert (last.finish_reason, last.raw_finish_reason) == ("stop", "STOP")
        assert last.usage is not None
        assert last.usage["raw"] == {"promptTokenCount": 2, "candidatesTokenCount": 2, "totalTokenCount": 4}
        (request,) = sim.requests
        assert (request.path, request.query) == (PATH, {"alt": "sse"})
        assert request.headers["user-agent"].startswith("google-genai-sdk/")
        assert request.json == {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}


async def test_headers_and_query_of_the_user_go_out() -> None:
    async with talking([text("Hi")], api_key=None) as (backend, sim):
        options: dict[str, Any] = {
            "extra_headers": {"x-team": "blue"},
            "extra_query": {"trace": "1"},
            "extra_body": {"store": False},
        }
        await read(backend.stream_with_tools(HELLO, **options))
        (request,) = sim.requests
        assert request.headers["x-team"] == "blue"
        assert "x-goog-api-key" not in request.headers
        assert request.query == {"alt": "sse", "trace": "1"}
        assert request.json["store"] is False


async def test_the_key_goes_where_google_wants_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with (
        Simulator([text("Hi")], api_key=KEY) as sim,
        GeminiBackend(base_url=sim.url("gemini"), api_key=KEY) as good,
    ):
        assert text_of(await read(good.stream_with_tools(HELLO))) == "Hi"
        async with GeminiBackend(base_url=sim.url("gemini"), api_key="wrong-0123456789") as bad:
            info = error_info(await read(bad.stream_with_tools(HELLO)))
        assert (info["kind"], info["status"], info["retryable"]) == ("authentication", 401, False)
        assert "wrong-0123456789" not in json.dumps(info)
    assert KEY not in caplog.text


async def test_two_turns_give_back_every_signature_byte_for_byte() -> None:
    """On text, on empty text, on thoughts and on a call; non-ASCII text before them counts in code points."""
    signed = {"thoughtSignature": "c2lnbmVkK1/+"}
    script = [
        [
            reasoning("I think 🌍. ", provider_data=parts({"start": 0, "end": 11, "thoughtSignature": "dGhvdWdodA=="})),
            reasoning("More."),
            content("Grüße", provider_data=parts({"start": 0, "end": 5, **signed})),
            content(", Welt"),
            content("", provider_data=parts({"start": 11, "end": 11, "text": "", "thoughtSignature": "ZW1wdHk="})),
            call("get_weather", {"city": "Oslo"}),
        ],
        [text("Sunny.")],
    ]
    async with talking(script) as (backend, sim):
        chunks = await read(backend.stream_with_tools(ASK, [WEATHER]))
        (said,) = [chunk.complete_message for chunk in of_type(chunks, "complete_message")]
        (made,) = [one for chunk in of_type(chunks, "tool_calls") for one in chunk.tool_calls or ()]
        answer = {"role": "tool", "tool_call_id": made["id"], "content": '{"sky": "clear"}'}
        second = await accumulated(backend, [*ASK, said, answer], [WEATHER])
        assert second.text == "Sunny."
        _, model, answered = sent(sim)["contents"]
        # the script's call has no signature, so the one that stands for none is put in
        assert model["parts"] == [
            {"thoughtSignature": "dGhvdWdodA==", "text": "I think 🌍. ", "thought": True},
            {"text": "More.", "thought": True},
            {**signed, "text": "Grüße"},
            {"text": ", Welt"},
            {"text": "", "thoughtSignature": "ZW1wdHk="},
            {
                "functionCall": {"id": made["id"], "name": "get_weather", "args": {"city": "Oslo"}},
                "thoughtSignature": "skip_thought_signature_validator",
            },
        ]
        response = {"id": made["id"], "name": "get_weather", "response": {"sky": "clear"}}
        assert answered == {"role": "user", "parts": [{"functionResponse": response}]}
        assert b"c2lnbmVkK1/+" in sim.requests[-1].body


async def test_a_signed_call_goes_back_as_it_came() -> None:
    async with talking() as (backend, sim):
        first = await accumulated(backend, ASK, [WEATHER], include_thoughts=True)
        (made,) = first.tool_calls
        (signature,) = [made["provider_data"][OWN]["thoughtSignature"]]
        assert b64decode(signature) == b"simulated signature 1"
        answer = {"role": "tool", "tool_call_id": made["id"], "content": "sunny"}
        second = await accumulated(backend, [*ASK, first.message(), answer], [WEATHER])
        assert second.text == "The tool answered: “sunny”"
        assert sent(sim)["contents"][1]["parts"][1]["thoughtSignature"] == signature
        assert second.error is None


async def test_google_s_own_tools_and_pictures_go_back_as_they_came() -> None:
    options: dict[str, Any] = {"code_execution": True, "web_search": True, "modalities": ["text", "image"]}
    async with talking() as (backend, sim):
        first = await accumulated(backend, [{"role": "user", "content": "Draw a lighthouse"}], **options)
        kinds = [part["type"] for part in first.message()["content"]]
        assert kinds == ["server_tool_call", "tool_result", "image", "text"]
        assert [citation["url"] for citation in first.citations] == ["https://example.com/", "https://example.org/"]
        (picture,) = first.media.values()
        assert isinstance(picture.data, bytes)
        assert picture.data.startswith(b"\x89PNG")
        body = sent(sim)
        assert body["tools"] == [{"codeExecution": {}}, {"googleSearch": {}}]
        assert body["generationConfig"] == {"responseModalities": ["TEXT", "IMAGE"]}
        await accumulated(backend, [*HELLO, first.message(), *HELLO], **options)
        code, result, image, said = sent(sim)["contents"][1]["parts"]
        assert code["executableCode"]["code"] == "print(6 * 7)"
        assert code["thoughtSignature"] == image["thoughtSignature"]
        assert result == {"codeExecutionResult": {"id": "code_sim_1", "outcome": "OUTCOME_OK", "output": "42\n"}}
        assert b64decode(image["inlineData"]["data"]) == picture.data
        assert said == {"text": first.text}


async def test_searches_beside_functions_go_back_as_they_came() -> None:
    async with talking() as (backend, sim):
        first = await accumulated(backend, ASK, [WEATHER], web_search=True)
        (made,) = first.tool_calls
        answer = {"role": "tool", "tool_call_id": made["id"], "content": "sunny"}
        second = await accumulated(backend, [*ASK, first.message(), answer], [WEATHER], web_search=True)
        assert second.error is None
        search, result, called = sent(sim)["contents"][1]["parts"]
        run = {"id": "search_sim_1", "toolType": "GOOGLE_SEARCH_WEB"}
        signature = "c2ltdWxhdGVkIHNpZ25hdHVyZSAx"
        assert search == {"toolCall": {**run, "args": {"queries": ["Oslo"]}}, "thoughtSignature": signature}
        assert result == {"toolResponse": {**run, "response": {"search_suggestions": "<div>simulated</div>"}}}
        assert called["thoughtSignature"] == signature


async def test_an_answer_that_pauses_is_continued_in_the_same_stream() -> None:
    script = [[text("one "), paused("t1")], [text("two "), paused("t2")], [text("three"), ended()]]
    async with talking(script) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, temperature=0.5))
        assert text_of(chunks) == "one two three"
        assert [types(chunks).count(kind) for kind in ("start", "done", "error")] == [1, 1, 0]
        last = chunks[-1]
        assert (last.finish_reason, last.finish_details) == ("stop", None)
        assert last.usage is not None
        assert last.usage["raw"] == {"promptTokenCount": 32, "candidatesTokenCount": 7, "totalTokenCount": 39}
        asked = [request.json for request in sim.requests]
        assert [body.get("continuationToken") for body in asked] == [None, "t1", "t2"]
        assert [{k: v for k, v in body.items() if k != "continuationToken"} for body in asked] == [asked[0]] * 3
        await until(lambda: sim.connections() == 0)


async def test_a_continuation_that_fails_is_asked_for_again() -> None:
    script = [[text("one "), paused("t1")], [refuse(503, retry_after=0)], [text("two"), ended()]]
    async with talking(script) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert text_of(chunks) == "one two"
        assert chunks[-1].finish_reason == "stop"
        assert [request.json.get("continuationToken") for request in sim.requests] == [None, "t1", "t1"]


async def test_a_cut_behind_a_checkpoint_is_continued_from_there() -> None:
    checkpoint = b'data: {"candidates":[{"content":{"parts":[{"text":"one "}]},"continuationToken":"t1"}]}\r\n\r\n'
    said = b'data: {"candidates":[{"content":{"parts":[{"text":"lost"}]}}]}\r\n\r\n'
    async with talking([[text("zero "), checkpoint, cut()], [text("two"), ended()]]) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert text_of(chunks) == "zero one two"
        assert [request.json.get("continuationToken") for request in sim.requests] == [None, "t1"]
    async with talking([[text("zero "), checkpoint, said, cut()]]) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert (text_of(chunks), chunks[-1].finish_reason) == ("zero one lost", "incomplete")
        assert len(sim.requests) == 1


async def test_continuing_can_be_left_to_the_user() -> None:
    async with talking([text("one "), paused("t1")]) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, automatic_continuation=False))
        assert (chunks[-1].finish_reason, chunks[-1].finish_details) == ("pause", {"continuationToken": "t1"})
        await read(backend.stream_with_tools(HELLO, automatic_continuation=False, continuation_token="t1"))
        assert [request.json.get("continuationToken") for request in sim.requests] == [None, "t1"]


async def test_an_abandoned_stream_leaves_nothing() -> None:
    """The SDK's own stream would leave its connection open until the garbage collector comes."""
    async with talking([text("word ")] * 200) as (backend, sim):
        await read(backend.stream_with_tools(HELLO))  # the SDK is loaded, its threads are there
        threads, before = threading.active_count(), tasks()
        gc.disable()
        try:
            for number in range(30):
                stream = backend.stream_with_tools(HELLO)
                async for chunk in stream:
                    if chunk.type == "content":
                        break
                await stream.aclose()
                assert sim.connections() <= 1, number
            await until(lambda: sim.connections() == 0)
        finally:
            gc.enable()
        assert threading.active_count() <= threads
        assert tasks() <= before


async def test_a_response_that_nobody_reads_is_closed() -> None:
    async with Simulator([text("word"), stall()]) as sim:
        client = await open_client(KEY, sim.url("gemini"), {}, GoogleAccess())
        body = {"contents": [{"parts": [{"text": "hello"}]}]}
        async with client.create(model="m", extra_body=body, timeout=5) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
        await until(lambda: sim.connections() == 0)
        await client.close()


async def test_cancelling_the_task_ends_the_request() -> None:
    async with talking([[text("a"), text("b")]] * 2, "silence;after=300") as (backend, sim):
        seen = asyncio.Event()

        async def reading() -> None:
            async for _ in backend.stream_with_tools(HELLO):
                seen.set()

        task = asyncio.create_task(reading())
        await seen.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: sim.connections() == 0)


async def test_errors_of_google_are_told() -> None:
    async with talking(faults="429;retry_after=7", max_retries=0) as (backend, _):
        info = error_info(await read(backend.stream_with_tools(HELLO)))
        assert (info["kind"], info["status"]) == ("rate_limited", 429)
        assert info["retry_after_seconds"] == 7
    async with talking() as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO, extra_body={"colour": "red"}))
        (error,) = of_type(chunks, "error")
        assert error.error == 'Invalid JSON payload received. Unknown name "colour": Cannot find field.'
        assert error_info(chunks)["kind"] == "invalid_request"


class TestGoogleCloud:
    """The same wire behind other addresses."""

    async def test_with_a_project(self) -> None:
        credentials_of = pytest.importorskip("google.oauth2.credentials").Credentials
        where = {"enterprise": True, "project": "mine", "location": "europe-west4", "api_key": None}
        async with talking([text("Hi")], credentials=credentials_of("token-of-mine"), **where) as (backend, sim):
            assert text_of(await read(backend.stream_with_tools(HELLO))) == "Hi"
            (request,) = sim.requests
            model = "publishers/google/models/gemini-3.8-flash:streamGenerateContent"
            assert request.path == f"/v1beta1/projects/mine/locations/europe-west4/{model}"
            assert request.headers["authorization"] == "(hidden)"
            assert "x-goog-api-key" not in request.headers

    async def test_with_a_key(self) -> None:
        async with talking([text("Hi")], enterprise=True, api_version="v1") as (backend, sim):
            assert text_of(await read(backend.stream_with_tools(HELLO, [WEATHER], web_search=True))) == "Hi"
            (request,) = sim.requests
            assert request.path == "/v1/publishers/google/models/gemini-3.8-flash:streamGenerateContent"
            assert request.headers["x-goog-api-key"] == "(hidden)"
            assert "toolConfig" not in request.json  # the Developer API wants a sign there for both kinds of tools

    def test_a_project_needs_no_key(self) -> None:
        backend = create_backend("gemini", enterprise=True, project="mine")
        assert backend.account.api_key is None
        assert backend.account.base_url is None
        environ = {"GEMINI_API_KEY": "of-the-developer-api"}
        other = GeminiBackend(enterprise=True, project="mine", environ=environ)
        assert other.account.api_key is None

    async def test_missing_credentials_are_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_credentials(**_: Any) -> Any:
            error = pytest.importorskip("google.auth.exceptions").DefaultCredentialsError
            raise error("there are none")

        monkeypatch.setattr("google.auth.default", no_credentials)
        async with GeminiBackend(enterprise=True) as backend:
            info = error_info(await read(backend.stream_with_tools(HELLO)))
            assert (info["kind"], info["retryable"]) == ("authentication", False)


def test_keys_of_the_environment() -> None:
    assert GeminiBackend(environ={"GEMINI_API_KEY": "a"}).account.api_key == "a"
    assert GeminiBackend(environ={"GOOGLE_API_KEY": "b"}).account.api_key == "b"
    assert GeminiBackend(environ={"GOOGLE_API_KEY": "b", "GEMINI_API_KEY": "a"}).account.api_key == "a"
    with pytest.raises(MissingKey, match="GEMINI_API_KEY"):
        GeminiBackend(environ={})


def test_what_carries_the_bytes_cannot_be_chosen() -> None:
    with pytest.raises(ConfigurationError, match="http_library"):
        GeminiBackend(api_key="a", http_library="aiohttp")


def test_the_provider_tells_what_it_takes() -> None:
    backend = create_backend("gemini", api_key="a")
    assert isinstance(backend, GeminiBackend)
    assert backend.supports_multimodal_input() == dict.fromkeys(("image", "audio", "video", "document"), True)
    assert backend.get_max_media_size("document") == 50 * 2**20
    origins = {"image": "20 MB", "audio": "25 MB", "document": "30 MB"}
    assert all(figure in get_provider("gemini").media_sources[kind] for kind, figure in origins.items())


async def test_a_retired_model_is_warned_of_and_still_asked_for() -> None:
    async with talking([text("Hi")]) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO, model="gemini-2.0-flash"))
        (warning,) = of_type(chunks, "backend_status")
        assert (warning.status, warning.detail) == (
            "warning",
            "model gemini-2.0-flash: shut down on 2026-06-01; use gemini-3.8-flash",
        )
        assert text_of(chunks) == "Hi"
