"""The parts of a message in normal form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ...errors import InvalidMessage
from .call import read_call
from .media import read_media, text_of
from .neutral import ASSISTANT_PARTS, MEDIA_PARTS, PART_KEYS, Part, fresh
from .openai_shape import opaque_part, read_openai_part
from .provider_data import OPENAI_CHAT, read_provider_data, settled, with_data


def read_content(content: Any, role: str, where: str, protocol: str | None) -> list[Part]:
    """Return the parts of a string or list of parts; *protocol* owns keys that the neutral form does not know.

    Raises:
        InvalidMessage: Neither, or a part that does not belong there.
    """
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if not isinstance(content, list | tuple):
        raise InvalidMessage(where, f"must be str or a list of parts, not {type(content).__name__}")
    return [_read_part(part, role, f"{where}[{index}]", protocol) for index, part in enumerate(content)]


def _read_part(part: Any, role: str, where: str, protocol: str | None) -> Part:
    if not isinstance(part, Mapping):
        raise InvalidMessage(where, f"must be an object with a `type`, not {type(part).__name__}")
    kind = part.get("type")
    kind = str(kind) if isinstance(kind, str) else ""  # a `MediaType` is a string too
    found = read_openai_part(part, where)
    if found is None and kind not in PART_KEYS:
        return _unknown_part(part, kind, where, protocol)
    if found is None:
        found = _neutral_part(part, kind, where, protocol)
    elif role == "assistant" and found["type"] in MEDIA_PARTS:
        found = with_data(found, OPENAI_CHAT, {"field": "content"})
    if role != "assistant" and found["type"] in ASSISTANT_PARTS:
        raise InvalidMessage(where, f"a {found['type']} part belongs to an assistant message, not to {role}")
    return found


def _unknown_part(part: Mapping[str, Any], kind: str, where: str, protocol: str | None) -> Part:
    if protocol == OPENAI_CHAT and kind:
        return opaque_part(part)
    raise InvalidMessage(f"{where}.type", f"must be one of {', '.join(sorted(PART_KEYS))}, not {kind[:40]!r}")


def _neutral_part(part: Mapping[str, Any], kind: str, where: str, protocol: str | None) -> Part:
    if kind == "tool_call":
        return read_call(part, where, protocol)
    rest = {key: fresh(part[key]) for key in part if key not in PART_KEYS[kind]}
    known = _READERS[kind](part, kind, where) | read_provider_data(part, where)
    return settled(known, rest, protocol)


def _text(part: Mapping[str, Any], kind: str, where: str) -> Part:
    optional = ("summary", "item_id", "phase")
    kept = {key: fresh(part[key]) for key in optional if key in PART_KEYS[kind] and part.get(key) is not None}
    summary = kept.get("summary", [])
    if not isinstance(summary, list) or not all(isinstance(text, str) for text in summary):
        raise InvalidMessage(f"{where}.summary", "must be a list of str")
    return {"type": kind, "text": text_of(part, "text", where), **kept}


def _vendor_run(part: Mapping[str, Any], kind: str, where: str) -> Part:
    keys = ("tool_name", "arguments", "status", "content", "attachments", "is_error")
    kept = {key: fresh(part[key]) for key in keys if key in PART_KEYS[kind] and part.get(key) is not None}
    return {"type": kind, "tool_call_id": text_of(part, "tool_call_id", where), **kept}


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any], str, str], Part]]] = MappingProxyType(
    {
        **dict.fromkeys(("text", "refusal", "reasoning"), _text),
        **dict.fromkeys(("tool_result", "server_tool_call"), _vendor_run),
        **dict.fromkeys(MEDIA_PARTS, read_media),
    }
)
