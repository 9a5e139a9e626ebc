"""Ids as OpenAI accepts them back."""

from __future__ import annotations

from typing import Final

from ..sent_call import sent_id as _sent_id

_LONGEST: Final = 64
"""OpenAI refuses a longer ``call_id``; other vendors' ids may be longer."""
_MESSAGE_PREFIX: Final = "msg"
"""OpenAI refuses the id of a message that begins otherwise."""


def sent_id(call_id: str) -> str:
    """Return the id of a call, a long one shortened; the same for the call and for its answer."""
    return _sent_id(call_id, _LONGEST)


def is_message_id(item_id: object) -> bool:
    """Return whether an id can be that of a message which OpenAI wrote."""
    return isinstance(item_id, str) and item_id.startswith(_MESSAGE_PREFIX)
