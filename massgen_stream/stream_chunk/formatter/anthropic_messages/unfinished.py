"""Calls that the vendor did not come to run: they wait for the assistant to go on, and the user's word ends that.

https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..loss import Loss
from .payload import Wire, joined

_CALLS: Final = frozenset(("server_tool_use", "mcp_tool_use"))
_RESULT: Final = "_tool_result"


def drop_unfinished(messages: list[Wire], places: list[str], losses: list[Loss]) -> None:
    """Take calls without a result out of the assistant's messages at the end of *messages*; empty ones go as well.

    Args:
        messages: As the wire has them; changed.
        places: Where each of them comes from; changed with them.
        losses: Takes what is lost.
    """
    start = len(messages)
    while start and messages[start - 1]["role"] == "assistant":
        start -= 1
    blocks = [block for message in messages[start:] for block in _blocks(message)]
    ended = {block.get("tool_use_id") for block in blocks if str(block.get("type")).endswith(_RESULT)}
    for index in range(len(messages) - 1, start - 1, -1):
        found = list(_blocks(messages[index]))
        kept = [block for block in found if block.get("type") not in _CALLS or block.get("id") in ended]
        if len(kept) == len(found):
            continue
        why = "it has no result, and Claude refuses it once the user has said something else"
        losses.append(Loss(places[index], "server_tool_call dropped", why))
        if kept:
            messages[index] = {**messages[index], "content": joined(kept)}
        else:
            del messages[index], places[index]


def _blocks(message: Wire) -> Iterator[Wire]:
    content = message["content"]
    return iter(content if isinstance(content, list) else ())
