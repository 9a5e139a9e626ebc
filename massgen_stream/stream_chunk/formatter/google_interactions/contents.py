"""Contents of steps: text and media (https://ai.google.dev/gemini-api/docs/interactions)."""

from __future__ import annotations

from typing import Any, Final

from ..google_generate_content.media import FILE, INLINE, is_inline, media_part, read_media_part
from ..loss import Loss
from ..media import base64_text
from ..neutral import MEDIA_PARTS, Part, fresh
from ..provider_data import merged, with_data
from .payload import PROTOCOL, Wire

RAW: Final = "content"
"""Key of the data of an empty text that stands for a content which the neutral form cannot hold."""
DRAWN: Final = "thought"
"""Key of the data of a medium that the model made for itself while it thought."""

_KINDS: Final = frozenset(("image", "audio", "video", "document"))


def text_content(part: Part, own: Wire) -> Wire:
    """Return the content for a text, with its annotations."""
    raw = own.get(RAW)
    if isinstance(raw, dict) and not part["text"]:
        return dict(raw)
    return merged({"type": "text", "text": part["text"]}, own)


def media_content(part: Part, own: Wire, where: str, losses: list[Loss]) -> Wire:
    """Return the content for a medium.

    Raises:
        UnresolvedMedia: It must be read, fetched or uploaded first.
    """
    if is_inline(part):
        if "filename" in part:
            losses.append(Loss(where, "filename dropped", "Gemini has no field for it; say it in the text"))
        source: Wire = {"data": base64_text(part)}
        mime_type = part.get("mime_type")
    else:
        body = media_part(part, {}, where, losses)[FILE]
        source, mime_type = {"uri": body["fileUri"]}, body.get("mimeType")
    found = {"type": _kind(part["type"], mime_type or ""), **source, **({"mime_type": mime_type} if mime_type else {})}
    return merged(found, {name: value for name, value in own.items() if name != DRAWN})


def read_content(content: Any) -> Part:
    """Return the neutral part of a content; one that is not known becomes an empty text."""
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "text" and isinstance(content.get("text"), str):
        more = {name: fresh(value) for name, value in content.items() if name not in ("type", "text")}
        return with_data({"type": "text", "text": content["text"]}, PROTOCOL, more)
    if kind in _KINDS and any(isinstance(content.get(name), str) and content[name] for name in ("data", "uri")):
        return _read_medium(content)
    return with_data({"type": "text", "text": ""}, PROTOCOL, {RAW: fresh(content)})


def _read_medium(content: Wire) -> Part:
    known, inline = ("type", "mime_type"), isinstance(content.get("data"), str) and bool(content["data"])
    mime_type = content.get("mime_type") or ""
    body = {"mimeType": mime_type, **({"data": content["data"]} if inline else {"fileUri": content["uri"]})}
    found = read_media_part({INLINE if inline else FILE: body})
    more = {name: fresh(value) for name, value in content.items() if name not in (*known, "data" if inline else "uri")}
    return with_data({**found, "type": content["type"]}, PROTOCOL, more)


def _kind(given: str, mime_type: str) -> str:
    """The API has no content for other files; documents are what comes nearest."""
    if given in _KINDS and given in MEDIA_PARTS:
        return given
    family = mime_type.partition("/")[0].lower()
    return family if family in _KINDS else "document"
