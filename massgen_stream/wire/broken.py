"""How an encoder breaks a stream as it was broken when it was decoded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from .failure import MALFORMED, NOT_A_STREAM, TOO_LARGE, TRUNCATED
from .sse_encoder import encode_event

_BROKEN: Final = frozenset((MALFORMED, NOT_A_STREAM, TOO_LARGE, TRUNCATED))


def is_broken(info: Mapping[str, Any]) -> bool:
    """Return whether an error is one of our decoder's: bytes that break the protocol, or a cut."""
    return info.get("kind") in ("protocol", "transport") and info.get("code") in _BROKEN


def broken_bytes(info: Mapping[str, Any], *, first: bool) -> bytes | None:
    """Return bytes that break the stream in the same way; None when there are none."""
    code, raw = info["code"], info.get("raw")
    if code == TRUNCATED:
        return b""
    if code == MALFORMED:
        return encode_event(_malformed(raw) if isinstance(raw, str) else json.dumps(raw).encode())
    if code == NOT_A_STREAM and first and isinstance(raw, str):
        return raw.encode("utf-8", "replace")
    return None


def _malformed(shown: str) -> bytes:
    """Return bytes that are not JSON and are shown as *shown*, where whatever cannot be printed became a space."""
    data = shown.replace(" ", "\x01").encode("utf-8", "replace").replace("\ufffd".encode(), b"\xff")
    return data or b"\x01"
