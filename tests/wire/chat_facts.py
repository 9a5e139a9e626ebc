"""The facts of a chat stream: read from our chunks, and from a recording's `expect.json`, in one form."""

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
USAGE_NAMES = ("input_tokens", "output_tokens", "total_tokens", "reasoning_tokens", "cached_input_tokens")
ELSEWHERE = {
    "cached_input_tokens": ("cached_tokens", "cache_read_input_tokens"),  # Hugging Face, Databricks
    "reasoning_tokens": ("reasoning_tokens",),  # Copilot
}
"""Figures that some vendors put on top of the report; `expect.json` knows only OpenAI's places."""


def expected_facts(recording: Recording) -> Facts:
    """Return the facts of `expect.json`; of an HTTP error it tells the error and nothing else."""
    expect = recording.expect
    facts: Facts = {"error": _picked(expect["error"], "message", "code"), "citation_urls": expect["citation_urls"]}
    if recording.meta["kind"] == "http-error":
        return facts
    return facts | {
        "text_by_choice": _without_empty(expect["text_by_choice"]),
        "text": expect["text"],
        "reasoning": expect["reasoning"],
        "refusal": expect["refusal"],
        "tool_calls": expect["tool_calls"],
        "finish_reasons": _without_empty(expect["finish_reasons"]),
        "usage": _expected_usage(expect),
        "usage_raw": expect["usage_raw"],
        "signatures": [_picked(s, "len", "sha256") for s in expect["signatures"]],
        "media": [(m["kind"], m["mime"], m["size"], m["sha256"]) for m in expect["media"]],
        "model": expect["model"],
        "response_id": expect["response_id"] or None,
        "logprob_tokens": expect.get("logprob_tokens", 0),
    }


def _expected_usage(expect: Facts) -> Facts | None:
    if expect["usage"] is None:
        return None
    raw = expect["usage_raw"]
    elsewhere = {name: raw[key] for name, keys in ELSEWHERE.items() for key in keys if raw.get(key) is not None}
    told = {name: number for name, number in expect["usage"].items() if number is not None}
    return elsewhere | told


def facts_of(chunks: list[BaseStreamChunk]) -> Facts:
    """Return the same facts, read from *chunks*."""
    texts = [chunk for chunk in chunks if isinstance(chunk, TextStreamChunk)]
    media = [chunk for chunk in chunks if isinstance(chunk, MultimodalStreamChunk)]
    return {
        **_text_facts(texts),
        "tool_calls": tool_calls(texts),
        **_end_facts(texts[-1]),
        "signatures": [_digest(opaque) for chunk in texts for opaque in _opaque(chunk)],
        "media": [_medium(chunk) for chunk in media if not chunk.is_partial],
        "citation_urls": [chunk.citation["url"] for chunk in texts if chunk.citation is not None],
        "error": next((_error(chunk) for chunk in texts if chunk.type == "error"), None),
        "model": next((chunk.model for chunk in texts if chunk.type == "start"), None),
        "response_id": next((chunk.response_id for chunk in texts if chunk.type == "start"), None),
        "logprob_tokens": sum(_logprob_tokens(chunk) for chunk in texts if chunk.response is not None),
    }


def tool_calls(texts: list[TextStreamChunk]) -> list[Facts]:
    """Return every call as its deltas tell it, in order of first appearance within its choice."""
    calls: dict[tuple[int, str], Facts] = {}
    for chunk in texts:
        if chunk.type == "tool_call_delta":
            choice, call_id = chunk.choice_index or 0, chunk.tool_call_id or ""
            call = calls.setdefault(
                (choice, call_id), {"id": call_id, "name": "", "arguments_raw": "", "choice": choice}
            )
            call["name"] = chunk.tool_name or call["name"]
            call["arguments_raw"] += chunk.arguments_delta
    kinds = {call["id"]: call["kind"] for call in final_calls(texts)}
    return [
        call | {"arguments": _parsed(call["arguments_raw"]), "kind": kinds.get(call["id"])}
        for call in sorted(calls.values(), key=lambda call: int(call["choice"]))
    ]


def final_calls(texts: list[TextStreamChunk]) -> list[Facts]:
    """Return every call of the `tool_calls` chunks."""
    return [call for chunk in texts for call in chunk.tool_calls or ()]


def _text_facts(texts: list[TextStreamChunk]) -> Facts:
    joined: dict[tuple[str, int], str] = defaultdict(str)
    for chunk in texts:
        choice = chunk.choice_index or 0
        if chunk.type in ("content", "refusal"):
            joined[chunk.type, choice] += chunk.content or ""
        elif chunk.type == "reasoning":
            joined["reasoning", choice] += chunk.reasoning_delta or ""
    return {
        "text_by_choice": {str(choice): text for (kind, choice), text in joined.items() if kind == "content" and text},
        "text": joined["content", 0],
        "reasoning": joined["reasoning", 0],
        "refusal": joined["refusal", 0],
    }


def _end_facts(done: TextStreamChunk) -> Facts:
    others = (done.finish_details or {}).get("choices", [])
    reasons = {"0": done.raw_finish_reason} | {str(row["index"]): row.get("raw_finish_reason") for row in others}
    usage = done.usage
    named = {name: usage[name] for name in USAGE_NAMES if name in usage} if usage is not None else None
    return {
        "finish_reasons": _without_empty(reasons),
        "usage": named,
        "usage_raw": usage["raw"] if usage is not None else None,
    }


def _opaque(chunk: TextStreamChunk) -> Iterator[str]:
    data = (chunk.provider_data or {}).get("openai.chat", {})
    for detail in data.get("reasoning_details", []):
        yield from (detail[name] for name in ("signature", "data") if detail.get(name))
    if data.get("thinking_signature"):
        yield data["thinking_signature"]


def _digest(opaque: str) -> Facts:
    return {"len": len(opaque), "sha256": hashlib.sha256(opaque.encode()).hexdigest()}


def _medium(chunk: MultimodalStreamChunk) -> tuple[str, str, int | None, str | None]:
    metadata = chunk.media_metadata
    assert metadata is not None
    checksum = metadata.checksum.removeprefix("sha256:") if metadata.checksum else None
    return str(chunk.media_type), metadata.mime_type, metadata.size_bytes, checksum


def _error(chunk: TextStreamChunk) -> Facts:
    return {"message": chunk.error, "code": (chunk.error_info or {}).get("code")}


def _logprob_tokens(chunk: TextStreamChunk) -> int:
    choices = (chunk.response or {}).get("choices", [])
    tokens = [choice["logprobs"].get(kind) for choice in choices for kind in ("content", "refusal")]
    return sum(len(each or ()) for each in tokens)


def _parsed(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except json.JSONDecodeError:
        return None


def _picked(value: Facts | None, *names: str) -> Facts | None:
    return None if value is None else {name: value[name] for name in names}


def _without_empty(value: Facts) -> Facts:
    return {key: item for key, item in value.items() if item}
