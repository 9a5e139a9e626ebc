"""Images and documents in blocks of their own.

https://platform.claude.com/docs/en/build-with-claude/vision,
https://platform.claude.com/docs/en/build-with-claude/pdf-support and
https://platform.claude.com/docs/en/build-with-claude/files
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from ....errors import UnresolvedMedia, excerpt
from ..loss import Loss
from ..media import base64_text
from ..mime import mime_of_name
from ..neutral import Part
from ..provider_data import merged
from .payload import Wire

IMAGE_TYPES: Final = ("image/jpeg", "image/png", "image/gif", "image/webp")
PDF: Final = "application/pdf"
PLAIN_TEXT: Final = "text/plain"
_TEXT_LIKE: Final = frozenset(("application/json", "application/xml", "application/yaml", "image/svg+xml"))
_UNHEARD: Final = frozenset(("audio", "video"))


def media_block(part: Part, own: Wire, where: str, losses: list[Loss]) -> Wire | None:
    """Return the block of a media part, or None after reporting that Claude takes no such part.

    Raises:
        UnresolvedMedia: It must be read, converted or uploaded first.
    """
    block = own.pop("block", None)
    if isinstance(block, dict):
        return block
    if part["type"] in _UNHEARD:
        losses.append(Loss(where, f"{part['type']} dropped", "Claude takes images and documents; send a transcript"))
        return None
    if _is_image(part):
        if "filename" in part:
            losses.append(Loss(where, "filename dropped", "Claude has no field for it beside image"))
        return merged({"type": "image", "source": _image_source(part, where)}, own)
    titled = {"title": part["filename"]} if "filename" in part else {}
    return merged({"type": "document", "source": _document_source(part, where, losses), **titled}, own)


def is_read_by_url(part: Mapping[str, Any]) -> bool:
    """Return whether Claude reads the `url` of a part itself; of documents only PDF."""
    if part["type"] == "image" or part["type"] in _UNHEARD:
        return True
    path = part["url"].partition("#")[0].partition("?")[0]
    return _is_image(part) or (_mime_type(part) or mime_of_name(path) or PDF) == PDF


def _is_image(part: Mapping[str, Any]) -> bool:
    return part["type"] == "image" or (part["type"] == "file" and _mime_type(part) in IMAGE_TYPES)


def _mime_type(part: Mapping[str, Any]) -> str:
    return str(part.get("mime_type", "")).partition(";")[0].strip().lower()


def _image_source(part: Part, where: str) -> Wire:
    source = _reference(part, where)
    if source is not None:
        return source
    mime_type = _mime_type(part)
    if mime_type not in IMAGE_TYPES:
        why = f"Claude takes {', '.join(IMAGE_TYPES)}; convert this {excerpt(mime_type) or 'image'}"
        raise UnresolvedMedia(where, why)
    return {"type": "base64", "media_type": mime_type, "data": base64_text(part)}


def _document_source(part: Part, where: str, losses: list[Loss]) -> Wire:
    source = _reference(part, where)
    if source is not None:
        return source
    mime_type = _mime_type(part)
    if mime_type == PDF:
        return {"type": "base64", "media_type": PDF, "data": base64_text(part)}
    if not mime_type.startswith("text/") and mime_type not in _TEXT_LIKE:
        why = f"Claude takes PDF and text; convert this {excerpt(mime_type) or 'file'}, or upload it and pass file_id"
        raise UnresolvedMedia(where, why)
    if part["mime_type"] != PLAIN_TEXT:
        losses.append(Loss(where, f"mime_type {excerpt(mime_type)} dropped", "to Claude all text is text/plain"))
    return {"type": "text", "media_type": PLAIN_TEXT, "data": _text(part, where)}


def _reference(part: Part, where: str) -> Wire | None:
    if "file_id" in part:
        return {"type": "file", "file_id": part["file_id"]}
    if "path" in part:
        raise UnresolvedMedia(where, f"Claude takes no {part['type']} by path; pass data, base64, url or file_id")
    if "url" not in part:
        return None
    if not part["url"].lower().startswith(("https://", "http://")):
        why = f"Claude fetches http addresses only, not {excerpt(part['url'])}; pass data, base64 or file_id"
        raise UnresolvedMedia(where, why)
    return {"type": "url", "url": part["url"]}


def _text(part: Part, where: str) -> str:
    try:
        data = part["data"] if "data" in part else b64decode(part["base64"], validate=True)
        return bytes(data).decode()
    except (binascii.Error, ValueError):
        why = "Claude takes text as UTF-8, and this is none; convert it, or upload it and pass file_id"
        raise UnresolvedMedia(where, why) from None
