"""What a Messages request holds of a conversation."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

ANTHROPIC: Final = "anthropic.messages"
"""The wire protocol."""

Wire = dict[str, Any]


class MessagesPayload(NamedTuple):
    """The two fields of a request that hold the conversation.

    Attributes:
        messages: The field ``messages``.
        system: The field ``system``: text or blocks of text; None where there are no instructions.
    """

    messages: list[Wire]
    system: str | list[Wire] | None = None


def joined(blocks: list[Wire]) -> str | list[Wire]:
    """Return blocks as a plain string where they are one plain text, else as they are."""
    only = blocks[0] if len(blocks) == 1 else {}
    return only["text"] if only.get("type") == "text" and set(only) == {"type", "text"} else blocks
