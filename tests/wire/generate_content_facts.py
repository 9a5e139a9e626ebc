"""The facts of a `google.generate_content` stream: from our chunks, and from `expect.json`, in one form."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.recorded import Recording

Facts = dict[str, Any]
PROTOCOL = "google.generate_content"
USAGE_NAMES = ("input_tokens", "output_tokens", "total_tokens", "reasoning_tokens", "cached_input_tokens")


def expected_facts(recording: Recording) -> Facts:
    """Return the facts of `expect.json`; of an HTTP error it tells the error and nothing else."""
    expect = recording.expect
    facts: Facts = {"error": _picked(expect["error"], "message", "code")}
    if recording.meta["kind"] == "http-error":
        return facts
    usage = expect["usage"]
    return facts | {
        "text": expect["text"],
        "text_by_choice": _without_empty(expect["text_by_choice"]),
        "reasoning": expect["reasoning"],
        "tool_calls": [_picked(call, "name", "arguments", "choice", "kind") for call in expect["tool_calls"]],
        "call_ids": [call["id"] for call in expect["tool_calls"]],
        "server_tools": [_server_tool(tool) for tool in expect["server_tool_calls"]],
        "finish_reasons": _without_empty(expect["finish_reasons"]),
        "usage": None if usage is None else {name: usage[name] for name in usage if usage[name] is not None},
        "usage_raw": expect["usage_raw"],
        "signatures": [_picked(signature, "len", "sha256") for signature in expect["signatures"]],
        "media": [(m["kind"], m["mime"], m["size"], m["sha256"]) for m in expect["media"]],
        "citation_urls": expect["citation_urls"],
        "citation_count": expect.get("citation_count", 0),
        "model": expect["model"] or None,
        "response_id": expect["response_id"] or None,
    }


def facts_of(chunks: list[BaseStreamChunk]) -> Facts:
    """Return the same facts, read from *chunks*."""
    texts = [chunk for chunk in chunks if isinstance(chunk, TextStreamChunk)]
    media = [chunk for chunk in chunks if isinstance(chunk, MultimodalStreamChunk)]
    calls = [(chunk.choice_index or 0, call) for chunk in texts for call in chunk.tool_calls or ()]
    citations = [chunk.citation for chunk in texts if chunk.citation is not None]
    return {
        **_text_facts(texts),
        "tool_calls": [_call(choice, call) for choice, call in calls],
        "call_ids": [_vendor_id(call) for _, call in calls],
        "server_tools": [_own(chunk)["part"] for chunk in texts if chunk.type in ("server_tool_call", "tool_result")],
        **_end_facts(texts[-1]),
        "signatures": [digest(signature) for chunk in chunks for signature in _signatures(chunk)],
        "media": [_medium(chunk) for chunk in media if not chunk.is_partial],
        "citation_urls": _distinct(citation["url"] for citation in citations if "url" in citation),
        "citation_count": len(citations),
        "error": next((_error(chunk) for chunk in texts if _is_of_vendor(chunk)), None),
        "model": next((chunk.model for chunk in texts if chunk.type == "start"), None),
        "response_id": next((chunk.response_id for chunk in texts if chunk.type == "start"), None),
    }


def told_arguments(chunks: list[BaseStreamChunk]) -> dict[str, str]:
    """Return the arguments of every call as its deltas tell them."""
    told: dict[str, str] = defaultdict(str)
    for chunk in chunks:
        if isinstance(chunk, TextStreamChunk) and chunk.type == "tool_call_delta":
            told[chunk.tool_call_id or ""] += chunk.arguments_delta or ""
    return dict(told)


def _call(choice: int, call: Facts) -> Facts:
    return {
        "name": call["name"],
        "arguments": json.loads(call["arguments"]),
        "choice": choice,
        "kind": call["kind"],
    }


def _vendor_id(call: Facts) -> str | None:
    own = call.get("provider_data", {}).get(PROTOCOL, {})
    found: str | None = own.get("id", call["id"])
    return found


def _server_tool(tool: Facts) -> Facts:
    """Return the wire's part, as far as `expect.json` tells it."""
    if tool["type"] == "executable_code":
        return {"executableCode": _picked(tool, "language", "code")}
    if tool["type"] == "code_execution_result":
        return {"codeExecutionResult": _picked(tool, "outcome", "output")}
    return {tool["type"]: {"toolType": tool["name"], "id": tool["id"]}}


def without_opaque(part: Facts) -> Facts:
    """Return a part of a server tool without what `expect.json` does not tell."""
    field, said = next((name, value) for name, value in part.items() if isinstance(value, dict))
    known = ("language", "code", "outcome", "output", *(("toolType", "id") if field.startswith("tool") else ()))
    return {field: {name: value for name, value in said.items() if name in known}}


def _text_facts(texts: list[TextStreamChunk]) -> Facts:
    joined: dict[tuple[str, int], str] = defaultdict(str)
    for chunk in texts:
        if chunk.type in ("content", "reasoning"):
            joined[chunk.type, chunk.choice_index or 0] += chunk.content or chunk.reasoning_delta or ""
    return {
        "text_by_choice": {str(choice): text for (kind, choice), text in joined.items() if kind == "content" and text},
        "text": joined["content", 0],
        "reasoning": joined["reasoning", 0],
    }


def _end_facts(done: TextStreamChunk) -> Facts:
    others = (done.finish_details or {}).get("choices", [])
    reasons = {"0": done.raw_finish_reason} | {str(row["index"]): row.get("raw_finish_reason") for row in others}
    usage = done.usage
    named = {name: usage[name] for name in USAGE_NAMES if name in usage} if usage is not None else None
    raw = usage["raw"] if usage is not None else None
    return {"finish_reasons": _without_empty(reasons), "usage": named, "usage_raw": raw}


def _signatures(chunk: BaseStreamChunk) -> Iterator[str]:
    """Every signature that a next request would send back."""
    own = _own(chunk)
    calls = [call.get("provider_data", {}).get(PROTOCOL, {}) for call in getattr(chunk, "tool_calls", None) or ()]
    for place in (own, own.get("part", {}), *own.get("parts", []), *calls):
        if "thoughtSignature" in place:
            yield place["thoughtSignature"]


def _own(chunk: BaseStreamChunk) -> Facts:
    found: Facts = (getattr(chunk, "provider_data", None) or {}).get(PROTOCOL, {})
    return found


def digest(opaque: str) -> Facts:
    return {"len": len(opaque), "sha256": hashlib.sha256(opaque.encode()).hexdigest()}


def _medium(chunk: MultimodalStreamChunk) -> tuple[str, str, int | None, str | None]:
    metadata = chunk.media_metadata
    assert metadata is not None
    checksum = metadata.checksum.removeprefix("sha256:") if metadata.checksum else None
    return str(chunk.media_type), metadata.mime_type, metadata.size_bytes, checksum


def _is_of_vendor(chunk: TextStreamChunk) -> bool:
    """A stream that is cut is our own error; `expect.json` knows the vendor's."""
    return chunk.type == "error" and (chunk.error_info or {}).get("kind") != "transport"


def _error(chunk: TextStreamChunk) -> Facts:
    return {"message": chunk.error, "code": (chunk.error_info or {}).get("code")}


def _picked(value: Facts | None, *names: str) -> Facts | None:
    return None if value is None else {name: value[name] for name in names}


def _distinct(values: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _without_empty(value: Facts) -> Facts:
    return {key: item for key, item in value.items() if item}
