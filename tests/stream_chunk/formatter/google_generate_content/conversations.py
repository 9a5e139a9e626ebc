"""Conversations that generateContent holds without a loss, in normal form; and requests of all shapes."""

import json
from collections.abc import Iterator

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..drawing import Data, base64, objects, one_of, said, texts, values

OWN = "google.generate_content"

signatures = st.fixed_dictionaries({"thoughtSignature": base64})
extras: SearchStrategy[Data] = st.just({}) | signatures | st.just({"partMetadata": {"a": 1}})


def own(data: Data) -> Data:
    return {"provider_data": {OWN: data}} if data else {}


def with_place(kind: str, text: str, fields: Data) -> Data:
    """A text that is one part with *fields*."""
    empty = {} if text else {"text": ""}
    places = {"parts": [{"start": 0, "end": len(text), **fields, **empty}]} if fields else {}
    return {"type": kind, "text": text, **own(places)}


text_parts = st.builds(lambda text, more: with_place("text", text, more), texts, extras)
spoken_parts = st.builds(lambda text, more: with_place("text", text, more), said, extras) | st.builds(
    lambda more: with_place("text", "", more), signatures
)
thought_parts = st.builds(lambda text, more: with_place("reasoning", text, more), said, extras)
foreign_parts = st.just(
    {"type": "text", "text": "", **own({"parts": [{"start": 0, "end": 0, "mediaProcessing": "AGENTIC"}]})}
)
inline_parts = st.one_of(
    st.tuples(one_of("image"), one_of("image/png", "image/webp")),
    st.tuples(one_of("document"), one_of("application/pdf", "text/plain")),
)


def medium(kind: str, source: Data, mime_type: str, more: Data) -> Data:
    return {"type": kind, **source, "mime_type": mime_type, **own(more)}


sources = st.one_of(
    base64.map(lambda data: {"base64": data}),
    one_of("https://example.com/a", "gs://bucket/b.png", "https://youtu.be/x").map(lambda url: {"url": url}),
    one_of("files/abc-1").map(lambda name: {"file_id": name}),
)
kinds = st.sampled_from((
    ("image", "image/png"),
    ("audio", "audio/wav"),
    ("video", "video/mp4"),
    ("document", "application/pdf"),
    ("document", "text/csv"),
    ("file", "application/zip"),
))  # fmt: skip
media_extras: SearchStrategy[Data] = (
    st.just({}) | st.just({"mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}}) | signatures
)
media_parts = st.builds(lambda kind, source, more: medium(kind[0], source, kind[1], more), kinds, sources, media_extras)


@st.composite
def vendor_runs(draw: DrawFn, numbers: Iterator[int]) -> list[Data]:
    run = f"run{next(numbers)}"
    code = {"language": "PYTHON", "code": draw(said)}
    call: Data = {"type": "server_tool_call", "tool_call_id": run, "tool_name": "code_execution"}
    call |= {"arguments": json.dumps(code, ensure_ascii=False, separators=(",", ":")), "status": "in_progress"}
    result: Data = {"type": "tool_result", "tool_call_id": run, "tool_name": "code_execution", "content": draw(texts)}
    return [
        {**call, **own({"part": {"executableCode": {"id": run, **code}, **draw(extras)}})},
        {
            **result,
            **own({"part": {"codeExecutionResult": {"id": run, "outcome": "OUTCOME_OK", "output": result["content"]}}}),
        },
    ]


@st.composite
def calls(draw: DrawFn, numbers: Iterator[int], minted: Iterator[int]) -> Data:
    named = draw(st.booleans())
    call_id = f"c{next(numbers)}" if named else f"call_{next(minted)}"
    data = draw(extras) | ({} if named else {"id": None})
    arguments = json.dumps(draw(objects), ensure_ascii=False)
    call = {"type": "tool_call", "id": call_id, "name": draw(one_of("f", "g")), "arguments": arguments}
    return {**call, "kind": "function", **own(data)}


@st.composite
def answers(draw: DrawFn, call: Data) -> Data:
    plain = draw(
        st.lists(said, min_size=1, max_size=2) | objects.map(lambda one: [json.dumps(one, ensure_ascii=False)])
    )
    parts = [{"type": "text", "text": text} for text in plain]
    pictures = st.builds(lambda kind, data: medium(kind[0], {"base64": data}, kind[1], {}), inline_parts, base64)
    content = parts + draw(st.lists(pictures, max_size=1))
    failed = {"is_error": True} if draw(st.booleans()) and not plain[0].startswith("{") else {}
    more = own(draw(st.just({}) | st.just({"scheduling": "SILENT"})))
    answer = {"role": "tool", "tool_call_id": call["id"], **failed, "tool_name": call["name"]}
    return {**answer, "content": content, **more}


@st.composite
def turns(draw: DrawFn, numbers: Iterator[int], minted: Iterator[int]) -> list[Data]:
    """A user's message, an assistant's, and the answers to its calls."""
    given = draw(st.lists(text_parts | media_parts | foreign_parts, min_size=1, max_size=3))
    if not draw(st.booleans()):
        return [{"role": "user", "content": given}]
    spoken = draw(st.lists(spoken_parts | thought_parts | foreign_parts | media_parts, max_size=3))
    ran = draw(vendor_runs(numbers)) if draw(st.booleans()) else []
    called = [draw(calls(numbers, minted)) for _ in range(draw(st.integers(0, 2)))]
    parts = [*spoken, *ran, *called] or [with_place("text", draw(texts), {})]
    return [
        {"role": "user", "content": given},
        {"role": "assistant", "content": parts},
        *[draw(answers(call)) for call in called],
    ]


@st.composite
def supported(draw: DrawFn) -> list[Data]:
    """Normal forms that the formatter must give back unchanged."""
    numbers, minted = iter(range(1000)), iter(range(1000))
    system = st.builds(
        lambda parts: [{"role": "system", "content": parts}], st.lists(text_parts, min_size=1, max_size=2)
    )
    found: list[Data] = draw(st.just([]) | system)
    for _ in range(draw(st.integers(0, 3))):
        found += draw(turns(numbers, minted))
    return found


wire_fields = st.fixed_dictionaries(
    {},
    optional={
        "text": st.none() | texts,
        "thought": st.booleans(),
        "thoughtSignature": base64,
        "thought_signature": base64,
        "videoMetadata": objects,
    },
)
wire_calls = st.fixed_dictionaries(
    {
        "functionCall": st.fixed_dictionaries(
            {"name": said}, optional={"id": st.none() | one_of("a", "b"), "args": objects, "more": values}
        )
    },
    optional={"thoughtSignature": base64},
)
wire_answers = st.fixed_dictionaries(
    {
        "functionResponse": st.fixed_dictionaries(
            {
                "response": objects
                | st.fixed_dictionaries({"result": texts})
                | st.fixed_dictionaries({"error": st.lists(texts)})
            },
            optional={
                "name": said,
                "id": one_of("a", "b"),
                "willContinue": st.booleans(),
                "parts": st.lists(st.just({"inlineData": {"mimeType": "image/png", "data": "AAAA"}}), max_size=1),
            },
        )
    },
    optional={"partMetadata": objects},
)
wire_media = st.one_of(
    st.fixed_dictionaries(
        {
            "inlineData": st.fixed_dictionaries(
                {"mimeType": one_of("image/png", "audio/L16;rate=24000"), "data": base64},
                optional={"displayName": texts},
            )
        }
    ),
    st.fixed_dictionaries({"inline_data": st.just({"mime_type": "application/pdf", "data": "AAAA"})}),
    st.fixed_dictionaries(
        {
            "fileData": st.fixed_dictionaries(
                {"fileUri": one_of("https://e.com/a.mp4", "gs://b/c", "https://youtu.be/x", "https://[")},
                optional={"mimeType": one_of("video/mp4")},
            )
        }
    ),
)
wire_runs = st.sampled_from((
    {"executableCode": {"language": "PYTHON", "code": "1"}},
    {"codeExecutionResult": {"outcome": "OUTCOME_FAILED", "output": "no"}},
    {"toolCall": {"id": "s", "toolType": "GOOGLE_SEARCH_WEB", "args": {"q": 1}}},
    {"toolResponse": {"toolType": "GOOGLE_SEARCH_WEB", "response": {"a": 1}}},
))  # fmt: skip
wire_parts = wire_fields | wire_calls | wire_answers | wire_media | wire_runs
contents = st.lists(
    st.fixed_dictionaries(
        {"parts": st.lists(wire_parts, max_size=3)}, optional={"role": one_of("user", "model", "function")}
    ),
    max_size=4,
)
instructions = st.none() | st.fixed_dictionaries(
    {"parts": st.lists(wire_fields, max_size=2)}, optional={"role": one_of("user", "system")}
)
"""Contents of requests as clients send them, well-formed or nearly so."""
