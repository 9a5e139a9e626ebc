"""The usage of a stream that ended before its vendor told it: four characters count as one token.

Only characters are counted, and only when such a stream ends, so that no other stream pays for it. Media are not
counted: what they cost is different with every model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.text import TextStreamChunk

CHARACTERS_PER_TOKEN: Final = 4
"""OpenAI's rule of thumb for English: https://help.openai.com/en/articles/4936856."""
BROKEN_OFF: Final = frozenset(("cancelled", "incomplete", "error"))
"""Reasons of streams that may have cost something before they ended."""
_UNCOUNTED: Final = frozenset((
    "type", "role", "id", "tool_call_id", "mime_type", "filename", "url", "base64", "data", "path", "file_id",
    "image_url", "input_audio", "file", "provider_data", "kind",
))  # fmt: skip
"""Fields whose text no model reads as text."""


def with_estimate(ending: Sequence[BaseStreamChunk], asked: Callable[[], int]) -> list[BaseStreamChunk]:
    """Return the last chunks of a stream; `done` has an estimated usage where the stream broke off without one.

    A stream that came to its end without a word of usage is left alone: its server tells none.

    Args:
        ending: The chunks, as the gate gave them.
        asked: Returns the number of characters that were sent.
    """
    last = ending[-1] if ending else None
    if not isinstance(last, TextStreamChunk) or last.finish_reason not in BROKEN_OFF or last.usage is not None:
        return list(ending)
    messages = [c.complete_message for c in ending if isinstance(c, TextStreamChunk) and c.complete_message is not None]
    usage = estimated_usage(asked(), sum(map(characters, messages)))
    return [*ending[:-1], replace(last, usage=usage, usage_source="estimated")]


def estimated_usage(asked: int, said: int) -> dict[str, Any]:
    """Return a usage report for so many characters sent and received."""
    given, written = tokens(asked), tokens(said)
    return {
        "input_tokens": given,
        "output_tokens": written,
        "total_tokens": given + written,
        "all_input_tokens": given,
        "all_output_tokens": written,
    }


def tokens(count: int) -> int:
    """Return how many tokens so many characters are; a part of one counts as one."""
    return -(-count // CHARACTERS_PER_TOKEN)


def characters(value: Any) -> int:
    """Return the characters that a model reads of messages, tools or parts of them."""
    count, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            count += len(one)
        elif isinstance(one, Mapping):
            waiting += [inner for name, inner in one.items() if name not in _UNCOUNTED]
        elif isinstance(one, list | tuple):
            waiting += one
    return count
