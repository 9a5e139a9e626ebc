"""Contents of items as neutral parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ....errors import InvalidMessage
from ..media import read_media, split_data_url
from ..mime import is_document, mime_of_name
from ..neutral import Part
from ..provider_data import OPENAI_RESPONSES, with_data
from .call_ids import is_message_id
from .content import DEFAULT_DETAIL

Item = dict[str, Any]


def read_content(content: Any, where: str) -> list[Part]:
    """Return the parts of a message that no assistant wrote.

    Raises:
        InvalidMessage: It is neither text nor a list of parts.
    """
    return _read(content, where, "input_text")


def read_output_content(content: Any, where: str) -> list[Part]:
    """Return the parts of what a tool answered; nothing at all has none.

    Raises:
        InvalidMessage: It is neither text nor a list of parts.
    """
    return [] if content is None else read_content(content, where)


def textual(item: Item, where: str) -> list[Part]:
    """Return the parts of a message of an assistant: text and refusals, each with the item that it belongs to.

    Raises:
        InvalidMessage: Its content is neither text nor a list of parts.
    """
    parts = _read(item.get("content"), f"{where}.content", "output_text") or [{"type": "text", "text": ""}]
    rest = {name: value for name, value in item.items() if name not in ("role", "content")}
    item_id = rest.get("id")
    if isinstance(item_id, str):
        parts = [{**part, "item_id": item_id} for part in parts]
    if is_message_id(item_id):
        usual = {"type": "message", "status": "completed", "id": item_id}
        rest = {name: value for name, value in rest.items() if usual.get(name) != value}
    phase = rest.get("phase")
    if isinstance(phase, str) and all(part["type"] == "text" for part in parts):
        del rest["phase"]
        parts = [{**part, "phase": phase} for part in parts]
    return [with_data(parts[0], OPENAI_RESPONSES, {"item": rest} if rest else {}), *parts[1:]]


def _read(content: Any, where: str, text_type: str) -> list[Part]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if not isinstance(content, list):
        raise InvalidMessage(where, f"must be str or a list of parts, not {type(content).__name__}")
    return [_part(part, f"{where}[{index}]", text_type) for index, part in enumerate(content)]


def _part(part: Any, where: str, text_type: str) -> Part:
    if not isinstance(part, Mapping):
        raise InvalidMessage(where, f"must be an object with a `type`, not {type(part).__name__}")
    kind = part.get("type")
    if kind == text_type and isinstance(part.get("text"), str):
        return _kept({"type": "text", "text": part["text"]}, part, ("type", "text"))
    if kind == "refusal" and text_type == "output_text" and isinstance(part.get("refusal"), str):
        return _kept({"type": "refusal", "text": part["refusal"]}, part, ("type", "refusal"))
    read = _MEDIA.get(kind) if isinstance(kind, str) and text_type == "input_text" else None
    found = read(part, where) if read is not None else None
    return found or {"type": "text", "text": "", "provider_data": {OPENAI_RESPONSES: {"content_parts": [part]}}}


def _kept(known: Part, part: Mapping[str, Any], read: tuple[str, ...]) -> Part:
    """Keep what is left of a part, but for what every part says."""
    usual = {"annotations": [], "detail": DEFAULT_DETAIL}
    rest = {n: v for n, v in part.items() if n not in read and not (n in usual and v == usual[n])}
    return with_data(known, OPENAI_RESPONSES, rest)


def _image(part: Mapping[str, Any], where: str) -> Part | None:
    source = {"url": part.get("image_url"), "file_id": part.get("file_id")}
    if len([value for value in source.values() if isinstance(value, str)]) != 1:
        return None
    return _kept(read_media(source, "image", where), part, ("type", "image_url", "file_id"))


def _file(part: Mapping[str, Any], where: str) -> Part | None:
    data, names = part.get("file_data"), ("file_id", "file_url", "file_data")
    if len([name for name in names if isinstance(part.get(name), str)]) != 1:
        return None
    found = split_data_url(data) if isinstance(data, str) else None
    source = {"file_id": part.get("file_id"), "url": part.get("file_url"), "filename": part.get("filename")}
    source |= {"mime_type": found[0] or None, "base64": found[1]} if found else {"base64": data}
    media = read_media(source, "file", where)
    named = media.get("filename") or media.get("url", "").partition("?")[0]
    mime_type = media.get("mime_type") or mime_of_name(named) or ""
    return _kept(
        {**media, "type": "document" if is_document(mime_type) else "file"}, part, ("type", "filename", *names)
    )


_MEDIA: Final[Mapping[str, Callable[[Mapping[str, Any], str], Part | None]]] = MappingProxyType(
    {"input_image": _image, "input_file": _file}
)
