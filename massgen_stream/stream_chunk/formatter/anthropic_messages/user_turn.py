"""What stands between two answers of the model: results of its calls, words of the user, new instructions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ..loss import Loss
from .payload import Wire, joined

_NO_RESULT: Final = "No result: the tool was not run."


class Said(NamedTuple):
    """A message on its way.

    Attributes:
        blocks: Its content.
        own: Fields of the message itself.
        where: Its place in the normal form.
    """

    blocks: list[Wire]
    own: Wire
    where: str


class UserTurn:
    """One turn of the user while it is gathered.

    Args:
        calls: Ids of the calls that wait for a result, in order.
        losses: Takes what is lost.

    Attributes:
        waiting: Ids of the calls that have no result yet.
    """

    def __init__(self, calls: Iterable[str], losses: list[Loss]) -> None:
        self.waiting = list(calls)
        self._losses = losses
        self._results: list[Wire] = []
        self._beside: list[Wire] = []
        self._place = ""
        self._said: list[Said] = []
        self._instructions: list[Said] = []

    def is_empty(self) -> bool:
        """Return whether nothing was said yet."""
        return not (self._results or self._said or self._instructions)

    def only_speaks(self) -> bool:
        """Return whether the turn has words, and no results of calls."""
        return not (self.is_empty() or self.waiting or self._results)

    def answer(self, wire: Wire, blocks: list[Wire], own: Wire, where: str) -> None:
        """Take a result; *wire* is its block without content."""
        if wire["tool_use_id"] not in self.waiting:
            self._say_result(wire["tool_use_id"], blocks, where)
            return
        self.waiting.remove(wire["tool_use_id"])
        self._warn_of_order(where)
        if wire.get("is_error"):
            blocks = self._only_text(blocks, wire["tool_use_id"], where)
        content = {"content": joined(blocks)} if blocks else {}
        self._place = self._place or where
        self._results.append({**own, **wire, **content})

    def _say_result(self, call_id: str, blocks: list[Wire], where: str) -> None:
        """Take a result that no call waits for."""
        how = "sent as the user's" if blocks else "dropped"
        why = "no call before it waits for it, and Claude refuses such a result"
        self._losses.append(Loss(where, f"tool message {how}", why))
        if blocks:
            self.say(Said([_heading(call_id), *blocks], {}, where))

    def say(self, said: Said) -> None:
        """Take a message of the user."""
        if self._instructions:
            why = "Claude takes instructions behind all that the user says in a turn"
            self._losses.append(Loss(self._instructions[-1].where, "system message moved behind the user's", why))
        self._said.append(said)

    def instruct(self, said: Said) -> None:
        """Take new instructions."""
        self._instructions.append(said)

    def messages(self, *, after_user: bool) -> Iterator[tuple[str, Said]]:
        """Yield role and content of the messages that hold the turn; *after_user* tells what stands before it."""
        if self.is_empty():
            return
        self._make_up()
        said = list(self._said)
        if self._results:
            joins = bool(said) and not said[0].own
            more = said.pop(0).blocks if joins else []
            yield "user", Said([*self._results, *self._beside, *more], {}, self._place)
        for one in said:
            yield "user", one
        spoken = after_user or bool(self._results) or bool(self._said)
        for one in self._instructions:
            if not spoken:
                why = "Claude takes instructions only behind a turn of the user"
                self._losses.append(Loss(one.where, "system message sent as the user's", why))
            yield "system" if spoken else "user", one

    def _make_up(self) -> None:
        """Answer the calls that nobody answered."""
        for call_id in self.waiting:
            where = self._place or (self._said or self._instructions)[0].where
            why = "Claude refuses a conversation that leaves a call without one"
            self._losses.append(Loss(where, f"result of call {call_id} made up", why))
            made = {"type": "tool_result", "tool_use_id": call_id, "is_error": True, "content": _NO_RESULT}
            self._results.append(made)
            self._place = where
        self.waiting = []

    def _warn_of_order(self, where: str) -> None:
        if self._said or self._instructions:
            why = "results stand directly behind their calls"
            self._losses.append(Loss(where, "tool message moved forward", why))

    def _only_text(self, blocks: list[Wire], call_id: str, where: str) -> list[Wire]:
        """Take what is no text out of the result of a failure, where Claude refuses it, to stand behind all results."""
        others = [block for block in blocks if block.get("type") != "text"]
        if not others:
            return blocks
        self._losses.append(Loss(where, "media moved behind the results", "a result that is_error holds only text"))
        self._beside += [_heading(call_id), *others]
        return [block for block in blocks if block.get("type") == "text"]


def _heading(call_id: str) -> Wire:
    return {"type": "text", "text": f"Result of tool call {call_id}:"}
