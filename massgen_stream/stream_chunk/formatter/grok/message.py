"""Whole conversations as xAI holds them."""

from __future__ import annotations

from typing import Any, Final

from ..loss import Loss
from ..neutral import MEDIA_PARTS, MESSAGE_KEYS, Message
from ..provider_data import merged, own_data
from ..sendable import sendable
from ..unsent import report_unknown
from .assistant import assistant_messages
from .content import content_part
from .enums import PROTOCOL

Wire = dict[str, Any]
_ROLES: Final = {"system": "ROLE_SYSTEM", "user": "ROLE_USER", "tool": "ROLE_TOOL"}
_SEE_BELOW: Final = "The result follows in the next user message."


class Conversation:
    """The messages of a request while they are written.

    Answers of tools hold text (``xai_sdk.chat.tool_result`` takes nothing else), and nothing may stand between those of
    one turn. So media of answers goes into one user message behind the last of them.
    """

    def __init__(self, losses: list[Loss]) -> None:
        self._losses = losses
        self._messages: list[Wire] = []
        self._moved: list[Wire] = []

    def feed(self, message: Message, where: str) -> None:
        """Write one message in normal form."""
        role = message["role"]
        if role != "tool":
            self.flush()
        report_unknown(message, MESSAGE_KEYS[role], PROTOCOL, where, self._losses)
        own = own_data(message, PROTOCOL, where, self._losses)
        if role == "assistant":
            wires = assistant_messages(message, where, self._losses)
        elif role == "tool":
            wires = [self._answer(message, where, own.pop("role", None))]
        else:
            wires = [{"role": own.pop("role", _ROLES[role]), "content": self._content(message, where)}]
        if "name" in message:
            wires[0] = {**wires[0], "name": message["name"]}
        wires[0] = merged(wires[0], own)
        self._messages += (sendable(wire, where, self._losses) for wire in wires)

    def flush(self) -> list[Wire]:
        """Write the media of the answers before; return all messages so far."""
        if self._moved:
            self._messages.append({"role": "ROLE_USER", "content": self._moved})
            self._moved = []
        return self._messages

    def _content(self, message: Message, where: str) -> list[Wire]:
        parts = (
            content_part(part, f"{where}.content[{index}]", self._losses)
            for index, part in enumerate(message["content"])
        )
        return [part for part in parts if part is not None]

    def _answer(self, message: Message, where: str, role: Any) -> Wire:
        if message.get("is_error"):
            self._losses.append(
                Loss(where, "is_error dropped", "xAI has no field for it; the content says what failed")
            )
        texts: list[Wire] = []
        media: list[Wire] = []
        for index, part in enumerate(message["content"]):
            place = f"{where}.content[{index}]"
            wire = content_part(part, place, self._losses)
            if wire is None:
                continue
            if part["type"] not in MEDIA_PARTS:
                texts.append(wire)
                continue
            media.append(wire)
            why = "an answer of a tool holds only text at xAI"
            self._losses.append(Loss(place, f"{part['type']} moved into a user message behind it", why))
        if media:
            self._moved += [{"text": f"Result of tool call {message['tool_call_id']}:"}, *media]
        content = texts or [{"text": _SEE_BELOW if media else ""}]
        return {"role": role or _ROLES["tool"], "content": content, "tool_call_id": message["tool_call_id"]}


def conversation(messages: list[Message], losses: list[Loss]) -> list[Wire]:
    """Return the wire form of messages in normal form, and append what is lost.

    Raises:
        InvalidMessage: Data of this protocol is no object.
        UnresolvedMedia: Media that must be read first.
    """
    written = Conversation(losses)
    for index, message in enumerate(messages):
        written.feed(message, f"messages[{index}]")
    return written.flush()
