"""Messages of the real protobuf types: made by hand, and generated."""

import json
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from google.protobuf import json_format
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from xai_sdk.proto import chat_pb2

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.wire.grok import GrokDecoder, GrokEncoder

Data = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


def message(document: Data) -> Any:
    return json_format.ParseDict(document, chat_pb2.GetChatCompletionChunk())


def output(
    index: int = 0, *, role: str | int = "ROLE_ASSISTANT", finish: str | int | None = None, **delta: Any
) -> Data:
    said: Data = {"index": index, "delta": {"role": role, **delta}}
    return said if finish is None else {**said, "finish_reason": finish}


def saying(*outputs: Data, **fields: Any) -> Data:
    return {"id": "r-1", "model": "grok-4.6", "outputs": list(outputs), **fields}


def client_call(call_id: str = "c-1", name: str = "add", arguments: str = '{"a":1}', **more: Any) -> Data:
    function = {"name": name, "arguments": arguments}
    return {"id": call_id, "type": "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL", "function": function, **more}


def server_call(call_id: str = "s-1", kind: str | int = "WEB_SEARCH", status: str = "IN_PROGRESS", **more: Any) -> Data:
    call_type = f"TOOL_CALL_TYPE_{kind}_TOOL" if isinstance(kind, str) else kind
    function = {"name": "web_search", "arguments": '{"query":"x"}'}
    return {"id": call_id, "type": call_type, "status": f"TOOL_CALL_STATUS_{status}", "function": function, **more}


def image_result(data: bytes = PNG, mime_type: str = "image/png", **more: Any) -> str:
    url = f"data:{mime_type};base64,{b64encode(data).decode()}"
    return json.dumps({"__type": "image_generation_result", "result": url, "image_uuid": "u-1", **more})


def decoded(documents: Iterable[Data], *, choices: int = 1) -> list[BaseStreamChunk]:
    decoder = GrokDecoder(choices=choices)
    chunks = [chunk for one in documents for chunk in decoder.feed_message(message(one))]
    return chunks + decoder.close()


def encoded(chunks: Iterable[BaseStreamChunk]) -> tuple[list[Data], list[str]]:
    encoder = GrokEncoder()
    documents = [one for chunk in chunks for one in encoder.encode(chunk)] + encoder.close()
    return documents, encoder.losses


def _sometimes(**fields: SearchStrategy[Any]) -> SearchStrategy[Data]:
    return st.fixed_dictionaries({}, optional=fields)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
ids = st.sampled_from(["", "a", "b", "c"])
functions = st.fixed_dictionaries(
    {"name": st.sampled_from(["", "add", "imagine"]), "arguments": st.sampled_from(["", "{}", "[1", "null", '{"a":1}'])}
)
statuses = st.integers(0, 4)
calls = st.fixed_dictionaries(
    {"id": ids, "type": st.sampled_from([0, 1, 2, 6, 9, 10]), "function": functions},
    optional={"status": statuses, "error_message": texts},
)
outcomes = (
    texts
    | st.builds(image_result, st.binary(max_size=5), st.sampled_from(["image/png", "image/jpeg"]), more=texts)
    | st.sampled_from(['{"__type":"image_generation_result","result":"data:image/png;base64,?"}', "{"])
)
citations = st.fixed_dictionaries(
    {},
    optional={
        "id": ids,
        "start_index": st.integers(-1, 9),
        "end_index": st.integers(-1, 9),
        "web_citation": st.builds(lambda url: {"url": url}, texts),
    },
)
spoken = st.fixed_dictionaries(
    {"role": st.sampled_from([0, 2, 2, 2, 7])},
    optional={
        "content": texts,
        "reasoning_content": texts,
        "encrypted_content": texts,
        "tool_calls": st.lists(calls, max_size=2),
        "citations": st.lists(citations, max_size=2),
    },
)
heard = st.fixed_dictionaries(
    {"role": st.just(5)},
    optional={"content": outcomes, "encrypted_content": texts, "tool_calls": st.lists(calls, max_size=2)},
)
logprobs = st.builds(
    lambda token, number: {"content": [{"token": token, "logprob": number}]},
    texts,
    st.floats(width=32, allow_nan=False, allow_infinity=False) | st.just("-Infinity"),
)


def _outputs(index: SearchStrategy[int], delta: SearchStrategy[Data]) -> SearchStrategy[Data]:
    finish = st.sampled_from([0, 1, 2, 3, 4, 5, 9])
    return st.fixed_dictionaries({"index": index, "delta": delta}, optional={"finish_reason": finish})


# An output keeps its role: the assistant speaks in one, or a tool does.
outputs = st.one_of(
    st.builds(
        lambda one, more: {**one, **more}, _outputs(st.sampled_from([0, 2]), spoken), _sometimes(logprobs=logprobs)
    ),
    _outputs(st.sampled_from([1, 3]), heard),
)
usages = _sometimes(
    prompt_tokens=st.integers(0, 9),
    completion_tokens=st.integers(0, 9),
    total_tokens=st.integers(0, 30),
    reasoning_tokens=st.integers(0, 9),
    cost_in_usd_ticks=st.integers(0, 2**40),
    server_side_tools_used=st.lists(st.sampled_from([1, 2, 11, 99]), max_size=2),
)
documents = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("r-1"),
        "model": st.just("grok-4.6"),
        "created": st.sampled_from(["2026-11-20T12:00:00Z", "2026-11-20T12:00:00.5Z"]),
        "outputs": st.lists(outputs, max_size=3),
        "usage": usages,
        "citations": st.lists(texts, max_size=2),
        "system_fingerprint": ids,
        "service_tier": st.sampled_from([0, 1, 2]),
        "output_files": st.lists(_sometimes(file_id=ids, name=texts), max_size=2),
        "debug_output": _sometimes(attempts=st.integers(0, 3)),
    },
)
streams = st.lists(documents, max_size=6)
