"""Conversations that the Interactions API holds without a loss, in normal form; and requests of all shapes."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..drawing import Data, base64, objects, one_of, said, texts, values

OWN = "google.interactions"

annotations = st.just({"annotations": [{"type": "url_citation", "url": "https://a", "start_index": 0}]})


def own(data: Data) -> Data:
    return {"provider_data": {OWN: data}} if data else {}


def text(words: str, more: Data) -> Data:
    return {"type": "text", "text": words, **own(more)}


text_parts = st.builds(text, texts, st.just({}))
spoken_parts = st.builds(text, said, st.just({}) | annotations)
opaque_parts = st.just(text("", {"content": {"type": "a_new_content", "value": 1}}))
opaque_steps = st.just(text("", {"step": {"type": "a_new_step", "value": {"a": [1]}}}))
thought_parts = st.builds(
    lambda summary, more: {"type": "reasoning", "text": "", **({"summary": summary} if summary else {}), **own(more)},
    st.lists(said, max_size=2),
    base64.map(lambda signature: {"signature": signature}),
)
sources = st.one_of(
    base64.map(lambda data: {"base64": data}),
    one_of("https://example.com/a", "gs://bucket/b.png", "https://youtu.be/x").map(lambda url: {"url": url}),
    one_of("files/abc-1").map(lambda name: {"file_id": name}),
)
kinds = st.sampled_from((
    ("image", "image/png"), ("audio", "audio/wav"), ("video", "video/mp4"), ("document", "application/pdf"),
    ("document", "text/csv"),
))  # fmt: skip
media_parts = st.builds(
    lambda kind, source, more: {"type": kind[0], **source, "mime_type": kind[1], **own(more)},
    kinds,
    sources,
    st.just({}) | st.just({"resolution": "high"}),
)


@st.composite
def vendor_runs(draw: DrawFn, numbers: Iterator[int]) -> list[Data]:
    run, words = f"run{next(numbers)}", draw(said)
    arguments = {"queries": [words]}
    call = {"type": "google_search_call", "id": run, "arguments": arguments, "signature": "s"}
    result = {"type": "google_search_result", "call_id": run, "result": [{"search_suggestions": words}]}
    known = {"tool_call_id": run, "tool_name": "google_search"}
    return [
        {"type": "server_tool_call", **known, "arguments": dumped(arguments), **own({"step": call})},
        {"type": "tool_result", **known, "content": dumped(result["result"]), **own({"step": result})},
    ]


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@st.composite
def calls(draw: DrawFn, numbers: Iterator[int]) -> Data:
    arguments = json.dumps(draw(objects), ensure_ascii=False)
    call = {"type": "tool_call", "id": f"c{next(numbers)}", "name": draw(one_of("f", "g")), "arguments": arguments}
    return {**call, "kind": "function", **own(draw(st.just({}) | st.just({"signature": "sig"})))}


@st.composite
def answers(draw: DrawFn, call: Data) -> Data:
    content = draw(st.lists(text_parts | spoken_parts | media_parts | opaque_parts, min_size=1, max_size=3))
    more: Data = {}
    if draw(st.integers(0, 3)) == 1:
        content, more = [text(json.dumps(draw(objects), ensure_ascii=False), {})], {"result": "object"}
    failed = {"is_error": True} if draw(st.booleans()) else {}
    answer = {"role": "tool", "tool_call_id": call["id"], **failed, "tool_name": call["name"], "content": content}
    return {**answer, **own(more)}


@st.composite
def turns(draw: DrawFn, numbers: Iterator[int]) -> list[Data]:
    """A user's message, an assistant's, and the answers to its calls."""
    given = draw(st.lists(text_parts | spoken_parts | media_parts | opaque_parts, min_size=1, max_size=3))
    if not draw(st.booleans()):
        return [{"role": "user", "content": given}]
    spoken = draw(st.lists(spoken_parts | thought_parts | media_parts | opaque_parts | opaque_steps, max_size=3))
    ran = draw(vendor_runs(numbers)) if draw(st.booleans()) else []
    called = [draw(calls(numbers)) for _ in range(draw(st.integers(0, 2)))]
    parts = [*spoken, *ran, *called] or [text(draw(texts), {})]
    return [
        {"role": "user", "content": given},
        {"role": "assistant", "content": parts},
        *[draw(answers(call)) for call in called],
    ]


@st.composite
def supported(draw: DrawFn) -> list[Data]:
    """Normal forms that the formatter must give back unchanged."""
    numbers = iter(range(1000))
    system = texts.map(lambda words: [{"role": "system", "content": [text(words, {})]}])
    found: list[Data] = draw(st.just([]) | system)
    for _ in range(draw(st.integers(0, 3))):
        found += draw(turns(numbers))
    return found


contents = st.one_of(
    st.fixed_dictionaries({"type": st.just("text"), "text": texts}, optional={"annotations": st.none() | st.just([])}),
    st.fixed_dictionaries({"type": one_of("image", "audio", "video", "document")}, optional={
        "data": base64 | st.just("") | st.none(), "uri": one_of("https://a/b.png", "gs://x", "", "ftp://y"),
        "mime_type": one_of("image/png", "application/pdf", "") | st.none(), "resolution": one_of("low"),
    }),
    st.fixed_dictionaries({"type": one_of("a_new_content"), "value": values}),
)  # fmt: skip
steps = st.one_of(
    st.fixed_dictionaries({"type": one_of("user_input", "model_output")}, optional={
        "content": st.lists(contents, max_size=3) | texts, "x": values}),
    st.fixed_dictionaries({"type": one_of("thought")}, optional={
        "signature": base64, "summary": st.lists(contents, max_size=2), "x": values}),
    st.fixed_dictionaries({"type": one_of("function_call"), "id": one_of("c1", "c2"), "name": one_of("f")}, optional={
        "arguments": objects, "signature": base64}),
    st.fixed_dictionaries({"type": one_of("function_result"), "call_id": one_of("c1", "c2")}, optional={
        "result": objects | texts | st.lists(contents, max_size=2), "is_error": st.booleans(), "name": one_of("f")}),
    st.fixed_dictionaries({"type": one_of("google_search_call", "mcp_server_tool_call")}, optional={
        "id": one_of("s1"), "arguments": objects, "name": one_of("ask")}),
    st.fixed_dictionaries({"type": one_of("google_search_result", "code_execution_result")}, optional={
        "call_id": one_of("s1"), "result": values, "is_error": st.booleans()}),
    st.fixed_dictionaries({"type": one_of("a_new_step"), "value": values}),
)  # fmt: skip
inputs = texts | contents | steps | st.lists(contents, max_size=3) | st.lists(steps, max_size=5)
