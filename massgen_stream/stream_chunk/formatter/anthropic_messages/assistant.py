"""An assistant message as blocks: each part in its place, and what Claude sent before as it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from ..loss import Loss
from ..neutral import MEDIA_PARTS, Message, Part
from ..unsent import own_part_data
from .call import CallIds, tool_use
from .marks import with_own_mark
from .payload import ANTHROPIC, Wire
from .text import text_blocks

_NOT_SIGNED: Final = "Claude takes back only the thinking that it signed"
_NOT_ITS_OWN: Final = "Claude takes back only what it ran itself; say what came of it in a text"


class AssistantDraft:
    """One assistant message while its parts become blocks.

    Args:
        ids: Gives calls their ids.
        losses: Takes what is lost.

    Attributes:
        blocks: The blocks so far.
        calls: Ids of its calls, as the wire has them.
    """

    def __init__(self, ids: CallIds, losses: list[Loss]) -> None:
        self._ids, self._losses = ids, losses
        self.blocks: list[Wire] = []
        self.calls: list[str] = []

    def feed(self, part: Part, where: str) -> None:
        """Write one part."""
        part = with_own_mark(part)
        own = own_part_data(part, ANTHROPIC, where, self._losses)
        self._FEED[part["type"]](self, part, own, where)

    def _lose(self, where: str, what: str, why: str) -> None:
        self._losses.append(Loss(where, what, why))

    def _text(self, part: Part, own: Wire, where: str) -> None:
        self.blocks += text_blocks(part, own, where, self._losses)

    def _refusal(self, part: Part, own: Wire, where: str) -> None:
        self._lose(where, "refusal sent as text", "Claude refuses in plain text")
        self.blocks += text_blocks(part, own, where, self._losses)

    def _reasoning(self, part: Part, own: Wire, where: str) -> None:
        block, signature = own.get("block"), own.get("signature")
        if isinstance(block, dict):
            self.blocks.append(block)
        elif isinstance(signature, str) and signature:
            self.blocks.append({"type": "thinking", "thinking": part["text"], **own})
        elif part["text"] or any(part.get("summary", ())):
            self._lose(where, "reasoning dropped", _NOT_SIGNED)

    def _call(self, part: Part, own: Wire, where: str) -> None:
        block = tool_use(part, own, self._ids, where, self._losses)
        self.calls.append(block["id"])
        self.blocks.append(block)

    def _vendor_run(self, part: Part, own: Wire, where: str) -> None:
        block = own.get("block")
        if not isinstance(block, dict):
            self._lose(where, f"{part['type']} dropped", _NOT_ITS_OWN)
        elif part.get("status") == "incomplete":
            self._lose(where, "server_tool_call dropped", "it was cut off, and Claude refuses a call without its end")
        else:
            self.blocks.append(block)

    def _media(self, part: Part, own: Wire, where: str) -> None:
        block = own.get("block")
        if isinstance(block, dict):
            self.blocks.append(block)
        else:
            why = "an assistant message of Claude holds no media; show it to the model in a user message"
            self._lose(where, f"{part['type']} dropped", why)

    _FEED: ClassVar[Mapping[str, Callable[[AssistantDraft, Part, Wire, str], None]]] = {
        "text": _text,
        "refusal": _refusal,
        "reasoning": _reasoning,
        "tool_call": _call,
        **dict.fromkeys(("tool_result", "server_tool_call"), _vendor_run),
        **dict.fromkeys(MEDIA_PARTS, _media),
    }


def assistant_draft(message: Message, where: str, ids: CallIds, losses: list[Loss]) -> AssistantDraft:
    """Return the blocks and calls of an assistant message in normal form.

    Raises:
        InvalidMessage: Data of this protocol is no object.
    """
    draft = AssistantDraft(ids, losses)
    for index, part in enumerate(message["content"]):
        draft.feed(part, f"{where}.content[{index}]")
    return draft
