"""Whole conversations as Chat Completions holds them."""

from __future__ import annotations

from typing import Any, Final

from ..loss import Loss
from ..neutral import MEDIA_PARTS, MESSAGE_KEYS, Message
from ..provider_data import OPENAI_CHAT, merged, own_data
from ..sendable import sendable
from ..sent_call import sent_id
from ..unsent import own_part_data, report_unknown
from .assistant import assistant_message
from .content import Wire, joined_content, media_part, text_parts
from .options import LONGEST_ID, ChatOptions

_SEE_BELOW: Final = "The result follows in the next user message."


class Conversation:
    """The messages of a request while they are written.

    A ``tool`` message holds only text, and nothing may stand between the answers of one turn. So media of answers goes
    into one user message behind the last of them.
    """

    def __init__(self, options: ChatOptions, losses: list[Loss]) -> None:
        self._options, self._losses = options, losses
        self._messages: list[Wire] = []
        self._moved: list[Wire] = []

    def feed(self, message: Message, where: str) -> None:
        """Write one message in normal form."""
        role = message["role"]
        if role != "tool":
            self.flush()
        report_unknown(message, MESSAGE_KEYS[role], OPENAI_CHAT, where, self._losses)
        own = own_data(message, OPENAI_CHAT, where, self._losses)
        if role == "assistant":
            wire = assistant_message(message, where, self._options, self._losses)
        elif role == "tool":
            wire = self._answer(message, where)
        else:
            wire = {"role": own.pop("role", role), "content": self._content(message, where)}
        if "name" in message:
            wire["name"] = message["name"]
        self._messages.append(sendable(merged(wire, own), where, self._losses))

    def flush(self) -> list[Wire]:
        """Write the media of the answers before; return all messages so far."""
        if self._moved:
            self._messages.append({"role": "user", "content": self._moved})
            self._moved = []
        return self._messages

    def _content(self, message: Message, where: str) -> str | list[Wire]:
        parts: list[Wire] = []
        for index, part in enumerate(message["content"]):
            place = f"{where}.content[{index}]"
            own = own_part_data(part, OPENAI_CHAT, place, self._losses)
            if part["type"] == "text":
                parts += text_parts(part, own)
            elif message["role"] == "system":
                why = "a system message of chat holds only text; put it into a user message"
                self._losses.append(Loss(place, f"{part['type']} dropped", why))
            else:
                wire = media_part(part, own, place, self._options, self._losses)
                parts += [wire] if wire is not None else []
        return joined_content(parts)

    def _answer(self, message: Message, where: str) -> Wire:
        if message.get("is_error"):
            self._losses.append(
                Loss(where, "is_error dropped", "chat has no field for it; the content says what failed")
            )
        texts: list[Wire] = []
        media: list[Wire] = []
        for index, part in enumerate(message["content"]):
            place = f"{where}.content[{index}]"
            own = own_part_data(part, OPENAI_CHAT, place, self._losses)
            if part["type"] not in MEDIA_PARTS:
                texts += text_parts(part, own)
                continue
            wire = media_part(part, own, place, self._options, self._losses)
            if wire is not None:
                media.append(wire)
                why = "a tool message of chat holds only text"
                self._losses.append(Loss(place, f"{part['type']} moved into a user message behind it", why))
        content, call_id = joined_content(texts), sent_id(message["tool_call_id"], LONGEST_ID)
        if media:
            told = {"type": "text", "text": f"Result of tool call {call_id}:"}
            self._moved += sendable({"content": [told, *media]}, where, self._losses)["content"]
            content = content or _SEE_BELOW
        return {"role": "tool", "tool_call_id": call_id, "content": content}


def conversation(messages: list[Message], options: ChatOptions, losses: list[Loss]) -> list[dict[str, Any]]:
    """Return the wire form of messages in normal form, and append what is lost.

    Raises:
        InvalidMessage: Data of this protocol is no object, or audio has no known format.
        UnresolvedMedia: Media that must be read, fetched or uploaded first.
    """
    written = Conversation(options, losses)
    for index, message in enumerate(messages):
        written.feed(message, f"messages[{index}]")
    return written.flush()
