"""The facts of a Responses stream: read from our chunks, and from a recording's `expect.json`, in one form."""

import hashlib
import json
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.recorded import Recording

Facts = dict[str, Any]
API = "openai.responses"
USAGE_NAMES = ("input_tokens", "output_tokens", "total_tokens", "reasoning_tokens", "cached_input_tokens")


def expected_facts(recording: Recording) -> Facts:
    """Return the facts of `expect.json`; of an HTTP error it tells the error and nothing else."""
    expect = recording.expect
    facts: Facts = {"error": _picked(expect["error"], "message", "code"), "citation_urls": expect["citation_urls"]}
    if recording.meta["kind"] == "http-error":
        return facts
    told = ("text", "reasoning", "refusal", "finish_reason", "usage_raw", "model", "response_id", "citation_count")
    return facts | {
        **{name: expect[name] for name in told},
        "incomplete_reason": expect.get("incomplete_reason"),
        "tool_calls": [_picked(call, "id", "name", "arguments_raw", "kind") for call in expect["tool_calls"]],
        "server_tool_calls": [(tool["type"], tool["id"]) for tool in expect["server_tool_calls"]],
        "usage": _without_none(expect["usage"]),
        "signatures": [_picked(signature, "len", "sha256") for signature in expect["signatures"]],
        "media": sorted(
            (m["kind"], m["mime"], m["size"], m["sha256"], m["id"], m["partial"], m.get("index"))
            for m in expect["media"]
        ),
    }


def facts_of(chunks: list[BaseStreamChunk]) -> Facts:
    """Return the same facts, read from *chunks*."""
    texts = [chunk for chunk in chunks if isinstance(chunk, TextStreamChunk)]
    media = [chunk for chunk in chunks if isinstance(chunk, MultimodalStreamChunk)]
    done = texts[-1]
    citations = [chunk.citation for chunk in texts if chunk.citation is not None]
    reasoning = "".join(chunk.reasoning_delta or "" for chunk in texts)
    return {
        "text": "".join(chunk.content or "" for chunk in texts if chunk.type == "content"),
        "refusal": "".join(chunk.content or "" for chunk in texts if chunk.type == "refusal"),
        "reasoning": reasoning or "".join(chunk.reasoning_summary_delta or "" for chunk in texts),
        "finish_reason": done.raw_finish_reason,
        "incomplete_reason": ((done.finish_details or {}).get("incomplete_details") or {}).get("reason"),
        "tool_calls": tool_calls(texts),
        "server_tool_calls": _server_items(texts),
        "usage": {name: done.usage[name] for name in USAGE_NAMES if name in done.usage} if done.usage else None,
        "usage_raw": done.usage["raw"] if done.usage else None,
        "signatures": [_digest(item["encrypted_content"]) for item in _reasoning_items(texts)],
        "media": sorted(_medium(chunk) for chunk in media if chunk.type == "media"),
        "citation_count": len(citations),
        "citation_urls": [citation["url"] for citation in citations if "url" in citation],
        "error": next((_error(chunk) for chunk in texts if chunk.type == "error"), None),
        "model": next((chunk.model for chunk in texts if chunk.type == "start"), None),
        # Copilot names the response otherwise in every event; the last one is that of the response
        "response_id": next((chunk.response["id"] for chunk in texts if chunk.response is not None), None),
    }


def tool_calls(texts: list[TextStreamChunk]) -> list[Facts]:
    """Return every call as its deltas tell it, in order of its announcement; its kind from the final."""
    calls: dict[str, Facts] = {}
    for chunk in texts:
        if chunk.type == "tool_call_delta":
            call_id = chunk.tool_call_id or ""
            call = calls.setdefault(call_id, {"id": call_id, "name": "", "arguments_raw": "", "kind": None})
            call["name"] = chunk.tool_name or call["name"]
            call["arguments_raw"] += chunk.arguments_delta
        for final in chunk.tool_calls or ():
            calls[final["id"]]["kind"] = final["kind"]
    return list(calls.values())


def _server_items(texts: list[TextStreamChunk]) -> list[tuple[str, str]]:
    """Return type and id of each item of the vendor's own tools, in order of appearance."""
    items = [
        _own(chunk).get("item")
        for chunk in texts
        if chunk.type in ("server_tool_call", "tool_result") and chunk.provider_data
    ]
    seen = [(item["type"], item["id"]) for item in items if item is not None and item["type"] != "compaction"]
    return list(dict.fromkeys(seen))


def _reasoning_items(texts: list[TextStreamChunk]) -> list[Facts]:
    items = [_own(chunk)["item"] for chunk in texts if chunk.type == "reasoning" and chunk.provider_data]
    return [item for item in items if item.get("encrypted_content")]


def _own(chunk: TextStreamChunk) -> Facts:
    own = (chunk.provider_data or {})[API]
    assert isinstance(own, dict)
    return own


def _digest(opaque: str) -> Facts:
    return {"len": len(opaque), "sha256": hashlib.sha256(opaque.encode()).hexdigest()}


def _medium(chunk: MultimodalStreamChunk) -> tuple[object, ...]:
    metadata = chunk.media_metadata
    assert metadata is not None
    assert metadata.checksum is not None
    checksum = metadata.checksum.removeprefix("sha256:")
    said = (str(chunk.media_type), metadata.mime_type, metadata.size_bytes, checksum, chunk.media_id)
    return (*said, bool(chunk.is_partial), chunk.chunk_index)


def _error(chunk: TextStreamChunk) -> Facts:
    return {"message": chunk.error, "code": (chunk.error_info or {}).get("code")}


def parsed(arguments: str) -> Any:
    """Return *arguments* as JSON, None where they are not."""
    try:
        return json.loads(arguments)
    except json.JSONDecodeError:
        return None


def _picked(value: Facts | None, *names: str) -> Facts | None:
    return None if value is None else {name: value[name] for name in names}


def _without_none(value: Facts | None) -> Facts | None:
    return None if value is None else {name: number for name, number in value.items() if number is not None}
