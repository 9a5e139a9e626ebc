"""Answers of tools where servers look for them: directly behind the message with their calls, one for each call.

OpenAI, Google, Anthropic and many compatible servers refuse anything else
(https://platform.openai.com/docs/guides/function-calling, https://ai.google.dev/gemini-api/docs/function-calling). But
a stream that was cut or cancelled leaves calls that nobody answers, and people speak while tools run.
"""

from __future__ import annotations

from typing import Final

from ...errors import excerpt
from .loss import Loss
from .neutral import Message

_NO_RESULT: Final = "No result: the tool was not run."
_NOT_LEFT_ALONE: Final = "servers refuse a conversation that leaves a call without one"
_BEHIND_CALLS: Final = "answers stand directly behind their calls"
_SPEAKING: Final = frozenset(("user", "system"))


def with_answers_in_place(messages: list[Message], losses: list[Loss]) -> list[Message]:
    """Return *messages*, in normal form, with an answer behind each call, and report what was moved or made up.

    Calls of the last message still wait for theirs, and are left alone.
    """
    found: list[Message] = []
    behind: list[Message] = []
    moved: set[int] = set()
    for index, message in enumerate(messages):
        if index in moved:
            continue
        if message["role"] != "tool":
            found += behind
            behind = []
        found.append(message)
        late, missing = _answers(messages, index)
        moved |= {*late}
        losses += (Loss(f"messages[{place}]", "tool message moved forward", _BEHIND_CALLS) for place in late)
        losses += (
            Loss(f"messages[{index}]", f"result of call {excerpt(name)} made up", _NOT_LEFT_ALONE) for name in missing
        )
        behind += [*(messages[place] for place in late), *map(_made_up, missing)]
    return found + behind


def _answers(messages: list[Message], index: int) -> tuple[list[int], list[str]]:
    """Places of the answers that come after somebody spoke, and ids of the calls without an answer."""
    late: list[int] = []
    waiting = _calls(messages[index]) if index < len(messages) - 1 else []
    spoken = False
    for place in range(index + 1, len(messages) if waiting else 0):
        message = messages[place]
        spoken = spoken or message["role"] in _SPEAKING
        if message.get("tool_call_id") in waiting:
            waiting.remove(message["tool_call_id"])
            late += [place] if spoken else []
        if not waiting or not {*_calls(message)}.isdisjoint(waiting):  # vendors begin to count anew in every turn
            break
    return late, waiting


def _calls(message: Message) -> list[str]:
    return [part["id"] for part in message["content"] if part["type"] == "tool_call"]


def _made_up(call_id: str) -> Message:
    content = [{"type": "text", "text": _NO_RESULT}]
    return {"role": "tool", "tool_call_id": call_id, "is_error": True, "content": content}
