"""The facts of a Messages stream: read from our chunks, and from a recording's `expect.json`, in one form."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.recorded import Recording

Facts = dict[str, Any]
USAGE_NAMES = ("input_tokens", "output_tokens", "reasoning_tokens", "cached_input_tokens")


def expected_facts(recording: Recording) -> Facts:
    """Return the facts of `expect.json`; of an HTTP error it tells the error and nothing else."""
    expect = recording.expect
    error = expect["error"]
    facts: Facts = {"error": None if error is None else error["message"], "citation_urls": expect["citation_urls"]}
    if recording.meta["kind"] == "http-error":
        return facts
    return facts | {
        "text": expect["text"],
        "reasoning": expect["reasoning"],
        "tool_calls": [_picked(call, "id", "name", "arguments_raw", "arguments") for call in expect["tool_calls"]],
        "server_tool_calls": [_server(item) for item in expect["server_tool_calls"]],
        "signatures": [_picked(one, "len", "sha256") for one in expect["signatures"]],
        "finish_reason": expect["finish_reason"],
        "stop_sequence": expect.get("stop_sequence"),
        "usage": {name: number for name, number in expect["usage"].items() if number is not None},
        "usage_raw": expect["usage_raw"],
        "citation_count": expect["citation_count"],
        "model": expect["model"],
        "response_id": expect["response_id"],
        "container_id": expect.get("container_id"),
        "context_management": expect.get("context_management"),
    }


def facts_of(chunks: list[BaseStreamChunk]) -> Facts:
    """Return the same facts, read from *chunks*."""
    texts = [chunk for chunk in chunks if isinstance(chunk, TextStreamChunk)]
    citations = [chunk.citation for chunk in texts if chunk.citation is not None]
    response = next((chunk.response for chunk in texts if chunk.response is not None), None) or {}
    done = texts[-1]
    usage = done.usage or {}
    return {
        "text": "".join(chunk.content or "" for chunk in texts if chunk.type == "content"),
        "reasoning": "".join(chunk.reasoning_delta or "" for chunk in texts),
        "tool_calls": tool_calls(texts),
        "server_tool_calls": list(_server_tool_calls(texts)),
        "signatures": [_digest(opaque) for chunk in texts for opaque in _opaque(chunk)],
        "finish_reason": done.raw_finish_reason,
        "stop_sequence": (done.finish_details or {}).get("stop_sequence"),
        "usage": {name: usage[name] for name in USAGE_NAMES if name in usage},
        "usage_raw": usage.get("raw"),
        "citation_count": len(citations),
        "citation_urls": list(dict.fromkeys(citation["url"] for citation in citations if "url" in citation)),
        "error": next((chunk.error for chunk in texts if chunk.type == "error"), None),
        "model": next((chunk.model for chunk in texts if chunk.type == "start"), None),
        "response_id": next((chunk.response_id for chunk in texts if chunk.type == "start"), None),
        "container_id": (response.get("container") or {}).get("id"),
        "context_management": response.get("context_management"),
    }


def tool_calls(texts: list[TextStreamChunk]) -> list[Facts]:
    """Return every call as its deltas tell it, in order."""
    calls: dict[str, Facts] = {}
    for chunk in texts:
        if chunk.type == "tool_call_delta":
            call = calls.setdefault(chunk.tool_call_id or "", {"id": chunk.tool_call_id, "arguments_raw": ""})
            call.setdefault("name", chunk.tool_name)
            call["arguments_raw"] += chunk.arguments_delta
    return [call | {"arguments": parsed(call["arguments_raw"])} for call in calls.values()]


def own(chunk: TextStreamChunk) -> Facts:
    """Return the protocol's own data of a chunk."""
    data: Facts = (chunk.provider_data or {}).get("anthropic.messages", {})
    return data


def parsed(arguments: str) -> Any:
    try:
        return json.loads(arguments or "{}")
    except json.JSONDecodeError:
        return None


def _server_tool_calls(texts: list[TextStreamChunk]) -> Iterator[Facts]:
    for chunk in texts:
        block = own(chunk).get("block", {})
        if chunk.type == "server_tool_call" and chunk.arguments is not None:
            call = {"id": chunk.tool_call_id, "name": chunk.tool_name, "arguments": parsed(chunk.arguments)}
            yield call | {"kind": block["type"]}
        elif chunk.type == "tool_result":
            yield {"kind": "result", "type": block["type"], "tool_use_id": chunk.tool_call_id}
        elif chunk.type == "content" and block.get("type") in ("compaction", "fallback"):
            yield {"kind": "result", "type": block["type"], "tool_use_id": None}


def _server(item: Facts) -> Facts:
    if item["kind"] == "result":
        return _picked(item, "kind", "type", "tool_use_id")
    return _picked(item, "id", "name", "arguments", "kind")


def _opaque(chunk: TextStreamChunk) -> Iterator[str]:
    data = own(chunk)
    if data.get("signature"):
        yield data["signature"]
    if chunk.type == "reasoning" and "block" in data:
        yield data["block"]["data"]


def _digest(opaque: str) -> Facts:
    return {"len": len(opaque), "sha256": hashlib.sha256(opaque.encode()).hexdigest()}


def _picked(value: Facts, *names: str) -> Facts:
    return {name: value[name] for name in names}
