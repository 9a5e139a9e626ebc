"""Strategies of the parts of a turn: each is a short list of chunks that keeps the grammar wherever it is put."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from msgspec.structs import replace

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.jsonform import text_form
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.rules import COMMON, RULES
from ..stream_chunk.text import TextStreamChunk
from . import strategies_values as values
from .strategies_chunks import chunks_of, unknown_chunks
from .strategies_media import media_blocks

Block = list[BaseStreamChunk]
_T = ChunkType
_UNSET: Final[dict[str, Any]] = {**dict.fromkeys(COMMON), "display": True}


def chunk(chunk_type: ChunkType, **fields: Any) -> TextStreamChunk:
    """Return a text chunk; what is None or absent in a drawn choice stays absent."""
    return TextStreamChunk(type=chunk_type, **fields)


def choices_of(choice: int) -> int | None:
    """Return the `choice_index` of a choice: absent means 0."""
    return choice or None


@cache
def pieces() -> SearchStrategy[list[str]]:
    """Deltas that are not empty."""
    return st.lists(values.text(min_size=1), min_size=1, max_size=3)


@st.composite
def text_blocks(draw: DrawFn, name: str, choice: int) -> Block:
    """Visible text, some of it with opaque data on empty text."""
    fields = {"item_id": draw(st.sampled_from((None, name))), "phase": draw(st.sampled_from((None, "commentary")))}
    deltas: Block = [
        chunk(_T.CONTENT, content=piece, choice_index=choices_of(choice), **fields) for piece in draw(pieces())
    ]
    if draw(st.booleans()):
        data = draw(values.provider_data())
        deltas.append(chunk(_T.CONTENT, content="", choice_index=choices_of(choice), provider_data=data, **fields))
    return deltas


@st.composite
def refusal_blocks(draw: DrawFn, name: str, choice: int) -> Block:
    """A refusal."""
    where = {"item_id": draw(st.sampled_from((None, name))), "choice_index": choices_of(choice)}
    return [chunk(_T.REFUSAL, content=piece, **where) for piece in draw(pieces())]


@st.composite
def reasoning_blocks(draw: DrawFn, name: str, choice: int) -> Block:
    """Reasoning of one item, with or without its final."""
    texts = draw(pieces())
    where: dict[str, Any] = {"item_id": name, "choice_index": choices_of(choice)}
    where["content_index"] = draw(st.sampled_from((None, 0, 1)))
    block: Block = [chunk(_T.REASONING, reasoning_delta=text, **where) for text in texts]
    if draw(st.booleans()):
        data = draw(values.optional(values.provider_data()))
        block.append(chunk(_T.REASONING_DONE, reasoning_text=text_form("".join(texts)), provider_data=data, **where))
    return block


@st.composite
def summary_blocks(draw: DrawFn, name: str, choice: int) -> Block:
    """Summaries of one item's reasoning, one after the other."""
    block: Block = []
    for index in draw(st.sampled_from(((None,), (0,), (0, 1)))):
        texts = draw(pieces())
        where: dict[str, Any] = {"item_id": name, "summary_index": index, "choice_index": choices_of(choice)}
        block += [chunk(_T.REASONING_SUMMARY, reasoning_summary_delta=text, **where) for text in texts]
        block.append(chunk(_T.REASONING_SUMMARY_DONE, reasoning_summary_text=text_form("".join(texts)), **where))
    return block


@st.composite
def call_blocks(draw: DrawFn, name: str, choice: int) -> Block:
    """A call of a client's tool: with or without deltas, complete at its end."""
    call = draw(values.calls(call_id=st.just(name)))
    where = {"tool_call_id": name, "choice_index": choices_of(choice)}
    block: Block = []
    if draw(st.booleans()):
        told = call["arguments"]
        if call["kind"] == "function" and draw(st.booleans()) and "invalid" not in call:
            told, call["arguments"] = draw(st.sampled_from((("", "{}"), ("null", "{}"))))
        cut = draw(st.integers(0, len(told)))
        block.append(chunk(_T.TOOL_CALL_DELTA, arguments_delta=told[:cut], tool_name=call["name"], **where))
        block.append(chunk(_T.TOOL_CALL_DELTA, arguments_delta=told[cut:], **where))
    block.append(chunk(_T.TOOL_CALLS, tool_calls=[call], choice_index=choices_of(choice)))
    return block


@st.composite
def vendor_call_blocks(draw: DrawFn, name: str, choice: int) -> Block:
    """A tool that the vendor runs, and its results, or a tool's error."""
    where = {"tool_call_id": name, "choice_index": choices_of(choice)}
    block: Block = [chunk(_T.SERVER_TOOL_CALL, tool_name="web_search", status="in_progress", arguments="{}", **where)]
    if draw(st.booleans()):
        block.append(chunk(_T.TOOL_RESULT, content="…", preliminary=True, **where))
    if draw(st.booleans()):
        block.append(chunk(_T.TOOL_RESULT, content=draw(values.text()), **where))
    else:
        info = {"kind": "tool", "raw": draw(values.dicts())}
        block.append(chunk(_T.ERROR, error="the tool failed", error_info=info, tool_call_id=name))
    block.append(chunk(_T.SERVER_TOOL_CALL, tool_name="web_search", status="completed", **where))
    return block


_LOOSE: Final = (
    _T.CITATION, _T.USAGE, _T.COMPLETE_RESPONSE, _T.HOOK_EXECUTION, _T.ATTACHMENT, _T.ATTACHMENT_COMPLETE,
)  # fmt: skip
"""Types that the grammar lets come anywhere in a turn."""
_STATUSES: Final = tuple(one for one in _T if one.value.endswith("_status"))
"""Types that may even come before a `start`."""


@cache
def _one_of(types: tuple[ChunkType, ...]) -> SearchStrategy[BaseStreamChunk]:
    return st.sampled_from(types).flatmap(chunks_of)


@st.composite
def loose_blocks(draw: DrawFn, name: str, choice: int, types: tuple[ChunkType, ...] = _LOOSE) -> Block:
    """One chunk that may come anywhere in a turn."""
    one = draw(_one_of(types))
    changes = dict(_UNSET)
    if "choice_index" in RULES[_T(one.type)].allowed:
        changes["choice_index"] = choices_of(choice)
    if one.type in (_T.ATTACHMENT, _T.ATTACHMENT_COMPLETE):
        changes["media_id"] = name
    return [replace(one, **changes)]


def status_blocks(name: str, choice: int) -> SearchStrategy[Block]:
    """One status, which may come anywhere, also before a `start`."""
    return loose_blocks(name, choice, _STATUSES)


@st.composite
def unknown_blocks(draw: DrawFn, name: str, choice: int) -> Block:  # noqa: ARG001 - one shape for all blocks
    """A chunk of a type that this version does not know."""
    return [draw(unknown_chunks(common=False))]


BLOCKS: Final[tuple[Callable[[str, int], SearchStrategy[Block]], ...]] = (
    text_blocks,
    reasoning_blocks,
    call_blocks,
    media_blocks,
    loose_blocks,
    status_blocks,
    summary_blocks,
    vendor_call_blocks,
    unknown_blocks,
    refusal_blocks,
    loose_blocks,
)
"""Every kind of block: a function of a name that is unique in the stream, and of a choice. Loose ones are six kinds."""
