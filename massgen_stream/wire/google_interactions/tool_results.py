"""What the tools that Google runs give: text for readers, media as attachments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .events import MEDIA
from .fields import Data


def text_of(result: Any) -> str:
    """Return *result* for readers: text as text, anything else as JSON; empty if there is none."""
    if result is None:
        return ""
    if isinstance(result, str):
        return result
    if isinstance(result, list) and result and all(map(_is_text, result)):
        return "\n".join(item["text"] for item in result)
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))


def attachments_of(result: Any) -> list[Data]:
    """Return the media of a *result* that is a list of contents, in order."""
    return list(_attachments(result)) if isinstance(result, list) else []


def has_failed(step: Data) -> bool:
    """Return whether a result tells that its tool failed."""
    return step.get("is_error") is True


def joined(before: Any, after: Any) -> Any:
    """Return a result that two deltas tell: the later one goes on with the first, or says it again and more."""
    if isinstance(before, str) and isinstance(after, str):
        return after if after.startswith(before) else before + after
    if isinstance(before, list) and isinstance(after, list):
        return after if after[: len(before)] == before else before + after
    return after


def _is_text(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "text" and isinstance(item.get("text"), str)


def _attachments(contents: list[Any]) -> Iterator[Data]:
    for content in contents:
        kind = content.get("type") if isinstance(content, dict) else None
        if not isinstance(kind, str) or kind not in MEDIA:
            continue
        source = next(((ours, content[name]) for name, ours in (("data", "base64"), ("uri", "url"))
                       if isinstance(content.get(name), str) and content[name]), None)  # fmt: skip
        if source is not None:
            mime_type = content.get("mime_type")
            known = {"mime_type": mime_type} if isinstance(mime_type, str) and mime_type else {}
            yield {"type": kind, source[0]: source[1], **known}
