"""The neutral message form: roles, types of parts, and the keys that each may hold.

A message in normal form is a dictionary with `role` and `content`, and `content` is a list of parts in the order in
which they arose. Formatters read normal forms only; `normalise_messages` makes them from everything that is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ..kinds import MediaType

Message = dict[str, Any]
Part = dict[str, Any]

MEDIA_PARTS: Final = frozenset(kind.value for kind in MediaType)
SOURCES: Final = ("url", "base64", "data", "path", "file_id")
"""Where the bytes of a media part are; each part has exactly one of them."""

MESSAGE_KEYS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "system": frozenset(("role", "content", "name", "provider_data")),
        "user": frozenset(("role", "content", "name", "provider_data")),
        "assistant": frozenset(("role", "content", "name", "provider_data")),
        "tool": frozenset(("role", "content", "name", "provider_data", "tool_call_id", "tool_name", "is_error")),
    }
)
"""Keys of a message in normal form, by role."""

ROLES: Final = tuple(MESSAGE_KEYS)

_MEDIA_KEYS: Final = frozenset(("type", *SOURCES, "mime_type", "filename", "media_id", "provider_data"))
_CALL_KEYS: Final = ("type", "id", "name", "arguments", "kind", "provider_data", "invalid")
_RUN_KEYS: Final = ("type", "tool_call_id", "tool_name", "provider_data")
PART_KEYS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "text": frozenset(("type", "text", "item_id", "phase", "provider_data")),
        "refusal": frozenset(("type", "text", "item_id", "provider_data")),
        "reasoning": frozenset(("type", "text", "summary", "item_id", "provider_data")),
        "tool_call": frozenset(_CALL_KEYS),
        "tool_result": frozenset((*_RUN_KEYS, "content", "attachments", "is_error")),
        "server_tool_call": frozenset((*_RUN_KEYS, "arguments", "status")),
        **dict.fromkeys(MEDIA_PARTS, _MEDIA_KEYS),
    }
)
"""Keys of a part in normal form, by type."""

ASSISTANT_PARTS: Final = frozenset(PART_KEYS) - MEDIA_PARTS - {"text"}
"""Types of parts that only an assistant message has."""


def fresh(value: Any) -> Any:
    """Return *value* with every dictionary and list in it copied, so that nobody's input is shared or changed."""
    if isinstance(value, Mapping):
        return {name: fresh(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [fresh(item) for item in value]
    return value
