"""Media of ``generateContent``: bytes in the request, or the address of a file.

https://ai.google.dev/gemini-api/docs/file-input-methods
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from ....errors import InvalidMessage, UnresolvedMedia
from ..loss import Loss
from ..media import base64_text
from ..mime import mime_of_name
from ..neutral import Part
from ..provider_data import merged, with_data
from .payload import PROTOCOL, Wire

INLINE: Final = "inlineData"
FILE: Final = "fileData"
_KNOWN: Final = {INLINE: ("mimeType", "data"), FILE: ("mimeType", "fileUri")}
_FILES_API: Final = "https://generativelanguage.googleapis.com/v1beta/"
_FILE_NAME: Final = "files/"
_SCHEMES: Final = ("https", "gs")
"""What Google fetches itself; a video on YouTube is an address like any other."""
_FAMILIES: Final = ("image", "audio", "video")
_IN_RESPONSES: Final = frozenset(("image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"))
"""https://ai.google.dev/gemini-api/docs/function-calling#multimodal"""


def media_part(part: Part, own: Wire, where: str, losses: list[Loss]) -> Wire:
    """Return the wire part of a medium.

    Raises:
        UnresolvedMedia: It must be read, fetched or uploaded first.
        InvalidMessage: Nothing tells its MIME type.
    """
    own = {name: value for name, value in own.items() if name != "candidate"}
    if "filename" in part:
        losses.append(Loss(where, "filename dropped", "Gemini has no field for it; say it in the text"))
    wire = {INLINE: inline_data(part, where)} if is_inline(part) else {FILE: _file_data(part, where)}
    return merged(wire, own)


def is_read_by_google(uri: str) -> bool:
    """Return whether Google reads an address itself."""
    return uri.startswith(tuple(f"{scheme}:" for scheme in _SCHEMES))


def is_inline(part: Part) -> bool:
    """Return whether a part holds its bytes."""
    return "base64" in part or "data" in part


def inline_data(part: Part, where: str) -> Wire:
    """Return type and bytes of a part that holds them.

    Raises:
        InvalidMessage: Nothing tells its MIME type.
    """
    if not part.get("mime_type"):
        raise InvalidMessage(f"{where}.mime_type", f"is required: nothing tells what {part['type']} it is")
    return {"mimeType": part["mime_type"], "data": base64_text(part)}


def fits_response(part: Part) -> bool:
    """Return whether the answer of a tool can hold a medium."""
    return is_inline(part) and part.get("mime_type", "").partition(";")[0].strip() in _IN_RESPONSES


def read_media_part(part: Wire) -> Part:
    """Return the neutral part of a wire part with a medium."""
    field = INLINE if INLINE in part else FILE
    body = part[field]
    mime_type = body.get("mimeType") or ""
    source = {"base64": body.get("data") or ""} if field == INLINE else _reference(str(body.get("fileUri") or ""))
    kind = _kind_of(mime_type or mime_of_name(_split(source.get("url", ""))[1]) or "", source)
    found: Part = {"type": kind, **source, **({"mime_type": mime_type} if mime_type else {})}
    more = {name: value for name, value in body.items() if name not in _KNOWN[field]}
    own = {name: value for name, value in part.items() if name != field}
    return with_data(found, PROTOCOL, {**own, field: more} if more else own)


def _file_data(part: Part, where: str) -> Wire:
    uri = part.get("url") or _uri_of(part.get("file_id", ""))
    if "path" in part or not is_read_by_google(uri):
        source = next(name for name in ("path", "file_id", "url") if name in part)
        wanted = "data, base64, an https or gs url, or the file_id of an uploaded file"
        raise UnresolvedMedia(where, f"Gemini cannot fetch this {part['type']} by {source}; pass {wanted}")
    mime_type = part.get("mime_type") or mime_of_name(_split(uri)[1])
    return {"fileUri": uri, **({"mimeType": mime_type} if mime_type else {})}


def _uri_of(file_id: str) -> str:
    return f"{_FILES_API}{file_id}" if file_id.startswith(_FILE_NAME) else file_id


def file_reference(name: str, uri: str) -> str:
    """Return the ``file_id`` of a file at Google: its name where its address follows from it, else the address."""
    return name if not uri or _uri_of(name) == uri else uri


def _reference(uri: str) -> Part:
    name = uri.removeprefix(_FILES_API)
    return {"file_id": name} if name != uri and name.startswith(_FILE_NAME) else {"url": uri}


def _kind_of(mime_type: str, source: Part) -> str:
    family = mime_type.partition("/")[0].lower()
    if family == "text" or mime_type == "application/pdf":
        return "document"
    if not mime_type and _is_youtube(source.get("url", "")):
        return "video"
    return family if family in _FAMILIES else "file"


def _is_youtube(url: str) -> bool:
    host = _split(url)[0]
    return host in ("youtu.be", "youtube.com") or host.endswith(".youtube.com")


def _split(url: str) -> tuple[str, str]:
    """Host and path of an address; empty where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.path
