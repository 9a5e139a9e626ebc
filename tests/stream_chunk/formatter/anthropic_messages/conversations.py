"""Conversations that a Messages request holds without a loss, in normal form; and requests of all shapes."""

import json
from base64 import b64encode
from collections.abc import Iterator
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from massgen_stream.stream_chunk.formatter import MessagesPayload

from ..drawing import Data, base64, objects, one_of, texts, values

said = texts.filter(str.strip)
names = st.text("abcXYZ019_-", min_size=1, max_size=8)
encoded_text = texts.map(lambda text: b64encode(text.encode()).decode())
EXTRA_KEYS = ("x_one", "cache_control", "vendor")
extras = st.dictionaries(st.sampled_from(EXTRA_KEYS), values.filter(lambda value: value is not None), max_size=2)
marks: SearchStrategy[Data] = st.just({"cache_control": {"type": "ephemeral"}}) | st.just({})


def own(data: Data) -> Data:
    return {"provider_data": {"anthropic.messages": data}} if data else {}


def part(type_: str, **fields: SearchStrategy[Any]) -> SearchStrategy[Data]:
    known = st.fixed_dictionaries({"type": st.just(type_), **fields})
    return st.builds(lambda one, more: {**one, **own(more)}, known, extras)


def whole(block: Data, **known: Any) -> Data:
    return {"type": "text", "text": "", **known, **own({"block": block})}


citations = st.lists(
    st.fixed_dictionaries({"type": st.just("page_location"), "cited_text": said, "document_index": st.integers(0, 9)}),
    min_size=1,
    max_size=2,
)
text_parts = part("text", text=said)
cited_parts = st.builds(
    lambda text, found: {"type": "text", "text": text, **own({"citations": found})}, said, citations
)
odd_blocks = st.fixed_dictionaries({"type": one_of("search_result", "compaction", "a_new_block"), "body": values})
foreign_parts = odd_blocks.map(whole)
addresses = one_of("https://example.com/a.png", "http://example.com/b")
media_parts = st.one_of(
    part("image", url=addresses),
    part("image", file_id=names),
    part("image", base64=base64, mime_type=one_of("image/png", "image/jpeg", "image/webp", "image/gif")),
    part("document", url=addresses),
    part("document", file_id=names, filename=said),
    part("document", base64=base64, mime_type=st.just("application/pdf"), filename=texts),
    part("document", base64=encoded_text, mime_type=st.just("text/plain")),
    names.map(
        lambda name: {"type": "file", "file_id": name, **own({"block": {"type": "container_upload", "file_id": name}})}
    ),
)
input_parts = text_parts | media_parts | foreign_parts
thinking_parts = st.one_of(
    st.builds(lambda text, sign: {"type": "reasoning", "text": text, **own({"signature": sign})}, texts, said),
    said.map(
        lambda data: {"type": "reasoning", "text": "", **own({"block": {"type": "redacted_thinking", "data": data}})}
    ),
)


def _server_run(name: str, arguments: Data, found: Any) -> list[Data]:
    call = {"type": "server_tool_use", "id": name, "name": "web_search", "input": arguments}
    result = {"type": "web_search_tool_result", "tool_use_id": name, "content": found}
    known = {"tool_call_id": name, "tool_name": "web_search", "arguments": json.dumps(arguments, ensure_ascii=False)}
    text = json.dumps(found, ensure_ascii=False)
    return [
        {"type": "server_tool_call", **known, **own({"block": call})},
        {"type": "tool_result", "tool_call_id": name, "content": text, **own({"block": result})},
    ]


@st.composite
def assistants(draw: DrawFn, numbers: Iterator[int]) -> list[Data]:
    """An assistant's message, its parts in any order, and results of its calls."""
    parts: list[Data] = []
    calls: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.integers(0, 3))
        name = f"toolu_{next(numbers)}"
        if kind == 0:
            arguments = json.dumps(draw(objects), ensure_ascii=False)
            known = {"type": "tool_call", "id": name, "name": draw(names), "arguments": arguments, "kind": "function"}
            parts.append({**known, **own(draw(extras))})
            calls.append(name)
        elif kind == 1:
            parts += _server_run(name, draw(objects), draw(st.lists(values, max_size=2)))
        else:
            parts.append(draw(text_parts | cited_parts | thinking_parts | foreign_parts))
    return [{"role": "assistant", "content": parts}, *(draw(_answers(name)) for name in calls)]


def _answers(name: str) -> SearchStrategy[Data]:
    good = st.fixed_dictionaries({"content": st.lists(input_parts, max_size=2)})
    bad = st.fixed_dictionaries({"is_error": st.just(True), "content": st.lists(text_parts, max_size=2)})
    known = {"role": "tool", "tool_call_id": name}
    return st.builds(lambda one, more: {**known, **one, **own(more)}, good | bad, marks)


@st.composite
def supported(draw: DrawFn) -> list[Data]:
    """Normal forms that the formatter must give back unchanged."""
    numbers = count()
    found: list[Data] = []
    if draw(st.booleans()):
        found.append({"role": "system", "content": draw(st.lists(text_parts, min_size=1, max_size=2))})
    for _ in range(draw(st.integers(0, 3))):
        found += [
            {"role": "user", "content": draw(st.lists(input_parts, min_size=1, max_size=3))}
            for _ in range(draw(st.integers(1, 2)))
        ]
        if draw(st.booleans()):
            found.append({"role": "system", "content": draw(st.lists(text_parts, min_size=1, max_size=2))})
        found += draw(assistants(numbers))
    return found


wire_text = st.fixed_dictionaries(
    {"type": st.just("text"), "text": texts}, optional={"cache_control": values, "citations": values}
)
wire_sources = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("base64"), "media_type": one_of("image/png", "image/bmp", "application/pdf"), "data": base64}
    ),
    st.fixed_dictionaries(
        {"type": st.just("url"), "url": addresses | one_of("gs://b/c", "data:,x")}, optional={"x": values}
    ),
    st.fixed_dictionaries({"type": st.just("file"), "file_id": names}),
    st.fixed_dictionaries({"type": st.just("text"), "media_type": one_of("text/plain", "text/csv"), "data": texts}),
    st.fixed_dictionaries({"type": one_of("content", "odd"), "content": values}),
)
wire_inputs = st.one_of(
    wire_text,
    st.fixed_dictionaries({"type": st.just("image"), "source": wire_sources}, optional={"cache_control": values}),
    st.fixed_dictionaries(
        {"type": st.just("document"), "source": wire_sources},
        optional={"title": st.none() | texts, "context": texts, "citations": values},
    ),
    odd_blocks,
)
wire_results = st.fixed_dictionaries(
    {"type": st.just("tool_result"), "tool_use_id": one_of("a", "b", "c.d")},
    optional={"content": texts | st.lists(wire_inputs, max_size=2), "is_error": st.booleans(), "cache_control": values},
)
wire_answers = st.one_of(
    wire_text,
    st.fixed_dictionaries({"type": st.just("thinking"), "thinking": texts}, optional={"signature": texts}),
    st.fixed_dictionaries({"type": st.just("redacted_thinking"), "data": texts}),
    st.fixed_dictionaries(
        {"type": st.just("tool_use"), "id": one_of("a", "b", "c.d"), "name": names, "input": objects},
        optional={"caller": values, "cache_control": values},
    ),
    st.fixed_dictionaries(
        {"type": one_of("server_tool_use", "mcp_tool_use"), "id": names, "name": names, "input": values}
    ),
    st.fixed_dictionaries(
        {"type": one_of("web_search_tool_result", "mcp_tool_result"), "tool_use_id": names, "content": values}
    ),
    st.fixed_dictionaries({"type": st.just("image"), "source": wire_sources}),
    odd_blocks,
)
_messages = st.one_of(
    st.fixed_dictionaries(
        {"role": st.just("user"), "content": texts | st.lists(wire_inputs | wire_results, max_size=4)}
    ),
    st.fixed_dictionaries({"role": st.just("assistant"), "content": texts | st.lists(wire_answers, max_size=4)}),
    st.fixed_dictionaries(
        {"role": st.just("system"), "content": texts | st.lists(wire_text, max_size=2)}, optional={"x_one": values}
    ),
)
requests = st.builds(
    MessagesPayload,
    st.lists(_messages, max_size=5),
    st.none() | texts | st.lists(wire_text, max_size=2),
)
"""Conversations of requests as clients send them, well-formed or nearly so."""
