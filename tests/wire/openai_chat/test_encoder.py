"""Chunks to bytes: what a server says for them, and what has no place is named."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import openai
import pytest
from openai.types.chat import ChatCompletionChunk

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.wire.openai_chat import ChatEncoder

from .saying import body, decoded, delta, documents_of, encoded, only, piece, types

FORMS: list[list[Any]] = [
    [delta(content=[{"type": "reference", "reference_ids": [1], "$x": {"$bytes": "?"}}, "text"])],
    [delta(content=[{"type": "thinking", "thinking": "why", "signature": "s"}])],
    [
        delta(reasoning_details=[{"type": "reasoning.encrypted", "data": "x"}]),
        delta(reasoning="why", reasoning_details=[{}]),
    ],
    [delta(content="x", extra_content={"google": {"s": 1}}), delta(refusal="no")],
    [
        delta(
            tool_calls=[
                {**piece(0, "c", "f", "{}"), "extra_content": {"$s": 1}},
                {"index": 1, "type": "custom", "id": "d"},
            ]
        )
    ],
    [delta(function_call={"name": "f"}), delta(tool_calls=[piece(0, None, "f", "{"), piece(0, None, "g", "}")])],
    [delta(index=1, tool_calls=[piece(0, "c", "f", "{}")]), delta(tool_calls=[piece(0, "c", "f", "{}")])],
    [
        {"choices": [], "citations": ["u"], "search_results": [{"title": "T"}]},
        {"choices": [], "citations": ["u", {"url": "v"}]},
    ],
    [
        delta(
            annotations=[{"type": "url_citation", "url": "u", "search_result": 1}, {"citation": 1, "search_result": 2}]
        )
    ],
    [delta(executed_tools=[{"index": 0}]), delta(executed_tools=[{"index": 0, "output": "o"}, {"output": "o"}])],
    [
        delta(
            images=["https://x", "data:image/png;base64,AAEC"],
            content=[{"type": "image_url", "image_url": "https://y"}],
        )
    ],
    [
        delta(index=1, audio={"id": "a", "data": "AAEC"}),
        delta(audio={"id": "b", "transcript": "x"}),
        delta(audio={"data": "AAEC"}),
    ],
    [{"choices": [], "usage": {"prompt_tokens": 1}}, {"id": "late", "model": "m", "choices": []}],
    [
        {"choices": [], "usage": {"prompt_tokens": 1}},
        delta(content="x"),
        {"choices": [], "usage": {"prompt_tokens": "2"}},
    ],
    [
        {
            "id": "r",
            "created": 5,
            "choices": [{"logprobs": {"content": [1]}}, {"index": 1, "logprobs": {"content": [2]}}],
        }
    ],
    [{"error": {"message": "m", "x": float("nan")}}, delta(content="x")],
    [{"error": {"message": "m"}}, {"id": "late", "choices": []}],
    [delta(finish="network_error"), delta(index=1, content="x")],
    [delta(content="x", finish="stop"), delta(index=2, finish="length"), delta(index=1)],
    [
        {"choices": [], "usage": {"prompt_tokens": 1}},
        {"choices": [{}], "usage": {"prompt_tokens": "2"}},
        {"choices": [{}], "usage": {"prompt_tokens": 1}},
    ],
]


@pytest.mark.parametrize("documents", FORMS)
@pytest.mark.parametrize("last", [b"[DONE]", b"", b"{", b'{"choices":5}'])
def test_every_form_is_said_again(documents: list[Any], last: bytes) -> None:
    chunks = decoded(body(*documents, last, done=False))
    assert len(chunks) > 1
    assert decoded(encoded(chunks)) == chunks


def test_a_value_without_a_json_form_is_a_loss() -> None:
    encoder = ChatEncoder()
    assert encoder.encode(narrow.content("x", provider_data={"openai.chat": {"extra_content": {1, 2}}})) == b""
    assert len(encoder.losses) == 1
    assert encoder.losses[0].startswith("content: cannot encode")


def test_an_odd_choice_breaks_the_rules_of_a_chunk() -> None:
    encoder = ChatEncoder()
    assert encoder.encode(TextStreamChunk(type="content", content="x", choice_index="0")) == b""  # type: ignore[arg-type]
    assert encoder.losses == ["content: it breaks the rules of its type"]


LOST = [
    # chunk, losses
    (narrow.start(provider="p", request_id="q"), ["start.provider", "start.request_id"]),
    (narrow.content("x", item_id="i", phase="commentary"), ["content.item_id", "content.phase"]),
    (narrow.refusal("x", item_id="i"), ["refusal.item_id"]),
    (narrow.reasoning("x", item_id="i", content_index=0), ["reasoning.content_index", "reasoning.item_id"]),
    (
        narrow.reasoning("x", provider_data={"anthropic.messages": {"s": 1}}),
        ["reasoning.provider_data[anthropic.messages]"],
    ),
    (narrow.content("x", provider_data={"openai.chat": {"y": 1}}), ["content.provider_data[openai.chat][y]"]),
    (narrow.reasoning_summary("x"), ["reasoning_summary"]),
    (narrow.turn_done("stop"), ["turn_done"]),
    (narrow.backend_status("retry"), ["backend_status"]),
    (narrow.backend_status("ignored_field", detail="nothing.known"), ["backend_status"]),
    (narrow.server_tool_call("c", "search"), ["server_tool_call"]),
    (narrow.tool_result("c", content="x"), ["tool_result"]),
    (narrow.complete_response({"output": []}), ["complete_response.output"]),
    (narrow.media_progress("m", progress_percentage=5), ["media_progress"]),
    (narrow.media("m", "video", media_encoding="url", media_data="https://x"), ["media"]),
    (narrow.media("m", "image", media_encoding="file_id", media_data="f"), ["media"]),
    (
        narrow.media(
            "m", "image", media_encoding="url", media_data="https://x", is_partial=True, partial_kind="preview"
        ),
        ["media"],
    ),
    (narrow.error("x", tool_call_id="c"), ["error.tool_call_id"]),
    (narrow.error("x", error_info={"kind": "quota", "status": 429, "retryable": True}), ["error.error_info[status]"]),
    (narrow.error("x", error_info={"kind": "quota", "status": 429, "raw": {"message": "x"}}), []),
    (narrow.done("stop", finish_details={"stop_sequence": "x"}), ["done.finish_details[stop_sequence]"]),
    (TextStreamChunk(type="content", content="x", extra={"new": 1}), ["content.extra"]),
    (UnknownChunk(type="new"), ["new"]),
    (narrow.reasoning_done("x"), []),
    (narrow.complete_message({"role": "assistant", "content": []}), []),
]


@pytest.mark.parametrize(("chunk", "lost"), LOST)
def test_what_has_no_place_is_named(chunk: Any, lost: list[str]) -> None:
    encoder = ChatEncoder()
    encoder.encode(chunk)
    assert sorted(encoder.losses) == sorted(f"{name}: Chat Completions has no place for it" for name in lost)


def test_every_event_names_id_model_and_time() -> None:
    encoder = ChatEncoder()
    encoder.created = 5
    chunks = [
        narrow.start(response_id="r", model="m"),
        narrow.content("x"),
        narrow.usage({"input_tokens": 1}),
        narrow.done("stop"),
    ]
    documents = documents_of(b"".join(map(encoder.encode, chunks)))
    assert documents.pop() == "[DONE]"
    for document in documents:
        assert [document[name] for name in ("id", "model", "created", "object")] == [
            "r",
            "m",
            5,
            "chat.completion.chunk",
        ]


def test_usage_comes_last_and_alone_as_openai_sends_it() -> None:
    chunks = [
        narrow.start(),
        narrow.content("x"),
        narrow.usage({"input_tokens": 1}),
        narrow.tool_calls([{"id": "c", "name": "f", "arguments": "{}"}]),
        narrow.complete_response({"created": 5}),
        narrow.done("stop", usage={"input_tokens": 1}),
    ]
    *_, finish, last, mark = documents_of(encoded(chunks))
    assert finish["choices"][0]["finish_reason"] == "stop"
    assert (last["choices"], last["usage"], mark) == ([], {"prompt_tokens": 1}, "[DONE]")


def test_usage_that_is_not_the_last_word_keeps_its_place() -> None:
    encoder = ChatEncoder()
    assert encoder.encode(narrow.usage({"input_tokens": 1})) == b""
    assert b'"prompt_tokens":1' in encoder.encode(narrow.content("x"))
    encoder.encode(narrow.usage({"input_tokens": 2}))
    assert b'"prompt_tokens":2' in encoder.close()


def test_usage_of_the_end_alone_is_beside_the_finish_reason() -> None:
    *_, finish, _ = documents_of(encoded([narrow.content("x"), narrow.done("stop", usage={"input_tokens": 1})]))
    assert (finish["usage"], finish["choices"][0]["finish_reason"]) == ({"prompt_tokens": 1}, "stop")


def test_media_in_all_encodings() -> None:
    png = MediaMetadata(mime_type="image/png")
    images = [
        narrow.media("a", "image", media_encoding="binary", media_data=b"\0\1\2", media_metadata=png),
        narrow.media("a", "image", media_encoding="base64", media_data="AAEC", media_metadata=png),
        narrow.media("b", "image", media_encoding="url", media_data="https://x"),
    ]
    found = only(decoded(encoded([narrow.start(response_id="r"), *images, narrow.done("stop")])), "media")
    assert [chunk.media_data for chunk in found] == [b"\0\1\2", b"\0\1\2", "https://x"]
    sounds = [
        narrow.media(
            "s",
            "audio",
            media_encoding="binary",
            media_data=b"\0\1\2",
            is_partial=True,
            partial_kind="segment",
            byte_offset=0,
        ),
        narrow.media(
            "s",
            "audio",
            media_encoding="base64",
            media_data="AAEC",
            is_partial=True,
            partial_kind="segment",
            byte_offset=3,
        ),
    ]
    found = only(decoded(encoded([narrow.start(), *sounds, narrow.done("stop")])), "media")
    assert [chunk.media_data for chunk in found] == [b"\0\1\2", b"\0\1\2", None]


def transport(data: bytes) -> httpx2.MockTransport:
    async def stream() -> AsyncIterator[bytes]:
        yield data

    headers = {"content-type": "text/event-stream"}
    return httpx2.MockTransport(lambda _: httpx2.Response(200, headers=headers, content=stream()))


async def read(data: bytes) -> list[ChatCompletionChunk]:
    """Return what the vendor's own typed stream makes of *data*."""
    async with openai.AsyncOpenAI(api_key="k", http_client=httpx2.AsyncClient(transport=transport(data))) as client:
        stream = await client.chat.completions.create(model="m", messages=[], stream=True)
        return [chunk async for chunk in stream]


WHOLE = [
    narrow.start(response_id="r", model="m"),
    narrow.reasoning("why"),
    narrow.content("Hel"),
    narrow.content("lo"),
    narrow.tool_call_delta("c", "", tool_name="f"),
    narrow.tool_call_delta("c", '{"a":', tool_name="f"),
    narrow.tool_call_delta("d", "{}", tool_name="g"),
    narrow.tool_call_delta("c", "1}"),
    narrow.tool_calls([{"id": "c", "name": "f", "arguments": '{"a":1}'}, {"id": "d", "name": "g", "arguments": "{}"}]),
    narrow.usage({"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}),
]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("tool_calls", "tool_calls"),
        ("content_filter", "content_filter"),
        ("refusal", "stop"),
        ("other", None),
    ],
)
async def test_the_vendors_own_client_accepts_a_stream_of_ours(reason: str, word: str | None) -> None:
    chunks = await read(encoded([*WHOLE, narrow.done(reason)]))
    assert {(chunk.id, chunk.model, chunk.object, chunk.created) for chunk in chunks} == {
        ("r", "m", "chat.completion.chunk", 0)
    }
    choices = [choice for chunk in chunks for choice in chunk.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == "Hello"
    assert [choice.finish_reason for choice in choices if choice.finish_reason] == ([word] if word else [])
    assert choices[0].delta.role == "assistant"
    assert chunks[-1].usage is not None
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.total_tokens) == (3, 7)


@pytest.mark.anyio
async def test_its_helper_joins_our_pieces_to_the_calls_that_they_are() -> None:
    """The helper concatenates every string of a call but its type, so ids and names must come once."""
    http = httpx2.AsyncClient(transport=transport(encoded([*WHOLE, narrow.done("tool_calls")])))
    async with (
        openai.AsyncOpenAI(api_key="k", http_client=http) as client,
        client.chat.completions.stream(model="m", messages=[]) as stream,
    ):
        completion = await stream.get_final_completion()
    calls = completion.choices[0].message.tool_calls or []
    assert [(call.id, call.type, call.function.name, json.loads(call.function.arguments)) for call in calls] == [
        ("c", "function", "f", {"a": 1}),
        ("d", "function", "g", {}),
    ]
    assert completion.choices[0].message.content == "Hello"


@pytest.mark.anyio
async def test_it_raises_our_error() -> None:
    data = encoded(
        [
            narrow.start(response_id="r"),
            narrow.error("overloaded", error_info={"kind": "overloaded", "code": "slow"}),
            narrow.done("error"),
        ]
    )
    with pytest.raises(openai.APIError, match="overloaded"):
        await read(data)
    assert types(decoded(data)) == ["start", "error", "complete_response", "done"]


def test_a_call_of_a_decoder_is_said_as_it_came() -> None:
    chunks = decoded(body(delta(tool_calls=[piece(0, "c", "f", "{}")], finish="tool_calls")))
    said = [
        call
        for document in documents_of(encoded(chunks))[:-1]
        for choice in document["choices"]
        for call in choice["delta"].get("tool_calls", ())
    ]
    assert said == [{"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
