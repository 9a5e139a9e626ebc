"""Whole conversations as a Messages request holds them.

What a turn of the user holds stands in one order: results of tools, directly behind the calls, then what the user said,
then new instructions. https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls,
https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..loss import Loss
from ..neutral import MEDIA_PARTS, MESSAGE_KEYS, Message
from ..provider_data import own_data
from ..sendable import sendable
from ..unsent import own_part_data, report_unknown
from .assistant import assistant_draft
from .call import CallIds
from .marks import CACHE_CONTROL, mark_last, with_own_mark
from .media import media_block
from .payload import ANTHROPIC, MessagesPayload, Wire, joined
from .text import text_blocks
from .unfinished import drop_unfinished
from .user_turn import Said, UserTurn

_ONLY_TEXT: Final = "instructions of Claude hold only text; put it into a user message"


class Conversation:
    """A request while its messages are written.

    Args:
        losses: Takes what is lost.
        later_system: Whether the model takes instructions between the messages; else they move to the front.
    """

    def __init__(self, losses: list[Loss], *, later_system: bool) -> None:
        self._losses, self._later_system = losses, later_system
        self._ids = CallIds()
        self._system: list[Wire] = []
        self._messages: list[Wire] = []
        self._places: list[str] = []
        self._turn = UserTurn((), losses)
        self._instructed = 0

    def feed(self, message: Message, where: str) -> None:
        """Write one message in normal form."""
        message = with_own_mark(message)
        role = message["role"]
        report_unknown(message, MESSAGE_KEYS[role], ANTHROPIC, where, self._losses)
        if "name" in message:
            self._losses.append(Loss(where, "name dropped", "messages of Claude have no names"))
        own = own_data(message, ANTHROPIC, where, self._losses)
        if role == "assistant":
            self._assistant(message, own, where)
        elif role == "tool":
            self._answer(message, own, where)
        elif role == "user":
            self._say(Said(self._blocks(message, where, media=True), own, where))
        else:
            self._instruct(Said(self._blocks(message, where, media=False), own, where))

    def payload(self) -> MessagesPayload:
        """Return the request's fields for all messages so far."""
        self._end_turn(())
        system = sendable({"system": self._system}, "messages[0]", self._losses)["system"]
        return MessagesPayload(self._messages, joined(system) if system else None)

    def _assistant(self, message: Message, own: Wire, where: str) -> None:
        draft = assistant_draft(message, where, self._ids, self._losses)
        said = Said(draft.blocks, own, where)
        if self._says_something(said):
            self._end_turn(draft.calls)
            self._write("assistant", said)

    def _says_something(self, said: Said) -> bool:
        """Return whether a message has content; reports one that has none."""
        if not said.blocks:
            self._losses.append(Loss(said.where, "message dropped", "it is empty, and Claude refuses empty messages"))
        return bool(said.blocks)

    def _end_turn(self, calls: Iterable[str]) -> None:
        """Write what the user's turn held, and begin the next one, which answers *calls*.

        Where the user said nothing, two messages of the assistant are one to Claude, and all its calls are answered.
        """
        waiting = self._turn.waiting if self._turn.is_empty() else ()
        if self._turn.only_speaks():
            drop_unfinished(self._messages, self._places, self._losses)
        for role, said in self._turn.messages(after_user=self._after_user()):
            self._write(role, said)
        self._turn = UserTurn([*waiting, *calls], self._losses)

    def _after_user(self) -> bool:
        return bool(self._messages) and self._messages[-1]["role"] == "user"

    def _write(self, role: str, said: Said) -> None:
        blocks, own = said.blocks, said.own
        mark = own.pop(CACHE_CONTROL, None)
        if mark is not None and not mark_last(blocks, mark):
            self._losses.append(Loss(said.where, "cache_control dropped", "thinking takes no mark"))
        wire = {"role": role, "content": joined(blocks)}
        self._messages.append(sendable({**own, **wire}, said.where, self._losses))
        self._places.append(said.where)

    def _say(self, said: Said) -> None:
        if self._says_something(said):
            self._turn.say(said)

    def _instruct(self, said: Said) -> None:
        if not self._says_something(said):
            return
        leading = not self._messages and self._turn.is_empty()
        if leading or not self._later_system:
            self._lead(said, leading=leading)
        else:
            self._turn.instruct(said)

    def _lead(self, said: Said, *, leading: bool) -> None:
        """Put instructions in front of the conversation."""
        mark = said.own.pop(CACHE_CONTROL, None)
        if mark is not None:
            mark_last(said.blocks, mark)
        if said.own:
            self._losses.append(Loss(said.where, "data of the message dropped", "`system` is no message"))
        if not leading:
            why = "not every model takes instructions between the messages"
            self._losses.append(Loss(said.where, "system message moved to the front", why))
        elif self._instructed:
            self._losses.append(Loss(said.where, "joined with the system message before it", "`system` is one field"))
        self._instructed += 1
        self._system += said.blocks

    def _blocks(self, message: Message, where: str, *, media: bool) -> list[Wire]:
        found: list[Wire] = []
        for index, part in enumerate(message["content"]):
            place = f"{where}.content[{index}]"
            part = with_own_mark(part)
            own = own_part_data(part, ANTHROPIC, place, self._losses)
            if part["type"] not in MEDIA_PARTS:
                found += text_blocks(part, own, place, self._losses)
            elif media:
                block = media_block(part, own, place, self._losses)
                found += [] if block is None else [block]
            else:
                self._losses.append(Loss(place, f"{part['type']} dropped", _ONLY_TEXT))
        return found

    def _answer(self, message: Message, own: Wire, where: str) -> None:
        call_id = self._ids.of_answer(message["tool_call_id"])
        wire: Wire = {"type": "tool_result", "tool_use_id": call_id}
        blocks = self._blocks(message, where, media=True)
        if message.get("is_error"):
            wire["is_error"] = True
        self._turn.answer(wire, blocks, own, where)


def conversation(messages: list[Message], losses: list[Loss], *, later_system: bool) -> MessagesPayload:
    """Return the wire form of messages in normal form, and append what is lost.

    Raises:
        InvalidMessage: Data of this protocol is no object, or has no JSON form.
        UnresolvedMedia: Media that must be read, converted or uploaded first.
    """
    written = Conversation(losses, later_system=later_system)
    for index, message in enumerate(messages):
        written.feed(message, f"messages[{index}]")
    return written.payload()
