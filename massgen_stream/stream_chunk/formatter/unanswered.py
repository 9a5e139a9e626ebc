"""Calls that nobody answered before the conversation went on, as those of a stream that was cut or cancelled.

OpenAI, Google, Anthropic and many compatible servers refuse such a conversation
(https://platform.openai.com/docs/guides/function-calling, https://ai.google.dev/gemini-api/docs/function-calling).
"""

from __future__ import annotations

from typing import Final

from ...errors import excerpt
from .loss import Loss
from .neutral import Message

_NO_RESULT: Final = "No result: the tool was not run."
_WHY: Final = "servers refuse a conversation that leaves a call without one"


def with_made_up_answers(messages: list[Message], losses: list[Loss]) -> list[Message]:
    """Return *messages*, in normal form, with an answer behind each call that has none, and report what was made up.

    Calls of the last message still wait for theirs, and are left alone.
    """
    found: list[Message] = []
    made: list[Message] = []
    for index, message in enumerate(messages):
        if message["role"] != "tool":
            found += made
            made = []
        found.append(message)
        for call_id in _unanswered(messages, index):
            losses.append(Loss(f"messages[{index}]", f"result of call {excerpt(call_id)} made up", _WHY))
            content = [{"type": "text", "text": _NO_RESULT}]
            made.append({"role": "tool", "tool_call_id": call_id, "is_error": True, "content": content})
    return found + made


def _unanswered(messages: list[Message], index: int) -> list[str]:
    """Ids of the calls of one message that no later one answers."""
    waiting = _calls(messages[index])
    if not waiting or index == len(messages) - 1:
        return []
    for later in range(index + 1, len(messages)):
        answered, again = messages[later].get("tool_call_id"), _calls(messages[later])
        if answered in waiting:
            waiting.remove(answered)
        if not waiting or not {*again}.isdisjoint(waiting):  # vendors begin to count anew in every turn
            break
    return waiting


def _calls(message: Message) -> list[str]:
    return [part["id"] for part in message["content"] if part["type"] == "tool_call"]
