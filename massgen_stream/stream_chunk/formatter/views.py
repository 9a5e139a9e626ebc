"""What a message holds, read from any form that is accepted as a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .neutral import Part
from .normalise import normalise_message


def message_text(message: Mapping[str, Any]) -> str:
    """Return the visible text of a message: its text parts, joined.

    Raises:
        InvalidMessage: It is no message.
    """
    return "".join(part["text"] for part in _parts(message) if part["type"] == "text")


def message_tool_calls(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the calls of an assistant message as ``{id, name, arguments, kind, invalid?, provider_data?}``.

    Raises:
        InvalidMessage: It is no message.
    """
    calls = (part for part in _parts(message) if part["type"] == "tool_call")
    return [{key: value for key, value in call.items() if key != "type"} for call in calls]


def _parts(message: Mapping[str, Any]) -> list[Part]:
    return normalise_message(message)["content"]  # type: ignore[no-any-return]
