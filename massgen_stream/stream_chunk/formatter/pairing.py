"""Calls and answers without ids, as some servers leave them: an answer then belongs to the first call still waiting."""

from __future__ import annotations

from itertools import count

from ...errors import InvalidMessage
from .neutral import Message


def pair(messages: list[Message], where: str) -> None:
    """Give an id to each call and each answer that has none; *messages* are in normal form and are changed.

    Raises:
        InvalidMessage: An answer without an id, and no call that waits for one.
    """
    used = {part["id"] for message in messages for part in message["content"] if part["type"] == "tool_call"}
    fresh_ids = (name for name in (f"call_{number}" for number in count()) if name not in used)
    waiting: list[str] = []
    for index, message in enumerate(messages):
        calls = [part for part in message["content"] if part["type"] == "tool_call"]
        for call in calls:
            call["id"] = call["id"] or next(fresh_ids)
        waiting = [call["id"] for call in calls] or waiting
        if message["role"] == "tool":
            _answer(message, waiting, f"{where}[{index}]")


def _answer(message: Message, waiting: list[str], where: str) -> None:
    if not message["tool_call_id"] and not waiting:
        raise InvalidMessage(f"{where}.tool_call_id", "is required, since no call waits for an answer")
    message["tool_call_id"] = message["tool_call_id"] or waiting[0]
    if message["tool_call_id"] in waiting:
        waiting.remove(message["tool_call_id"])
