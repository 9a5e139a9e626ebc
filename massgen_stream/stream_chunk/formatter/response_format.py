"""The origin's messages for the Responses API: what `MessageFormatter.to_response_format` does."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

Wire = dict[str, Any]
_DEFAULT_IMAGE: Final = "image/jpeg"
_MOST_BASE64: Final = 27 * 2**20
"""The origin's bound: 20 MB of bytes."""
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}\n?")


def response_item(message: Mapping[str, Any]) -> Wire:
    """Return the item for one OpenAI-shaped message, a new dictionary."""
    item = dict(message)
    if "role" not in item:
        item.pop("status", None)
    if item.get("role") == "tool":
        output = item.get("content", "")
        return {"type": "function_call_output", "call_id": item.get("tool_call_id"), "output": output}
    if item.get("type") == "function_call_output":
        return item
    if item.get("role") == "assistant" and "tool_calls" in item:
        del item["tool_calls"]  # they are items of their own, which the server knows
        return item
    if isinstance(item.get("content"), list):
        parts = (_part(part) for part in item["content"])
        item["content"] = [part for part in parts if part is not None]
    return item


def _part(part: Any) -> Any:
    """Return a part of a message; None for an image that cannot be sent."""
    if not isinstance(part, Mapping):
        return {"type": "input_text", "text": str(part)}
    kind = part.get("type")
    if kind == "text":
        return {"type": "input_text", "text": part.get("text", "")}
    if kind == "image":
        url = _image_url(part)
        return None if url is None else {"type": "input_image", "image_url": url}
    if kind == "file":
        return {"type": "input_file", "file_id": part.get("file_id", "")}
    return dict(part)


def _image_url(part: Mapping[str, Any]) -> Any:
    for name in ("image_url", "url"):
        if name in part:
            return part[name]
    body = part.get("base64")
    if body is None and isinstance(part.get("data"), bytes | bytearray):
        body = b64encode(part["data"]).decode("ascii")
    if not isinstance(body, str) or not body or len(body) > _MOST_BASE64 or not _BASE64.fullmatch(body):
        return None
    return f"data:{part.get('mime_type', _DEFAULT_IMAGE)};base64,{body}"
