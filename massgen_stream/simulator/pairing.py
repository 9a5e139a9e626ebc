"""Calls and answers that do not belong together, which OpenAI refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Message = Mapping[str, Any]


class Unpaired(NamedTuple):
    """Ids of what stands alone.

    Attributes:
        calls: Calls that no answer follows.
        answers: Answers that no call precedes.
    """

    calls: list[str]
    answers: list[str]


def unpaired(messages: Sequence[Message], *, close: bool) -> Unpaired:
    """Return what stands alone in *messages*, which are in normal form.

    Args:
        messages: The conversation.
        close: Whether answers must stand directly behind the message with their calls.
    """
    alone, waiting = Unpaired([], []), list[str]()
    asked: set[str] = set()  # by tools of the vendor's that the client runs
    for message in messages:
        asked |= {part["tool_call_id"] for part in message["content"] if part["type"] == "server_tool_call"}
        if message["role"] != "tool":
            if close:
                alone.calls.extend(waiting)
                waiting = []
            waiting += [part["id"] for part in message["content"] if part["type"] == "tool_call"]
        elif message["tool_call_id"] in waiting:
            waiting.remove(message["tool_call_id"])
        elif message["tool_call_id"] not in asked:
            alone.answers.append(message["tool_call_id"])
    alone.calls.extend(waiting)
    return alone
