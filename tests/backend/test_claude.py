"""Claude through the anthropic SDK, against the simulator: what is sent, and what goes back in the next turn."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import ClaudeBackend, create_backend
from massgen_stream.errors import ConfigurationError, InvalidMessage, MediaError, MissingKey
from massgen_stream.simulator import Simulator, call, cut, text, think
from massgen_stream.stream_chunk import Accumulator
from massgen_stream.stream_chunk.narrow import citation, content, reasoning, server_tool_call, tool_result

from ..simulator.polling import until
from .reading import HELLO, error_info, of_type, read, types
from .reading import text as text_of
from .server import Exchange, answering, serving

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
PROTOCOL = "anthropic.messages"
ADD = {"name": "add", "description": "Adds.", "parameters": {"type": "object", "properties": {}}}
REDACTED = {"type": "redacted_thinking", "data": "EqkECk=="}
SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}
FOUND = {
    "type": "web_search_tool_result",
    "tool_use_id": "srvtoolu_1",
    "content": [{"type": "web_search_result", "url": "https://e.com", "title": "E", "encrypted_content": "a+b/=="}],
}
CITED = {
    "type": "web_search_result_location",
    "url": "https://e.com",
    "title": "E",
    "cited_text": "x",
    "encrypted_index": "E/==",
}
SUMMARY = {"type": "compaction", "content": "All of it, in short."}


@asynccontextmanager
async def talking(*turns: Any, **options: Any) -> AsyncIterator[tuple[ClaudeBackend, Simulator]]:
    async with (
        Simulator(turns or None) as sim,
        ClaudeBackend(base_url=sim.url("claude"), api_key=KEY, **options) as backend,
    ):
        yield backend, sim


def own(**data: Any) -> dict[str, Any]:
    return {PROTOCOL: data}


async def answer(backend: ClaudeBackend, messages: list[dict[str, Any]], **options: Any) -> Accumulator:
    found = Accumulator()
    for chunk in await read(backend.stream_with_tools(messages, [ADD], **options)):
        found.feed(chunk)
    return found


async def test_a_whole_answer() -> None:
    async with talking([think("Hm"), text("Hel"), text("lo")]) as (backend, sim):
        chunks = await read(backend.stream_with_tools([{"role": "system", "content": "Be kind."}, *HELLO], model="m-1"))
    assert types(chunks) == [
        "start", "reasoning", "reasoning", "content", "content", "complete_response", "reasoning_done",
        "complete_message", "done",
    ]  # fmt: skip
    start, last = chunks[0], chunks[-1]
    assert (start.provider, start.model, start.response_id, start.request_id) == (
        "claude",
        "m-1",
        "msg_sim_1",
        "req_sim_1",
    )
    assert (last.finish_reason, last.raw_finish_reason, last.usage_source) == ("stop", "end_turn", "reported")
    (request,) = sim.requests
    assert request.path == "/v1/messages"
    assert request.json == {
        "model": "m-1", "system": "Be kind.", "messages": HELLO, "max_tokens": 32_000, "stream": True,
    }  # fmt: skip
    assert request.headers["anthropic-version"]


async def test_everything_opaque_goes_back_byte_for_byte() -> None:
    """Signed and redacted thinking, what the vendor ran, citations and a summary, in the order of their arrival."""
    first = [
        content("", item_id="b", provider_data=own(block=SUMMARY)),
        think("Let me see."),
        reasoning("", item_id="r", provider_data=own(block=REDACTED)),
        text("I look."),
        server_tool_call("srvtoolu_1", "web_search", status="in_progress", provider_data=own(block=SEARCH)),
        server_tool_call("srvtoolu_1", "web_search", arguments='{"query": "é"}', status="in_progress"),
        tool_result("srvtoolu_1", content="x", provider_data=own(block=FOUND)),
        think("So."),
        content("It is so.", item_id="t"),
        citation({"url": "https://e.com", "raw": CITED}, item_id="t"),
        call("add", {"b": 1, "a": [1.0, None]}),
        call("add", "{}"),
    ]
    async with talking(first, [text("Done.")]) as (backend, sim):
        told = await answer(backend, HELLO, reasoning_effort="high", web_search=True)
        assert told.finish_reason == "tool_calls"
        ids = [made["id"] for made in told.tool_calls]
        results = [{"role": "tool", "tool_call_id": name, "content": "42"} for name in reversed(ids)]
        second = await answer(backend, [*HELLO, told.message(), *results], reasoning_effort="high", web_search=True)
    assert second.text == "Done."
    assistant, user = sim.requests[1].json["messages"][1:]
    assert (assistant["role"], user["role"]) == ("assistant", "user")
    assert assistant["content"] == [
        SUMMARY,
        {"type": "thinking", "thinking": "Let me see.", "signature": "c2ltdWxhdGVkIHRob3VnaHQgMQ=="},
        REDACTED,
        {"type": "text", "text": "I look."},
        {**SEARCH, "input": {"query": "é"}},
        FOUND,
        {"type": "thinking", "thinking": "So.", "signature": "c2ltdWxhdGVkIHRob3VnaHQgMg=="},
        {"type": "text", "text": "It is so.", "citations": [CITED]},
        {"type": "tool_use", "id": ids[0], "name": "add", "input": {"b": 1, "a": [1.0, None]}},
        {"type": "tool_use", "id": ids[1], "name": "add", "input": {}},
    ]
    assert user["content"] == [{"type": "tool_result", "tool_use_id": n, "content": "42"} for n in reversed(ids)]
    assert json.dumps(assistant["content"][8]["input"]) == '{"b": 1, "a": [1.0, null]}'


async def test_the_default_answer_goes_back_too() -> None:
    async with talking() as (backend, sim):
        options: dict[str, Any] = {
            "reasoning_effort": "low",
            "web_search": True,
            "web_fetch": True,
            "code_execution": True,
        }
        told = await answer(backend, HELLO, **options)
        (made,) = told.tool_calls
        result = {"role": "tool", "tool_call_id": made["id"], "content": "5"}
        again = await answer(backend, [*HELLO, told.message(), result], **options)
    assert "“5”" in again.text
    sent = sim.requests[1].json["messages"][1]["content"]
    assert [block["type"] for block in sent] == [
        "thinking", "server_tool_use", "web_search_tool_result", "text", "server_tool_use", "web_fetch_tool_result",
        "server_tool_use", "bash_code_execution_tool_result", "tool_use",
    ]  # fmt: skip
    assert len(told.citations) == 1


async def test_another_vendors_conversation_is_taken() -> None:
    """Reasoning that Claude did not sign, ids that it would refuse, calls without an answer."""
    foreign: list[dict[str, Any]] = [
        *HELLO,
        {
            "role": "assistant",
            "content": [
                {"type": "reasoning", "text": "Hm", "provider_data": {"openai.responses": {"encrypted": "x"}}},
                {"type": "tool_call", "id": "functions.add:0", "name": "add", "arguments": "{"},
                {"type": "tool_call", "id": "functions.add:1", "name": "add", "arguments": "{}"},
            ],
        },
        {"role": "tool", "tool_call_id": "functions.add:0", "content": "5", "is_error": True},
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "And?"},
    ]
    async with talking() as (backend, sim):
        chunks = await read(backend.stream_with_tools(foreign, [ADD]))
    assert chunks[-1].finish_reason == "tool_calls"
    losses = [chunk.detail or "" for chunk in of_type(chunks, "backend_status") if chunk.status == "loss"]
    assert any("reasoning dropped" in loss for loss in losses)
    assert any("made up" in loss for loss in losses)
    roles = [one["role"] for one in sim.requests[0].json["messages"]]
    assert roles == ["user", "assistant", "user", "system"]


async def test_files_are_read_when_they_are_sent(tmp_path: Path) -> None:
    picture, letter = tmp_path / "a.png", tmp_path / "b.pdf"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(8))
    letter.write_bytes(b"%PDF-1.7")
    parts = [{"type": "image", "path": picture}, {"type": "document", "path": letter}]
    async with talking() as (backend, sim):
        chunks = await read(backend.stream_with_tools([{"role": "user", "content": parts}]))
        huge = {"type": "image", "data": b"\x89PNG\r\n\x1a\n" + bytes(8 * 2**20)}
        with pytest.raises(MediaError, match=r"image of 8.0 MiB is over the limit of 7.5 MiB of claude"):
            backend.stream_with_tools([{"role": "user", "content": [huge]}])
    assert "1 image (image/png, 16 bytes) and 1 document (application/pdf, 8 bytes)" in text_of(chunks)
    image, document = sim.requests[0].json["messages"][0]["content"]
    assert image["source"]["media_type"] == "image/png"
    assert (document["source"]["media_type"], document["title"]) == ("application/pdf", "b.pdf")


async def test_betas_and_headers() -> None:
    servers = [{"type": "url", "url": "https://mcp.example.com", "name": "x"}]
    async with talking([text("a")]) as (backend, sim):
        options: dict[str, Any] = {"betas": ["fast-mode-2026-02-01"], "mcp_servers": servers}
        await read(backend.stream_with_tools(HELLO, extra_headers={"X-Mine": "1"}, **options))
    (request,) = sim.requests
    assert request.headers["anthropic-beta"] == "fast-mode-2026-02-01,mcp-client-2025-11-20"
    assert request.headers["x-mine"] == "1"
    assert request.json["mcp_servers"] == servers
    assert not {"betas", "extra_headers"} & request.json.keys()


async def test_a_cut_is_told_with_what_it_cost() -> None:
    async with talking([think("Hm"), text("Hel"), cut()]) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
    assert text_of(chunks) == "Hel"
    assert error_info(chunks)["kind"] == "transport"
    last = chunks[-1]
    assert (last.finish_reason, last.usage_source) == ("incomplete", "reported")
    assert last.usage is not None
    assert last.usage["all_input_tokens"] > 0


async def test_an_overloaded_server_is_asked_again() -> None:
    async with (
        Simulator([text("ok")], faults="529;times=1") as sim,
        ClaudeBackend(base_url=sim.url("claude"), api_key=KEY) as backend,
    ):
        chunks = await read(backend.stream_with_tools(HELLO))
    assert text_of(chunks) == "ok"
    assert [chunk.status for chunk in of_type(chunks, "backend_status")] == ["retry"]


async def test_a_refusal_of_the_server() -> None:
    async with Simulator(api_key="other") as sim, ClaudeBackend(base_url=sim.url("claude"), api_key=KEY) as backend:
        chunks = await read(backend.stream_with_tools(HELLO))
    info = error_info(chunks)
    assert (info["kind"], info["status"]) == ("authentication", 401)
    assert info["raw"]["error"] == {"type": "authentication_error", "message": "invalid x-api-key"}
    assert KEY not in repr(chunks)


async def test_a_retired_model_is_told_in_one_way() -> None:
    """The SDK would warn as well, from the depth of our code; warnings are errors here."""
    async with talking([text("a")]) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, model="claude-3-opus-20240229"))
    (warning,) = of_type(chunks, "backend_status")
    assert warning.detail == "model claude-3-opus-20240229: shut down on 2026-01-05; use claude-opus-5-5"
    assert sim.requests[0].json["model"] == "claude-3-opus-20240229"


async def test_hundreds_of_abandoned_streams_leave_nothing() -> None:
    async with talking([text("a")] * 50) as (backend, sim):
        for _ in range(3):
            await asyncio.gather(*(_abandoned(backend) for _ in range(50)))
        await until(lambda: not sim.connections())
        assert len(sim.requests) == 150


async def _abandoned(backend: ClaudeBackend) -> None:
    async with backend.stream_with_tools(HELLO) as stream:
        async for chunk in stream:
            if chunk.type == "content":
                break


@pytest.mark.parametrize("api_key", [None, KEY])
async def test_only_what_is_meant_for_the_address_goes_there(
    monkeypatch: pytest.MonkeyPatch, api_key: str | None
) -> None:
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Secret: 1\nX-Other: 2\nnonsense")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://gateway.example.com")
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.setenv(name, "of the environment")
    exchange = await _sent(api_key)
    assert exchange.headers.get("authorization") == (f"Bearer {api_key}" if api_key else None)
    assert not {"x-secret", "x-other", "x-api-key"} & exchange.headers.keys()


async def test_without_a_key_none_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The SDK would look in the environment, then in its profiles, and fail over this one."""
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("ANTHROPIC_PROFILE", "no-such-profile")
    assert "authorization" not in (await _sent(None)).headers


async def test_headers_of_the_environment_go_to_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Mine: 1")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    assert (await _sent(None)).headers["x-mine"] == "1"


async def _sent(api_key: str | None) -> Exchange:
    """What a backend without an environment of its own sends to a server."""
    async with serving(answering("a")) as server:
        address = server.url.removesuffix("/v1")
        async with ClaudeBackend(base_url=address, api_key=api_key, environ={}, max_retries=0) as backend:
            _ = [chunk async for chunk in backend.stream_with_tools(HELLO)]
        return server.exchanges[0]


def test_the_factory_makes_it_and_asks_for_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(MissingKey, match="ANTHROPIC_API_KEY"):
        create_backend("claude")
    backend = create_backend("claude", api_key=KEY)
    assert isinstance(backend, ClaudeBackend)
    assert (backend.model, backend.get_provider_name()) == ("claude-sonnet-5-5", "claude")
    assert backend.supports_multimodal_input() == {"image": True, "audio": False, "video": False, "document": True}
    assert backend.get_max_media_size("image") == 10 * 2**20 * 3 // 4


def test_misuse_is_refused_at_the_call() -> None:
    backend = ClaudeBackend(api_key=KEY)
    with pytest.raises(InvalidMessage):
        backend.stream_with_tools([{"role": "nobody", "content": "x"}])
    with pytest.raises(ConfigurationError, match="claude has no native tool x_search"):
        backend.stream_with_tools(HELLO, x_search=True)
