"""The default answer to a request, as chunks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from msgspec.structs import replace

from ...stream_chunk.narrow import content, reasoning, tool_call_delta
from ...stream_chunk.text import TextStreamChunk
from ..ask import Ask
from .ending import ending, text_field
from .reply import Call, Reply, reply
from .tokens import CHARACTERS_PER_TOKEN

_WORDS: Final = re.compile(r"\s*\S+|\s+$")
_ARGUMENT_PIECES: Final = re.compile(r".{1,12}", re.DOTALL)


def answer(ask: Ask, serial: int) -> list[TextStreamChunk]:
    """Return the answer to *ask*: its deltas word by word, choices interleaved, and `done`.

    Args:
        ask: The request.
        serial: Number of the request; ids of calls are made of it.
    """
    whole = [list(_deltas(reply(ask, index), index, serial)) for index in range(ask.choices)]
    said = [_within(deltas, ask.max_tokens) for deltas in whole]
    cut = [index for index, deltas in enumerate(said) if _length(deltas) < _length(whole[index])]
    mixed = [delta for row in zip_longest(*said) for delta in row if delta is not None]
    return [*mixed, ending(mixed, ask, cut=cut)]


def _deltas(said: Reply, index: int, serial: int) -> Iterator[TextStreamChunk]:
    where = index or None
    for word in _WORDS.findall(said.reasoning):
        yield reasoning(word, choice_index=where)
    for word in _WORDS.findall(said.text):
        yield content(word, choice_index=where)
    for number, call in enumerate(said.calls):
        yield from call_deltas(call, f"call_sim_{serial}_{index}_{number}", where)


def call_deltas(call: Call, call_id: str, choice_index: int | None = None) -> Iterator[TextStreamChunk]:
    """Yield the deltas of a call: its name first, then its arguments in pieces."""
    yield tool_call_delta(call_id, "", tool_name=call.name, choice_index=choice_index)
    for piece in _ARGUMENT_PIECES.findall(call.arguments):
        yield tool_call_delta(call_id, piece, choice_index=choice_index)


def _within(deltas: Sequence[TextStreamChunk], max_tokens: int | None) -> list[TextStreamChunk]:
    """As much of *deltas* as *max_tokens* allow."""
    if max_tokens is None:
        return list(deltas)
    room = max_tokens * CHARACTERS_PER_TOKEN
    kept: list[TextStreamChunk] = []
    for delta in deltas:
        name = text_field(delta)
        text = getattr(delta, name)[:room]
        if room <= 0:
            break
        kept.append(replace(delta, **{name: text}))
        room -= len(text)
    return kept


def _length(deltas: Sequence[TextStreamChunk]) -> int:
    return sum(len(getattr(delta, text_field(delta))) for delta in deltas)
