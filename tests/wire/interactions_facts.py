"""The facts of an Interactions stream: read from our chunks, and from a recording's `expect.json`, in one form."""

import hashlib
import json
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.recorded import Recording

Facts = dict[str, Any]
USAGE_NAMES = ("input_tokens", "output_tokens", "total_tokens", "reasoning_tokens", "cached_input_tokens")


def expected_facts(recording: Recording) -> Facts:
    """Return the facts of `expect.json`."""
    expect = recording.expect
    names = (
        "text", "reasoning", "finish_reason", "usage", "usage_raw", "error", "model", "response_id", "citation_count",
        "citation_urls", "media",
    )  # fmt: skip
    calls = [{name: call[name] for name in ("id", "name", "arguments_raw", "arguments")}
             for call in expect["tool_calls"]]  # fmt: skip
    return {name: expect[name] for name in names} | {
        "tool_calls": calls,
        "server_tool_calls": [one["type"] for one in expect["server_tool_calls"]],
        "signatures": [{name: one[name] for name in ("len", "sha256")} for one in expect["signatures"]],
    }


def facts_of(chunks: list[BaseStreamChunk]) -> Facts:
    """Return the same facts of *chunks*."""
    texts = [chunk for chunk in chunks if isinstance(chunk, TextStreamChunk)]
    citations = [chunk.citation or {} for chunk in texts if chunk.type == "citation"]
    done, usage = texts[-1], texts[-1].usage or {}
    return {
        "text": "".join(chunk.content or "" for chunk in texts if chunk.type == "content"),
        "reasoning": "".join(chunk.reasoning_summary_delta or "" for chunk in texts),
        "tool_calls": tool_calls(texts),
        "server_tool_calls": list(dict.fromkeys(own(chunk)["step"]["type"] for chunk in texts if "step" in own(chunk))),
        "signatures": [_digest(own(chunk)["signature"]) for chunk in texts if own(chunk).get("signature")],
        "finish_reason": done.raw_finish_reason,
        "usage": {name: usage[name] for name in USAGE_NAMES if name in usage},
        "usage_raw": usage.get("raw"),
        "citation_count": len(citations),
        "citation_urls": list(dict.fromkeys(citation["url"] for citation in citations if "url" in citation)),
        "error": next((chunk.error for chunk in texts if chunk.type == "error"), None),
        "model": next((chunk.model for chunk in texts if chunk.type == "start"), None),
        "response_id": next((chunk.response_id for chunk in texts if chunk.type == "start"), None),
        "media": [chunk.to_dict() for chunk in chunks if chunk.type == "media"],
    }


def tool_calls(texts: list[TextStreamChunk]) -> list[Facts]:
    """Return every call as its deltas tell it, in order."""
    calls: dict[str, Facts] = {}
    for chunk in texts:
        if chunk.type == "tool_call_delta":
            call = calls.setdefault(chunk.tool_call_id or "", {"id": chunk.tool_call_id, "arguments_raw": ""})
            call.setdefault("name", chunk.tool_name)
            call["arguments_raw"] += chunk.arguments_delta
    return [call | {"arguments": json.loads(call["arguments_raw"] or "{}")} for call in calls.values()]


def own(chunk: TextStreamChunk) -> Facts:
    """Return the protocol's own data of a chunk."""
    data: Facts = (chunk.provider_data or {}).get("google.interactions", {})
    return data


def _digest(opaque: str) -> Facts:
    return {"len": len(opaque), "sha256": hashlib.sha256(opaque.encode()).hexdigest()}
