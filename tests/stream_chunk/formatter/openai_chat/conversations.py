"""Conversations that Chat Completions holds without a loss, in normal form; and requests of all shapes."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from massgen_stream.stream_chunk.formatter.assistant import REASONING_FIELDS, details_text
from massgen_stream.stream_chunk.formatter.openai_chat.reasoning import whole_details

from ..drawing import Data, base64, ids, one_of, said, texts, values

EXTRA_KEYS = ("x_one", "cache_control", "vendor")
extras = st.dictionaries(st.sampled_from(EXTRA_KEYS), values, max_size=2)


def chat(data: Data) -> Data:
    return {"provider_data": {"openai.chat": data}} if data else {}


def part(type_: str, **fields: SearchStrategy[Any]) -> SearchStrategy[Data]:
    known = st.fixed_dictionaries({"type": st.just(type_), **fields})
    return st.builds(lambda one, more: {**one, **chat(more)}, known, extras)


text_parts = part("text", text=said)
foreign_parts = st.builds(
    lambda wire: {"type": "text", "text": "", **chat({"content_parts": [wire]})},
    st.fixed_dictionaries({"type": one_of("reference", "input_video"), "body": values}),
)
media_parts = st.one_of(
    part("image", url=one_of("https://example.com/a.png", "gs://b/c")),
    part("image", base64=base64, mime_type=one_of("image/png", "image/jpeg", "image/svg+xml;x=1")),
    part("audio", base64=base64, mime_type=one_of("audio/wav", "audio/mpeg")),
    part("document", base64=base64, mime_type=one_of("application/pdf", "text/plain;charset=utf-8"), filename=said),
    part("file", base64=base64, mime_type=one_of("application/zip", "application/octet-stream"), filename=said),
    part("file", file_id=ids),
    st.builds(
        lambda source, more: {"type": "video", **source, **chat({"type": "video_url", **more})},
        st.fixed_dictionaries({"url": one_of("https://example.com/a.mp4")})
        | st.fixed_dictionaries({"base64": base64, "mime_type": st.just("video/mp4")}),
        extras,
    ),
)
details = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("reasoning.text"), "text": said, "index": st.integers(0, 2)},
            optional={"signature": said, "id": ids, "format": st.none() | one_of("anthropic-claude-v1")},
        ),
        st.fixed_dictionaries({"type": st.just("reasoning.summary"), "summary": texts}),
        st.fixed_dictionaries({"type": st.just("reasoning.encrypted"), "data": said}, optional={"id": ids}),
    ),
    min_size=1,
    max_size=4,
).map(whole_details)


def reasoning(text: str, **data: Any) -> Data:
    return {"type": "reasoning", "text": text, **chat(data)}


@st.composite
def reasoning_parts(draw: DrawFn) -> list[Data]:
    fields = [field for field in REASONING_FIELDS if draw(st.integers(0, 3)) == 0]
    parts = [reasoning(draw(texts), field=field) for field in fields]
    if not draw(st.booleans()):
        return parts
    kept = draw(details)
    if not parts:
        return [reasoning(details_text(kept), reasoning_details=kept)]
    return [reasoning(parts[0]["text"], field=fields[0], reasoning_details=kept), *parts[1:]]


thinking_parts = st.one_of(
    texts.map(lambda text: reasoning(text, field="content")),
    st.builds(lambda text, signature: reasoning(text, thinking_signature=signature), texts, said),
)
pictures = st.builds(
    lambda url, field: {"type": "image", "url": url, **chat({"field": field})}, said, one_of("content", "images")
)
calls_without_id = st.one_of(
    part(
        "tool_call",
        name=said,
        arguments=st.dictionaries(texts, values, max_size=2).map(json.dumps),
        kind=one_of("function"),
    ),
    part("tool_call", name=said, arguments=texts, kind=one_of("custom")),
)


@st.composite
def assistants(draw: DrawFn, numbers: Any) -> list[Data]:
    """An assistant's message in the order of the wire, and answers to its calls."""
    seen = draw(st.lists(pictures, max_size=2))
    content = draw(st.lists(text_parts | thinking_parts | foreign_parts, max_size=3))
    content += [one for one in seen if one["provider_data"]["openai.chat"]["field"] == "content"]
    refusal = draw(st.lists(said.map(lambda text: {"type": "refusal", "text": text}), max_size=1))
    audio = draw(st.lists(ids.map(lambda one: {"type": "audio", "file_id": one}), max_size=1))
    images = [one for one in seen if one["provider_data"]["openai.chat"]["field"] == "images"]
    calls = [{**one, "id": f"c{next(numbers)}"} for one in draw(st.lists(calls_without_id, max_size=2))]
    parts = [*draw(reasoning_parts()), *content, *refusal, *audio, *images, *calls]
    parts = parts or [{"type": "text", "text": draw(texts)}]
    signed = [index for index, one in enumerate(parts) if one["type"] == "text" and one["text"]]
    if signed and parts[signed[-1]] == [one for one in parts if one["type"] == "text"][-1] and draw(st.booleans()):
        last = parts[signed[-1]]
        data = last.get("provider_data", {}).get("openai.chat", {})
        parts[signed[-1]] = {**last, **chat({**data, "extra_content": {"google": {"thought_signature": draw(said)}}})}
    answers = [
        {"role": "tool", "tool_call_id": call["id"], "content": draw(st.lists(text_parts, min_size=1, max_size=2))}
        for call in calls
    ]
    return [{"role": "assistant", "content": parts, **chat(draw(extras))}, *answers]


@st.composite
def supported(draw: DrawFn) -> list[Data]:
    """Normal forms that the formatter must give back unchanged."""
    numbers = iter(range(1000))
    found: list[Data] = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(one_of("system", "user", "assistant"))
        if kind == "assistant":
            found += draw(assistants(numbers))
            continue
        parts = text_parts if kind == "system" else text_parts | media_parts | foreign_parts
        data = draw(extras) | ({"role": "developer"} if kind == "system" and draw(st.booleans()) else {})
        named = {"name": draw(said)} if draw(st.booleans()) else {}
        content = draw(st.lists(parts, min_size=1, max_size=3))
        found.append({"role": kind, "content": content, **named, **chat(data)})
    return found


wire_parts = st.one_of(
    st.fixed_dictionaries({"type": st.just("text"), "text": texts}, optional={"cache_control": values}),
    st.fixed_dictionaries(
        {
            "type": st.just("image_url"),
            "image_url": st.fixed_dictionaries(
                {"url": one_of("https://e.com/a", "data:image/png;base64,AAAA", "data:;base64,AAAA", "data:,x")},
                optional={"detail": one_of("low", "high")},
            )
            | st.just("https://e.com/b"),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("input_audio"),
            "input_audio": st.fixed_dictionaries(
                {"data": base64 | st.just("https://e.com/c")}, optional={"format": one_of("wav", "mp3", "ogg", "m4a")}
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("file"),
            "file": st.one_of(
                st.fixed_dictionaries({"file_id": ids}, optional={"filename": said}),
                st.fixed_dictionaries(
                    {"file_data": one_of("data:application/pdf;base64,JVBE", "AAAA", "https://e.com/d.pdf")},
                    optional={"filename": said, "more": values},
                ),
            ),
        }
    ),
    st.fixed_dictionaries({"type": st.just("video_url"), "video_url": st.fixed_dictionaries({"url": said})}),
    st.fixed_dictionaries({"type": one_of("reference", "odd"), "body": values}),
)
wire_calls = st.one_of(
    st.fixed_dictionaries(
        {
            "function": st.fixed_dictionaries(
                {"name": said}, optional={"arguments": st.none() | texts | one_of('{"a": 1}') | st.just({"a": 1})}
            )
        },
        optional={"id": st.none() | ids, "type": st.just("function"), "index": st.just(0), "extra_content": values},
    ),
    st.fixed_dictionaries({"id": ids, "custom": st.fixed_dictionaries({"name": said, "input": texts})}),
)
_assistant = st.fixed_dictionaries(
    {"role": st.just("assistant")},
    optional={
        "content": st.none() | texts | st.lists(wire_parts, max_size=3),
        "refusal": st.none() | texts,
        "reasoning_content": st.none() | texts,
        "reasoning": texts,
        "reasoning_details": details | texts,
        "audio": st.none() | st.fixed_dictionaries({"id": ids}, optional={"transcript": texts}),
        "images": st.lists(
            st.just({"type": "image_url", "image_url": {"url": "https://e.com/a"}, "index": 0}), max_size=2
        ),
        "tool_calls": st.none() | st.lists(wire_calls, max_size=2),
        "function_call": st.none() | st.fixed_dictionaries({"name": said, "arguments": texts}),
        "extra_content": values,
        "annotations": values,
        "name": st.none() | said,
    },
)
_others = st.one_of(
    st.fixed_dictionaries(
        {"role": one_of("system", "developer", "user"), "content": texts | st.lists(wire_parts, max_size=3)},
        optional={"name": st.none() | said, "cache_control": values, "tool_calls": st.none()},
    ),
    st.fixed_dictionaries(
        {"role": st.just("tool"), "tool_call_id": ids, "content": texts | st.lists(wire_parts, max_size=3)},
        optional={"name": said},
    ),
    st.fixed_dictionaries({"role": st.just("function"), "name": said, "content": st.none() | texts}),
)
requests = st.lists(_assistant | _others, max_size=4)
"""Messages of requests as clients send them, well-formed or nearly so."""
