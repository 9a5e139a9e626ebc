"""The facts of a media response: read from our chunks, and from a recording's `expect.json`, in one form."""

import json
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.cuts import joined
from massgen_stream.testing.recorded import Recording

Facts = dict[str, Any]
USAGE_NAMES = ("input_tokens", "output_tokens", "total_tokens", "reasoning_tokens", "cached_input_tokens")
UNREAD = {"mistral.audio": {"text": "text", "usage_raw": "usage"}}
"""Facts that `expect.json` leaves out for an API, and the fields of the body that hold them."""


def expected_facts(recording: Recording) -> Facts:
    """Return the facts of `expect.json`; of an HTTP error it tells the error and nothing else."""
    expect = recording.expect
    error = expect["error"]
    facts: Facts = {"error": None if error is None else {name: error[name] for name in ("message", "code")}}
    if recording.meta["kind"] == "http-error":  # the reader does not know every vendor's errors
        return facts if error is not None else {}
    return facts | {
        "text": expect["text"],
        "media": [_expected_medium(medium) for medium in expect["media"]],
        "usage_raw": expect["usage_raw"],
        "usage": {name: number for name, number in (expect["usage"] or {}).items() if number is not None},
    }


def _expected_medium(medium: Facts) -> Facts:
    if "url" in medium:
        return {"kind": medium["kind"], "url": medium["url"], "caption": medium["revised_prompt"]}
    mime_type = medium["magic"] or medium["mime"]
    known = {"kind": medium["kind"], "mime": mime_type, "size": medium["size"], "sha256": medium["sha256"]}
    return known | {"preview": medium.get("index") if medium.get("partial") else None}


def facts_of(chunks: list[BaseStreamChunk]) -> Facts:
    """Return what our chunks say."""
    texts = [chunk for chunk in chunks if isinstance(chunk, TextStreamChunk)]
    media = [chunk for chunk in joined(chunks) if isinstance(chunk, MultimodalStreamChunk)]
    usage = texts[-1].usage
    errors = [chunk for chunk in texts if chunk.type == "error"]
    return {
        "error": {"message": errors[0].error, "code": (errors[0].error_info or {}).get("code")} if errors else None,
        "text": "".join(chunk.content or "" for chunk in texts if chunk.type == "content"),
        "media": [_medium(chunk) for chunk in media if chunk.partial_kind != "segment"],
        "usage_raw": None if usage is None else usage["raw"],
        "usage": {} if usage is None else {name: usage[name] for name in USAGE_NAMES if name in usage},
    }


def same_facts(recording: Recording, chunks: list[BaseStreamChunk]) -> bool:
    """Assert that *chunks* say what `expect.json` does."""
    found, expected = facts_of(chunks), expected_facts(recording) | _unread(recording)
    if recording.api in UNREAD and not expected.get("media"):
        expected.pop("media", None)
    figures = found["usage"]
    found["usage"] = {name: figures.get(name) for name in expected.get("usage", ())}
    assert {name: found[name] for name in expected} == expected
    return True


def _unread(recording: Recording) -> Facts:
    """Return the facts that the independent reader did not look for, of a document or of the last event of a stream."""
    fields = UNREAD.get(recording.api, {})
    if not fields or recording.meta["kind"] == "http-error":
        return {}
    lines = [line.removeprefix(b"data: ") for line in recording.body.splitlines()]
    said: Facts = next((json.loads(line) for line in reversed(lines) if line.startswith(b"{")), {})
    return {name: said.get(field) for name, field in fields.items() if field in said}


def _medium(chunk: MultimodalStreamChunk) -> Facts:
    metadata = chunk.media_metadata
    assert metadata is not None
    if chunk.media_encoding == "url":
        return {"kind": str(chunk.media_type), "url": chunk.media_data, "caption": chunk.text_content}
    assert metadata.checksum is not None
    digest = metadata.checksum.removeprefix("sha256:")
    known = {"kind": str(chunk.media_type), "mime": metadata.mime_type, "size": metadata.size_bytes, "sha256": digest}
    return known | {"preview": chunk.chunk_index if chunk.is_partial else None}
