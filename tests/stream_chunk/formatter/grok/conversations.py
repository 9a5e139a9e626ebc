"""Conversations that xAI's messages hold without a loss, in normal form; and requests of all shapes."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..drawing import Data, base64, said, texts

WEB, IMAGE = "TOOL_CALL_TYPE_WEB_SEARCH_TOOL", "TOOL_CALL_TYPE_IMAGE_GENERATION_TOOL"


def grok(data: Data) -> Data:
    return {"provider_data": {"grok": data}} if data else {}


def part(type_: str, **fields: SearchStrategy[Any]) -> SearchStrategy[Data]:
    return st.fixed_dictionaries({"type": st.just(type_), **fields})


text_parts = part("text", text=said)
details = st.sampled_from(["DETAIL_LOW", "DETAIL_HIGH"])
media_parts = st.one_of(
    part("image", url=st.sampled_from(["https://example.com/a.png", "gs://b/c"])),
    part("image", base64=base64, mime_type=st.sampled_from(["image/png", "image/jpeg"])),
    part("image", file_id=said),
    st.builds(lambda one, detail: {**one, **grok({"detail": detail})}, part("image", file_id=said), details),
    part("document", base64=base64, mime_type=st.just("application/pdf"), filename=said),
    part("document", url=st.just("https://example.com/a"), mime_type=st.just("application/pdf")),
    part("file", base64=base64, mime_type=st.just("application/zip")),
    part("file", file_id=said),
)


def raw_call(number: int, kind: str, *, ended: bool) -> Data:
    status = {"status": "TOOL_CALL_STATUS_COMPLETED"} if ended else {}
    return {"id": f"s{number}", "type": kind, **status, "function": {"name": "f", "arguments": "{}"}}


def server_call(number: int, kind: str) -> Data:
    name = kind.removeprefix("TOOL_CALL_TYPE_").removesuffix("_TOOL").lower()
    known = {"tool_call_id": f"s{number}", "tool_name": name, "arguments": "{}", "status": "in_progress"}
    return {"type": "server_tool_call", **known, **grok({"tool_call": raw_call(number, kind, ended=False)})}


def result(number: int, kind: str, content: str, encrypted: str) -> Data:
    name = kind.removeprefix("TOOL_CALL_TYPE_").removesuffix("_TOOL").lower()
    own = {"tool_calls": [raw_call(number, kind, ended=True)]} | ({"encrypted_content": encrypted} if encrypted else {})
    known = {"tool_call_id": f"s{number}", "content": content, "tool_name": name}
    return {"type": "tool_result", **known, **grok(own)}


@st.composite
def spoken(draw: DrawFn, *, least: int = 0) -> list[Data]:
    """Reasoning and text of one output; one that follows a call at once begins with something to read."""
    parts: list[Data] = []
    text = draw(said if least else texts)
    encrypted = draw(texts)
    if text or encrypted:
        own = {"encrypted_content": [encrypted]} if encrypted else {}
        parts.append({"type": "reasoning", "text": text, **grok(own)})
    return parts + draw(st.lists(text_parts, min_size=least, max_size=2))


@st.composite
def assistants(draw: DrawFn, numbers: Any) -> list[Data]:
    """An assistant's turn: perhaps with tools of xAI's, perhaps with calls of the client's, and answers to them."""
    parts: list[Data] = []
    for _ in range(draw(st.integers(0, 2))):
        parts += draw(spoken(least=1) if parts and parts[-1]["type"] == "server_tool_call" else spoken())
        chosen = [(next(numbers), draw(st.sampled_from([WEB, IMAGE]))) for _ in range(draw(st.integers(1, 2)))]
        parts += [server_call(*one) for one in chosen]
        if draw(st.booleans()):
            parts += [result(*one, draw(texts), draw(texts)) for one in chosen]
    parts += draw(spoken(least=1))
    arguments = st.dictionaries(said, st.integers(), max_size=2).map(json.dumps)
    known = part("tool_call", name=said, arguments=arguments, kind=st.just("function"))
    calls = [{**one, "id": f"c{next(numbers)}"} for one in draw(st.lists(known, max_size=2))]
    status = grok({"status": "TOOL_CALL_STATUS_COMPLETED"}) if draw(st.booleans()) else {}
    calls = [{**call, **status} for call in calls]
    answers = [
        {"role": "tool", "tool_call_id": call["id"], "content": draw(st.lists(text_parts, min_size=1, max_size=2))}
        for call in calls
    ]
    return [{"role": "assistant", "content": [*parts, *calls]}, *answers]


@st.composite
def supported(draw: DrawFn) -> list[Data]:
    """Normal forms that the formatter must give back unchanged; the assistant never speaks twice without an answer."""
    numbers = iter(range(1000))
    found: list[Data] = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["system", "user", "assistant"]))
        if kind == "assistant" and (not found or found[-1]["role"] != "assistant"):
            found += draw(assistants(numbers))
            continue
        content = draw(st.lists(text_parts if kind == "system" else text_parts | media_parts, min_size=1, max_size=3))
        named = {"name": draw(said)} if draw(st.booleans()) else {}
        own = grok({"role": "ROLE_DEVELOPER"}) if kind == "system" and draw(st.booleans()) else {}
        role = "user" if kind == "assistant" else kind
        found.append({"role": role, "content": content, **named, **own})
    return found


wire_contents = st.lists(
    st.one_of(
        st.builds(lambda text: {"text": text}, texts),
        st.builds(
            lambda url, detail: {"image_url": {"image_url": url, **detail}},
            st.sampled_from(["https://e.com/a", "data:image/png;base64,AAAA", "data:;base64,AAAA"]),
            st.fixed_dictionaries({}, optional={"detail": details}),
        ),
        st.builds(
            lambda body: {"file": body},
            st.one_of(
                st.fixed_dictionaries({"file_id": said}),
                st.fixed_dictionaries({"data": base64}, optional={"filename": said, "mime_type": st.just("text/csv")}),
                st.fixed_dictionaries({"url": said}, optional={"filename": said}),
            ),
        ),
    ),
    max_size=2,
)
wire_calls = st.builds(
    lambda number, kind, name, more: {
        "id": f"w{number}",
        "function": {"name": name, "arguments": "{}"},
        **kind,
        **more,
    },
    st.integers(0, 3),
    st.sampled_from([{}, {"type": WEB}, {"type": IMAGE}, {"type": "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL"}]),
    said,
    st.fixed_dictionaries({}, optional={"status": st.just("TOOL_CALL_STATUS_FAILED"), "error_message": texts}),
)
wire_messages = st.fixed_dictionaries(
    {
        "role": st.sampled_from(
            ["ROLE_USER", "ROLE_ASSISTANT", "ROLE_ASSISTANT", "ROLE_SYSTEM", "ROLE_TOOL", "ROLE_DEVELOPER", 1, 2, 5]
        )
    },
    optional={
        "content": wire_contents,
        "reasoning_content": texts,
        "encrypted_content": texts,
        "tool_calls": st.lists(wire_calls, max_size=2),
        "tool_call_id": st.sampled_from(["w0", "w1", "w2", "w3"]),
        "name": said,
    },
)
requests = st.lists(wire_messages, max_size=5)
