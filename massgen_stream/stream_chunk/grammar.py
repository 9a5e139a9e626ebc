"""The grammar of a stream, as data: what `StreamVerifier` checks, one line for each rule.

The page of the grammar in the docs is made from this table, `testing.strategies.broken_streams` has one broken stream
for each of its rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Breach(NamedTuple):
    """One breach of the grammar.

    Attributes:
        rule: The rule's name in `GRAMMAR`.
        position: Index of the chunk in the stream as it was fed, from 0; for what `close` finds, the stream's length.
        message: One line: what is wrong with this chunk.
    """

    rule: str
    position: int
    message: str


Faults = Iterator[tuple[str, str]]
"""Rules that a chunk breaks, each with its message."""

GRAMMAR: Final[Mapping[str, str]] = MappingProxyType({
    "chunk": "Every chunk keeps the rules of its type.",
    "sequence": "`sequence_number` starts at 0 and grows by one.",
    "timestamp": "`timestamp` never decreases.",
    "stream_id": "`stream_id` is the same in every chunk.",
    "done": "A stream that was read to its end has a `done`.",
    "after_done": "Nothing follows `done`.",
    "start": "`start` comes first in each attempt or turn: it never follows anything that the attempt has shown.",
    "error_missing": "The finish reasons `error` and `incomplete` follow an `error` chunk.",
    "error_ignored": (
        "A turn with an `error` chunk, other than one about a single tool call or medium, ends in `error`, "
        "`incomplete` or `cancelled`."
    ),
    "reason_tool_calls": "A turn that ends normally with a valid call of a client's tool ends in `tool_calls`.",
    "reason_refusal": "A turn that ends normally with the text of a refusal ends in `refusal`.",
    "usage_source": "A `turn_done` or `done` has usage if and only if its `usage_source` is `reported` or `estimated`.",
    "usage_missing": "A `turn_done` or `done` after a `usage` chunk of its turn has usage.",
    "reasoning": "The `reasoning` deltas of an item concatenate to its `reasoning_done`.",
    "reasoning_summary": "The `reasoning_summary` deltas of an item concatenate to its `reasoning_summary_done`.",
    "call_arguments": (
        "The deltas of a call concatenate to its arguments; nothing at all and `null` may have become `{}`."
    ),
    "call_twice": "Each call of a client's tool is in exactly one `tool_calls` chunk.",
    "call_late": "No delta follows the complete call.",
    "call_open": "A turn that ends normally completes every call that it announced.",
    "message_text": "The texts of a `complete_message` are the text, reasoning and refusal of its turn and choice.",
    "message_calls": "The calls of a `complete_message` are the calls of its turn and choice.",
    "message_twice": "There is at most one `complete_message` for each turn and choice.",
    "message_late": "No text, reasoning or call follows the `complete_message` of its turn and choice.",
    "partial_kind": "A partial medium has a `media_id` and says whether it is a segment or a preview.",
    "segment_index": "The `chunk_index` of a medium's segments starts at 0 and grows by one.",
    "segment_offset": "The `byte_offset` of a segment is the number of bytes in the segments before it.",
    "progress": "The `progress_percentage` of a medium never decreases.",
    "media_open": "In a stream that ends normally, every medium ends in a `media` chunk that is not partial.",
    "media_late": "Nothing follows the final chunk of a medium.",
    "media_metadata": "The final chunk of a medium that came in segments has metadata.",
    "media_copy": "The final chunk of a medium that came in segments holds no second copy of its bytes.",
    "media_digest": "Size and SHA-256 of a medium, where given, are those of its bytes.",
})  # fmt: skip
"""Every rule by name."""
