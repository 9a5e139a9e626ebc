"""Blocks of a Messages request as parts of the neutral form; what that has no part for is kept whole."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ....errors import InvalidMessage
from ..call import json_text
from ..neutral import Part, fresh
from .media import IMAGE_TYPES, PDF, PLAIN_TEXT
from .payload import ANTHROPIC

Block = Mapping[str, Any]
_DOCUMENT_TYPES: Final = (PDF, PLAIN_TEXT)


def object_of(value: Any, where: str) -> Block:
    """Return *value*, which must be an object.

    Raises:
        InvalidMessage: It is none.
    """
    if not isinstance(value, Mapping):
        raise InvalidMessage(where, f"must be an object, not {type(value).__name__}")
    return value


def kept(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``{"provider_data": …}`` of this protocol, or nothing where there is nothing to keep."""
    return {"provider_data": {ANTHROPIC: fresh(data)}} if data else {}


def kept_whole(block: Block) -> Part:
    """Return an empty part of text that keeps a block as it is."""
    return {"type": "text", "text": "", **kept({"block": block})}


def input_part(block: Block, where: str) -> Part:
    """Return the part for a block of a user, of instructions or of a tool's result.

    Raises:
        InvalidMessage: Its text is none.
    """
    return _part(block, where, _INPUT)


def assistant_part(block: Block, where: str) -> Part:
    """Return the part for a block of the assistant.

    Raises:
        InvalidMessage: Its text is none, or a call has no name.
    """
    return _part(block, where, _ASSISTANT)


def _part(block: Block, where: str, readers: Mapping[str, Callable[[Block, str], Part | None]]) -> Part:
    kind = block.get("type")
    kind = "tool_result" if isinstance(kind, str) and kind.endswith("_tool_result") else kind
    read = readers.get(kind) if isinstance(kind, str) else None
    found = read(block, where) if read is not None else None
    return kept_whole(block) if found is None else found


def _rest(block: Block, *known: str) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name not in ("type", *known)}


def _text_of(block: Block, key: str, where: str) -> str:
    value = block.get(key)
    if not isinstance(value, str):
        raise InvalidMessage(f"{where}.{key}", f"must be str, not {type(value).__name__}")
    return value


def _text(block: Block, where: str) -> Part:
    return {"type": "text", "text": _text_of(block, "text", where), **kept(_rest(block, "text"))}


def _thinking(block: Block, where: str) -> Part:
    return {"type": "reasoning", "text": _text_of(block, "thinking", where), **kept(_rest(block, "thinking"))}


def _redacted(block: Block, _: str) -> Part:
    return {"type": "reasoning", "text": "", **kept({"block": block})}


def _call(block: Block, where: str) -> Part:
    arguments = json_text(block.get("input") or {}, f"{where}.input")
    known = {"id": block.get("id"), "name": _text_of(block, "name", where), "arguments": arguments}
    return {"type": "tool_call", **known, "kind": "function", **kept(_rest(block, "id", "name", "input"))}


def _server_call(block: Block, where: str) -> Part | None:
    call_id, name = block.get("id"), block.get("name")
    if not isinstance(call_id, str) or not isinstance(name, str):
        return None
    arguments = json_text(block.get("input") or {}, f"{where}.input")
    known = {"tool_call_id": call_id, "tool_name": name, "arguments": arguments}
    return {"type": "server_tool_call", **known, **kept({"block": block})}


def _server_result(block: Block, where: str) -> Part | None:
    call_id, content = block.get("tool_use_id"), block.get("content")
    if not isinstance(call_id, str):
        return None
    text = content if isinstance(content, str) else json_text(content, f"{where}.content")
    failed = block.get("is_error") is True or (isinstance(content, Mapping) and bool(content.get("error_code")))
    known = {"tool_call_id": call_id, "content": text} | ({"is_error": True} if failed else {})
    return {"type": "tool_result", **known, **kept({"block": block})}


def _upload(block: Block, _: str) -> Part | None:
    if not isinstance(block.get("file_id"), str):
        return None
    return {"type": "file", "file_id": block["file_id"], **kept({"block": block})}


def _image(block: Block, _: str) -> Part | None:
    found = _source(block.get("source"), IMAGE_TYPES)
    return None if found is None else {"type": "image", **found[0], **kept(_rest(block, "source") | found[1])}


def _document(block: Block, _: str) -> Part | None:
    found = _source(block.get("source"), _DOCUMENT_TYPES)
    if found is None:
        return None
    known, title = found[0], block.get("title")
    named = ("title",) if isinstance(title, str) else ()
    known |= {"filename": title} if named else {}
    return {"type": "document", **known, **kept(_rest(block, "source", *named) | found[1])}


def _source(source: Any, mime_types: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The source of a part, and what else to keep; None for a source that only Claude has."""
    if not isinstance(source, Mapping):
        return None
    kind, media_type = source.get("type"), source.get("media_type")
    if kind == "text" and media_type == PLAIN_TEXT in mime_types:
        return _text_source(source)
    key, name = _PLACES.get(kind if isinstance(kind, str) else "", ("", ""))
    found = source.get(key)
    if not isinstance(found, str) or (kind == "base64" and media_type not in {*mime_types} - {PLAIN_TEXT}):
        return None
    if kind == "url" and not found.lower().startswith(("https://", "http://")):
        return None
    inline = {"mime_type": media_type} if kind == "base64" else {}
    return {name: found, **inline}, _more(source, key, *(("media_type",) if inline else ()))


def _text_source(source: Block) -> tuple[dict[str, Any], dict[str, Any]] | None:
    try:
        data = b64encode(source["data"].encode()).decode("ascii")
    except (KeyError, AttributeError, UnicodeEncodeError):
        return None
    return {"base64": data, "mime_type": PLAIN_TEXT}, _more(source, "data", "media_type")


def _more(source: Block, *known: str) -> dict[str, Any]:
    rest = _rest(source, *known)
    return {"source": rest} if rest else {}


_PLACES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"base64": ("data", "base64"), "url": ("url", "url"), "file": ("file_id", "file_id")}
)
_INPUT: Final[Mapping[str, Callable[[Block, str], Part | None]]] = MappingProxyType(
    {"text": _text, "image": _image, "document": _document, "container_upload": _upload}
)
_ASSISTANT: Final[Mapping[str, Callable[[Block, str], Part | None]]] = MappingProxyType(
    {
        "text": _text,
        "thinking": _thinking,
        "redacted_thinking": _redacted,
        "tool_use": _call,
        "server_tool_use": _server_call,
        "mcp_tool_use": _server_call,
        "tool_result": _server_result,
        "container_upload": _upload,
    }
)
