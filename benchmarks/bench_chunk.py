"""One chunk: construct, encode, decode; against the origin's shape and pydantic."""

from __future__ import annotations

from typing import Any

from massgen_stream.stream_chunk import ChunkType, TextStreamChunk, decode_json, encode_json

from .contenders import FIELDS, DataclassChunk, Kind, PydanticChunk
from .table import Report
from .timing import per_call

CALLS = ({"id": "call_1", "name": "get_weather", "arguments": '{"city": "Florence"}', "kind": "function"},)


STATEMENTS = {
    "construct": (
        'TextStreamChunk(type=CONTENT, source="agent_1", timestamp=1765000000.123, sequence_number=12345,'
        ' stream_id="stream-0f3a", content=" rivers run to the sea", item_id="msg_1")'
    ),
    "encode": "encode_json(ours)",
    "decode": "decode_json(wire)",
    "calls encode": "encode_json(calls)",
    "calls decode": "decode_json(calls_wire)",
    "origin encode": "origin.encode()",
    "origin decode": "DataclassChunk.decode(origin_wire)",
    "pydantic encode": "model.model_dump_json(exclude_none=True)",
    "pydantic decode": "PydanticChunk.model_validate_json(model_wire)",
}


def _names() -> dict[str, Any]:
    ours = TextStreamChunk(type=ChunkType.CONTENT, **FIELDS)
    calls = TextStreamChunk(type=ChunkType.TOOL_CALLS, tool_calls=list(CALLS), source="agent_1", sequence_number=3)
    origin, model = DataclassChunk(type=Kind.CONTENT, **FIELDS), PydanticChunk(type=Kind.CONTENT, **FIELDS)
    return {
        "CONTENT": ChunkType.CONTENT,
        "ours": ours,
        "wire": encode_json(ours),
        "calls": calls,
        "calls_wire": encode_json(calls),
        "origin": origin,
        "origin_wire": origin.encode(),
        "model": model,
        "model_wire": model.model_dump_json(exclude_none=True),
        "DataclassChunk": DataclassChunk,
        "PydanticChunk": PydanticChunk,
        "TextStreamChunk": TextStreamChunk,
        "encode_json": encode_json,
        "decode_json": decode_json,
    }


def run() -> Report:
    report = Report("chunk", "A `content` chunk with all base fields; µs per operation.")
    times = per_call(STATEMENTS, _names())
    for name, target in (
        ("construct", 0.25),
        ("encode", 0.45),
        ("decode", 0.6),
        ("calls encode", 4),
        ("calls decode", 4),
    ):
        report.add(name.replace("calls", "chunk with containers:"), times[name], "µs", target)
    for peer, encode, decode in (("origin", 6, 4), ("pydantic", 3, 3)):
        report.add(f"{peer} encode", times[f"{peer} encode"], "µs")
        report.add(f"{peer} decode", times[f"{peer} decode"], "µs")
        report.add(f"encode against {peer}", times[f"{peer} encode"] / times["encode"], "×", encode, at_least=True)
        report.add(f"decode against {peer}", times[f"{peer} decode"] / times["decode"], "×", decode, at_least=True)
    return report
