"""Conversations that the Responses API holds without a loss, in normal form; and requests of all shapes."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..drawing import Data, base64, ids, one_of, said, texts, values

EXTRA_KEYS = ("x_one", "prompt_cache_breakpoint", "vendor")
extras = st.dictionaries(st.sampled_from(EXTRA_KEYS), values, max_size=2)


def own(data: Data) -> Data:
    return {"provider_data": {"openai.responses": data}} if data else {}


def part(type_: str, **fields: SearchStrategy[Any]) -> SearchStrategy[Data]:
    known = st.fixed_dictionaries({"type": st.just(type_), **fields})
    return st.builds(lambda one, more: {**one, **own(more)}, known, extras)


text_parts = part("text", text=said)
foreign_parts = st.builds(
    lambda wire: {"type": "text", "text": "", **own({"content_parts": [wire]})},
    st.fixed_dictionaries({"type": one_of("input_audio", "summary"), "body": values}),
)
media_parts = st.one_of(
    part("image", url=one_of("https://example.com/a.png", "gs://b/c")),
    part("image", file_id=ids),
    part("image", base64=base64, mime_type=one_of("image/png", "image/jpeg", "image/svg+xml;x=1")),
    part("document", base64=base64, mime_type=one_of("application/pdf", "text/plain;charset=utf-8"), filename=said),
    part("file", base64=base64, mime_type=one_of("application/zip", "application/octet-stream"), filename=said),
    part("document", url=one_of("https://example.com/a.pdf?x=1", "https://example.com/b.txt")),
    part("file", file_id=ids),
)


def reasoning_of(item: Data) -> Data:
    """The part for an item of reasoning."""
    found: Data = {"type": "reasoning", "text": "".join(one["text"] for one in item.get("content", ()))}
    found |= {"summary": [one["text"] for one in item["summary"]]} if item["summary"] else {}
    return found | {"item_id": item["id"], **own({"item": item})}


reasoning_parts = st.fixed_dictionaries(
    {
        "id": ids.map("rs_{}".format),
        "type": st.just("reasoning"),
        "summary": st.lists(st.fixed_dictionaries({"type": st.just("summary_text"), "text": texts}), max_size=2),
    },
    optional={
        "encrypted_content": st.none() | said,
        "content": st.lists(st.fixed_dictionaries({"type": st.just("reasoning_text"), "text": texts}), max_size=2),
        "metadata": values,
    },
).map(reasoning_of)
calls_without_id = st.one_of(
    st.builds(
        lambda name, arguments, more: {
            "type": "tool_call", "name": name, "arguments": arguments, "kind": "function",
            **own({"item": more} if more else {}),
        },
        said,
        st.dictionaries(texts, values, max_size=2).map(json.dumps),
        st.fixed_dictionaries({}, optional={"id": ids, "status": one_of("completed"), "namespace": said}),
    ),
    st.builds(lambda name, text: {"type": "tool_call", "name": name, "arguments": text, "kind": "custom"}, said, texts),
)  # fmt: skip


def ran(numbers: Iterator[int]) -> SearchStrategy[list[Data]]:
    """What the vendor ran: its call, and the picture that came of it."""

    def build(item: Data, picture: str | None) -> list[Data]:
        item = {**item, "id": f"i{next(numbers)}"}
        call = {"type": "server_tool_call", "tool_call_id": item["id"], "tool_name": "image_generation"}
        if item["type"] != "image_generation_call":
            return [{**call, "tool_name": item["type"].removesuffix("_call"), **own({"item": item})}]
        if picture is None:
            return [{**call, **own({"item": {**item, "result": None}})}]
        image = {"type": "image", "base64": picture, "mime_type": "image/jpeg", "media_id": item["id"]}
        return [{**call, **own({"item": item})}, image]

    kinds = one_of("web_search_call", "image_generation_call", "mcp_list_tools", "compaction", "never_seen")
    return st.builds(
        build,
        st.fixed_dictionaries({"type": kinds}, optional={"action": values, "status": one_of("completed")}),
        st.none() | base64,
    )


@st.composite
def spoken(draw: DrawFn, numbers: Iterator[int]) -> list[Data]:
    """The parts of one message of an assistant."""
    item_id = {"item_id": f"msg_{next(numbers)}"}
    phase = {"phase": draw(one_of("commentary", "final_answer"))} if draw(st.booleans()) else {}
    parts = draw(st.lists(text_parts, min_size=1, max_size=2))
    found = [{**one, **item_id, **phase} for one in parts]
    refusals = [] if phase else draw(st.lists(said, max_size=1))
    return [*found, *({"type": "refusal", "text": text, **item_id} for text in refusals)]


@st.composite
def assistants(draw: DrawFn, numbers: Iterator[int]) -> list[Data]:
    """An assistant's message, and answers to its calls."""
    calls = [{**one, "id": f"c{next(numbers)}"} for one in draw(st.lists(calls_without_id, max_size=2))]
    runs = [
        draw(reasoning_parts.map(lambda one: [one]) | spoken(numbers) | ran(numbers))
        for _ in range(draw(st.integers(0, 3)))
    ]
    runs += [[call] for call in calls]
    ordered = [one for run in draw(st.permutations(runs)) for one in run]
    if not ordered:
        ordered = [{"type": "text", "text": draw(texts)}]
    answers = [
        {
            "role": "tool",
            "tool_call_id": call["id"],
            "content": draw(st.lists(text_parts | media_parts, min_size=1, max_size=2)),
            **own(draw(st.fixed_dictionaries({}, optional={"id": ids, "status": one_of("completed")}))),
        }
        for call in calls
    ]
    return [{"role": "assistant", "content": ordered}, *answers]


@st.composite
def supported(draw: DrawFn) -> list[Data]:
    """Normal forms that the formatter must give back unchanged."""
    numbers = iter(range(1000))
    found: list[Data] = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(one_of("system", "user", "assistant"))
        if kind == "assistant" and (not found or found[-1]["role"] != "assistant"):
            found += draw(assistants(numbers))
            continue
        kind = "user" if kind == "assistant" else kind
        data = draw(extras) | ({"role": "developer"} if kind == "system" and draw(st.booleans()) else {})
        content = draw(st.lists(text_parts | media_parts | foreign_parts, min_size=1, max_size=3))
        found.append({"role": kind, "content": content, **own(data)})
    return found


wire_parts = st.one_of(
    st.fixed_dictionaries({"type": st.just("input_text"), "text": texts}, optional={"prompt_cache_breakpoint": values}),
    st.fixed_dictionaries(
        {"type": st.just("input_image")},
        optional={
            "image_url": one_of("https://e.com/a", "data:image/png;base64,AAAA", "data:;base64,AAAA", "data:,x")
            | st.none(),
            "file_id": st.none() | ids,
            "detail": one_of("low", "high", "auto"),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("input_file")},
        optional={
            "file_id": ids,
            "file_url": one_of("https://e.com/d.pdf", "https://e.com/d"),
            "file_data": one_of("data:application/pdf;base64,JVBE", "AAAA", "not base64"),
            "filename": said,
            "more": values,
        },
    ),
    st.fixed_dictionaries({"type": one_of("input_audio", "odd"), "body": values}),
)
_spoken_parts = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("output_text"), "text": texts},
        optional={"annotations": st.just([]) | values, "logprobs": values},
    ),
    st.fixed_dictionaries({"type": st.just("refusal"), "refusal": texts}),
    st.fixed_dictionaries({"type": one_of("odd"), "body": values}),
)
_message_ids = ids | ids.map("msg_{}".format)
_items = st.one_of(
    st.fixed_dictionaries(
        {"role": one_of("system", "developer", "user"), "content": texts | st.lists(wire_parts, max_size=3)},
        optional={"type": st.just("message"), "id": ids, "status": one_of("completed")},
    ),
    st.fixed_dictionaries(
        {"role": st.just("assistant"), "content": texts | st.lists(_spoken_parts, max_size=3)},
        optional={
            "type": st.just("message"),
            "id": _message_ids,
            "status": one_of("completed", "incomplete"),
            "phase": st.none() | one_of("commentary", "final_answer"),
            "x": values,
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("reasoning")},
        optional={"id": st.none() | ids, "summary": values, "content": values, "encrypted_content": st.none() | said},
    ),
    st.fixed_dictionaries(
        {"type": st.just("function_call"), "call_id": ids, "name": texts},
        optional={"arguments": st.none() | texts | one_of('{"a": 1}') | st.just({"a": 1}), "id": ids},
    ),
    st.fixed_dictionaries({"type": st.just("custom_tool_call"), "call_id": ids, "name": said, "input": texts}),
    st.fixed_dictionaries(
        {
            "type": one_of("function_call_output", "custom_tool_call_output"),
            "call_id": ids,
            "output": st.none() | texts | st.lists(wire_parts, max_size=2) | st.just({"a": 1}),
        },
        optional={"status": one_of("completed"), "id": st.none() | ids},
    ),
    st.fixed_dictionaries(
        {"type": one_of("shell_call", "shell_call_output", "apply_patch_call_output"), "call_id": ids},
        optional={"output": values, "environment": st.none() | st.just({"type": "container_auto"})},
    ),
    st.fixed_dictionaries(
        {"type": one_of("image_generation_call", "web_search_call", "mcp_approval_response", "never_seen")},
        optional={"id": ids, "result": st.none() | base64 | texts, "name": values},
    ),
    st.fixed_dictionaries({"id": ids}),
)
requests = texts | st.lists(_items, max_size=5)
"""Inputs of requests as clients send them, well-formed or nearly so."""
