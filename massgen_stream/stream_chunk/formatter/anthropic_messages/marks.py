"""Marks of the prompt cache, which people write in OpenAI's shape too: ``cache_control`` is Anthropic's own word.

https://platform.claude.com/docs/en/build-with-claude/prompt-caching
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..provider_data import OPENAI_CHAT
from .payload import ANTHROPIC, Wire

CACHE_CONTROL: Final = "cache_control"
_UNMARKED: Final = frozenset(("thinking", "redacted_thinking"))
"""Blocks that take no mark."""


def with_own_mark(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message, part or tool whose mark, if it was read as ``openai.chat``'s, is this protocol's."""
    data = value.get("provider_data")
    theirs = data.get(OPENAI_CHAT) if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(theirs, Mapping) or CACHE_CONTROL not in theirs:
        return dict(value)
    own = data.get(ANTHROPIC, {})
    if not isinstance(own, Mapping):
        return dict(value)  # refused where it is read
    rest = {name: item for name, item in theirs.items() if name != CACHE_CONTROL}
    others = {name: item for name, item in data.items() if name not in (OPENAI_CHAT, ANTHROPIC)}
    kept = {OPENAI_CHAT: rest} if rest else {}
    ours = {ANTHROPIC: {CACHE_CONTROL: theirs[CACHE_CONTROL], **own}}
    return {**value, "provider_data": {**others, **kept, **ours}}


def mark_last(blocks: list[Wire], mark: object) -> bool:
    """Put the mark of a whole message on its last block that takes one; return whether there was one."""
    for index in range(len(blocks) - 1, -1, -1):
        if blocks[index].get("type") not in _UNMARKED:
            blocks[index] = {**blocks[index], CACHE_CONTROL: blocks[index].get(CACHE_CONTROL, mark)}
            return True
    return False
