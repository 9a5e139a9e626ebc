"""Parts of text and media as xAI's messages hold them (``Content``, xai/api/v1/chat.proto)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ....errors import InvalidMessage, UnresolvedMedia
from ..loss import Loss
from ..media import base64_text, data_url, read_media
from ..mime import is_document, mime_of_name
from ..neutral import MEDIA_PARTS, Part
from ..provider_data import merged, with_data
from ..unsent import own_part_data
from .enums import PROTOCOL

Wire = dict[str, Any]
_FILE_KEYS: Final = ("filename", "mime_type")


def content_part(part: Part, where: str, losses: list[Loss]) -> Wire | None:
    """Return a part of text or media, or None after reporting that xAI cannot take it.

    Raises:
        UnresolvedMedia: It must be read first.
        InvalidMessage: Data of this protocol is no object.
    """
    own = own_part_data(part, PROTOCOL, where, losses)
    kind = part["type"]
    if kind not in MEDIA_PARTS:
        return {"text": part["text"]}
    if kind in ("audio", "video"):
        losses.append(Loss(where, f"{kind} dropped", "xAI's chat takes images and files; transcribe or describe it"))
        return None
    if "path" in part:
        raise UnresolvedMedia(where, f"xAI takes no {kind} by path; pass data, base64, url or file_id")
    return {"image_url": merged(_image(part), own)} if kind == "image" else {"file": merged(_file(part), own)}


def _image(part: Part) -> Wire:
    if "file_id" in part:
        return {"file_id": part["file_id"]}
    return {"image_url": part.get("url") or data_url(part)}


def _file(part: Part) -> Wire:
    if "file_id" in part:
        return {"file_id": part["file_id"]}
    source = {"url": part["url"]} if "url" in part else {"data": base64_text(part)}
    return source | {key: part[key] for key in _FILE_KEYS if key in part}


def parsed_content(content: Any, where: str) -> list[Part]:
    """Return the parts of a message's content.

    Raises:
        InvalidMessage: It is no list of text, images and files.
    """
    if not isinstance(content, list | tuple):
        raise InvalidMessage(where, f"must be a list of parts, not {type(content).__name__}")
    return [_parsed(part, f"{where}[{index}]") for index, part in enumerate(content) if part != {}]


def _parsed(part: Any, where: str) -> Part:
    body = part if isinstance(part, Mapping) else {}
    if isinstance(body.get("text"), str):
        return {"type": "text", "text": body["text"]}
    if isinstance(body.get("image_url"), Mapping):
        return _parsed_image(dict(body["image_url"]), where)
    if isinstance(body.get("file"), Mapping):
        return _parsed_file(dict(body["file"]), where)
    raise InvalidMessage(where, "must have text, image_url or file")


def _parsed_image(body: Wire, where: str) -> Part:
    names = {"image_url": "url", "file_id": "file_id"}
    return with_data(read_media(_source(body, names), "image", where), PROTOCOL, body)


def _parsed_file(body: Wire, where: str) -> Part:
    source = _source(body, {"file_id": "file_id", "url": "url", "data": "base64"})
    source |= {key: value for key in _FILE_KEYS if (value := body.pop(key, ""))}
    media = read_media(source, "file", where)
    mime_type = media.get("mime_type") or mime_of_name(media.get("filename", "")) or ""
    return with_data({**media, "type": "document" if is_document(mime_type) else "file"}, PROTOCOL, body)


def _source(body: Wire, names: Mapping[str, str]) -> Wire:
    """Take the source out of *body*: the first of *names* that says something, else one that is there, else the last.

    A message cannot tell an empty field from one that is not set.
    """
    given = [name for name in names if body.get(name)] or [name for name in names if name in body] or [*names][-1:]
    source = {names[given[0]]: body.get(given[0], "")}
    for name in names:
        body.pop(name, None)
    return source
