"""Events of a Messages stream: the deltas in typed form, everything else as the document it is.

Nine events of ten are deltas of text, thinking or arguments; blocks and the message's own events are read field by
field, since blocks of the vendor's tools go back unchanged in the next request.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

TYPES: Final = frozenset((
    "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta",
    "message_stop", "ping", "error",
))  # fmt: skip
"""The types of events that are known."""

Index = Annotated[int, msgspec.Meta(ge=0)]


class Delta(msgspec.Struct, gc=False):
    """What a block adds; `type` says which of the texts counts."""

    type: str = ""
    text: str | None = None
    partial_json: str | None = None
    thinking: str | None = None


class Event(msgspec.Struct, gc=False):
    """A ``content_block_delta``, or an event of another type of which only that is known."""

    type: str = ""
    index: Index | None = None
    delta: Delta | None = None


decode_event = msgspec.json.Decoder(Event).decode
"""Decode an event whose fields have the usual types; raises what msgspec raises."""
