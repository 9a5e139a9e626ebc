"""Whole conversations as lists of items."""

from __future__ import annotations

from typing import Any

from ..loss import Loss
from ..neutral import MESSAGE_KEYS, Message
from ..provider_data import OPENAI_CHAT, OPENAI_RESPONSES, merged, own_data, with_data
from ..sendable import sendable
from ..unsent import report_unknown
from .answers import answer_item
from .assistant import assistant_items
from .call_ids import sent_id
from .content import content_of

Wire = dict[str, Any]


class Input:
    """The items of a request while they are written.

    Args:
        losses: Takes what is lost.
        stored: Whether the server keeps responses.
    """

    def __init__(self, losses: list[Loss], *, stored: bool) -> None:
        self._losses, self._stored = losses, stored
        self.items: list[Wire] = []
        self._called: dict[str, Wire] = {}

    def feed(self, message: Message, where: str) -> None:
        """Write one message in normal form."""
        message, role = _as_developer(message), message["role"]
        report_unknown(message, MESSAGE_KEYS[role], OPENAI_RESPONSES, where, self._losses)
        own = own_data(message, OPENAI_RESPONSES, where, self._losses)
        if "name" in message:
            self._losses.append(Loss(where, "name dropped", "messages of the Responses API have none"))
        if role == "assistant":
            items = assistant_items(message, own, where, self._losses, stored=self._stored)
        elif role == "tool":
            call = self._called.get(sent_id(message["tool_call_id"]), {})
            items = [answer_item(message, call, own, where, self._losses)]
        else:
            content = content_of(message["content"], where, self._losses)
            items = [merged({"role": own.pop("role", role), "content": content}, own)]
        for item in items:
            self._add(sendable(item, where, self._losses))

    def _add(self, item: Wire) -> None:
        self.items.append(item)
        call_id = item.get("call_id") or item.get("id")
        if isinstance(call_id, str) and not str(item.get("type")).endswith("_output"):
            self._called[call_id] = item


def written_input(messages: list[Message], losses: list[Loss], *, stored: bool) -> list[Wire]:
    """Return the items for messages in normal form, and append what is lost.

    Raises:
        InvalidMessage: Data of this protocol is no object.
        UnresolvedMedia: Media that must be read, fetched or uploaded first.
    """
    written = Input(losses, stored=stored)
    for index, message in enumerate(messages):
        written.feed(message, f"messages[{index}]")
    return written.items


def _as_developer(message: Message) -> Message:
    """The role ``developer`` is one of this API too, whoever was the first to hear of it."""
    data = message.get("provider_data", {})
    if data.get(OPENAI_CHAT) != {"role": "developer"}:
        return message
    others = {protocol: value for protocol, value in data.items() if protocol != OPENAI_CHAT}
    return with_data({**message, "provider_data": others}, OPENAI_RESPONSES, {"role": "developer"})
