"""Media parts: one source each, and a MIME type where the bytes are at hand."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

from ...errors import InvalidMessage
from .mime import HEAD_BYTES, mime_of_bytes, mime_of_name
from .neutral import SOURCES, Part

_DEFAULTS: Final = {
    "image": "image/jpeg",  # the origin's default
    "document": "application/octet-stream",  # https://www.rfc-editor.org/rfc/rfc2046#section-4.5.1
    "file": "application/octet-stream",
}
_BASE64_HEAD: Final = HEAD_BYTES * 4 // 3 // 4 * 4
_LINE: Final = 4096
"""Characters in which a line of base64 would end: 76 are usual (https://www.rfc-editor.org/rfc/rfc2045#section-6.8)."""


def read_media(part: Mapping[str, Any], kind: str, where: str) -> Part:
    """Return a media part in normal form, without its unknown keys.

    A ``data:`` URL becomes `base64` and `mime_type`. Parts that hold their bytes get a `mime_type`: the one given, else
    what the first bytes show, else what the file name says, else the default of their type.

    Raises:
        InvalidMessage: Not exactly one source, or a value of the wrong type.
    """
    source = _source(part, where)
    media: Part = {"type": kind, source: _value(part[source], source, where)}
    for key in ("mime_type", "filename", "media_id"):
        if part.get(key) is not None:
            media[key] = text_of(part, key, where)
    if source == "url":
        media = _split(media)
    mime_type = media.get("mime_type") or _detected(media)
    return {**media, "mime_type": mime_type} if mime_type else media


def _source(part: Mapping[str, Any], where: str) -> str:
    given = [name for name in SOURCES if part.get(name) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "nothing"
        raise InvalidMessage(where, f"exactly one of {', '.join(SOURCES)} is needed, not {found}")
    return given[0]


def _value(value: Any, source: str, where: str) -> Any:
    if source == "data":
        if not isinstance(value, bytes | bytearray | memoryview):
            raise InvalidMessage(f"{where}.data", f"must be bytes, not {type(value).__name__}; text goes under base64")
        return bytes(value)
    if source == "path" and hasattr(value, "__fspath__"):
        value = value.__fspath__()
    if not isinstance(value, str):
        raise InvalidMessage(f"{where}.{source}", f"must be str, not {type(value).__name__}")
    return value


def text_of(owner: Mapping[str, Any], key: str, where: str) -> str:
    """Return a text that must be there.

    Raises:
        InvalidMessage: It is missing or no text.
    """
    value = owner.get(key)
    if not isinstance(value, str):
        found = "missing" if key not in owner else f"{type(value).__name__}"
        raise InvalidMessage(f"{where}.{key}", f"must be str, not {found}")
    return value


def _split(media: Part) -> Part:
    """Put the two halves of a base64 ``data:`` URL apart (https://www.rfc-editor.org/rfc/rfc2397)."""
    found = split_data_url(media["url"])
    if found is None:
        return media
    mime_type, body = found
    inline = {name: value for name, value in media.items() if name != "url"} | {"base64": body}
    return {"mime_type": mime_type, **inline} if mime_type else inline


def split_data_url(url: str) -> tuple[str, str] | None:
    """Return MIME type (may be empty) and base64 text of a ``data:`` URL; None for any other URL."""
    if url[:5].lower() != "data:":
        return None
    head, comma, body = url.partition(",")
    mime_type, _, encoding = head[5:].rpartition(";")
    return (mime_type, body) if comma and encoding.lower() == "base64" else None


def data_url(part: Part) -> str:
    """Return the ``data:`` URL of a part that has a MIME type and its bytes."""
    return f"data:{part.get('mime_type', '')};base64,{base64_text(part)}"


def base64_text(part: Part) -> str:
    """Return the bytes of a part, which it must hold, as base64."""
    return part["base64"] if "base64" in part else b64encode(part["data"]).decode("ascii")


def unbroken(text: str, most: int) -> str:
    """Return base64 without white space; of one that stands in lines, only so much as *most* characters hold."""
    first = text[:_LINE]
    if len("".join(first.split())) == len(first):
        return text
    joined = "".join(text[:most].split())
    return joined[: len(joined) // 4 * 4]


def _detected(media: Part) -> str | None:
    if "base64" not in media and "data" not in media:
        return None
    found = mime_of_bytes(_head(media)) or mime_of_name(media.get("filename", ""))
    return found or _DEFAULTS.get(media["type"])


def _head(media: Part) -> bytes:
    if "data" in media:
        return bytes(media["data"][:HEAD_BYTES])
    try:
        return b64decode(unbroken(media["base64"], _BASE64_HEAD)[:_BASE64_HEAD])
    except ValueError:  # not base64: whoever receives it will say so
        return b""
