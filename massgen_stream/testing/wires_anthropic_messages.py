"""Bodies of Messages responses as Claude sends them, and as nobody should: cut, odd and broken."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_anthropic_messages_blocks import BLOCKS, DELTAS, ODD, ODD_DELTAS
from .wires_framing import cut_off, indexes, mixed_up, named_body

Data = dict[str, Any]
_ERRORS: Final[tuple[Any, ...]] = (
    {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
    {"type": "error", "error": {"type": "api_error", "message": "no"}, "request_id": "req_1"},
    {"type": "error", "error": "text"}, {"type": "error"}, {"type": "error", "error": {"n": float("nan")}},
)  # fmt: skip
_USAGES: Final[tuple[Any, ...]] = (
    {"input_tokens": 5, "output_tokens": 1},
    {"output_tokens": 20},
    {"input_tokens": 7, "cache_read_input_tokens": 100, "cache_creation_input_tokens": None, "output_tokens": 9},
    {"output_tokens": 3, "output_tokens_details": {"thinking_tokens": 2}, "server_tool_use": {"requests": 1}},
    {"output_tokens": 3, "iterations": [{"type": "message", "input_tokens": 1, "output_tokens": 2}]},
    {"iterations": [{"input_tokens": "1"}], "input_tokens": 4, "output_tokens": 2**70}, {}, None,
)  # fmt: skip
_ODD_USAGES: Final[tuple[Any, ...]] = (
    {"input_tokens": "5"},
    {"output_tokens": -1, "output_tokens_details": {"thinking_tokens": []}},
    5,
)
_ENDS: Final[tuple[Any, ...]] = (
    {"stop_reason": "end_turn", "stop_sequence": None}, {"stop_reason": "tool_use"}, {"stop_reason": "max_tokens"},
    {"stop_reason": "stop_sequence", "stop_sequence": "\n\nHuman:"}, {"stop_reason": "pause_turn"},
    {"stop_reason": "refusal", "stop_details": {"type": "refusal", "category": "bio", "explanation": None}},
    {"stop_reason": "a_new_word"}, {"stop_reason": None}, {"stop_reason": ""}, {}, {"stop_sequence": "x"},
    {"stop_reason": "end_turn", "container": {"id": "c_1", "$x": 1}}, {"stop_reason": "model_context_window_exceeded"},
)  # fmt: skip
_ODD_ENDS: Final[tuple[Any, ...]] = (
    {"stop_reason": 5, "stop_sequence": [], "stop_details": "x"},
    {"container": float("nan")},
    [],
    None,
)
_MESSAGES: Final[tuple[Any, ...]] = (
    {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5-5", "content": []},
    {"id": "msg_1", "model": "claude", "stop_reason": None, "container": None, "diagnostics": {"a": 1.5}}, {},
)  # fmt: skip
_ODD_MESSAGES: Final[tuple[Any, ...]] = (
    {"id": 5, "model": ["x"], "usage": "?"},
    None,
    [],
    {"content": [{"type": "text", "text": "hi"}]},
)
_UNKNOWN: Final[tuple[Any, ...]] = (
    {"type": "ping"}, {"type": "a_new_event", "delta": {"text": "x"}}, {}, {"type": None}, {"type": ["x"]},
    {"a": "\ud83d"},
)  # fmt: skip
_BODIES: Final = (
    b'{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}', b"<html>no</html>", b"[",
)  # fmt: skip
_RUBBISH: Final = (b"rubbish", b'{"type":', b"{}{}", b'"\xff"', b"[" * 3000, b"null", b'"text"', b"[DONE]", b"")


@st.composite
def messages(draw: DrawFn, *, odd: bool = False, max_blocks: int = 4) -> list[Data]:
    """The events of one response, in the order that Claude sends them."""
    events = [{"type": "message_start", "message": draw(_message(odd))}]
    for index in range(draw(st.integers(0, max_blocks))):
        block = draw(st.sampled_from([*BLOCKS, *(ODD if odd else ())]))
        kinds = DELTAS.get(block["type"] if isinstance(block["type"], str) else "", ())
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        for delta in draw(st.lists(st.sampled_from(kinds), max_size=3)) if kinds else ():
            events.append({"type": "content_block_delta", "index": index, "delta": delta})  # noqa: PERF401 - a draw
        events.append({"type": "content_block_stop", "index": index})
    events += draw(st.lists(_message_deltas(odd), max_size=2))
    return [*events, {"type": "message_stop"}]


@st.composite
def shuffled_messages(draw: DrawFn) -> list[Data]:
    """Events that nobody should send: odd values, events left out, doubled, out of order, unknown."""
    events = draw(messages(odd=True))
    extra = st.one_of(
        st.sampled_from([*_UNKNOWN, *_ERRORS]),
        st.builds(_odd_delta, st.sampled_from((*ODD_DELTAS, *sum(DELTAS.values(), ()))), indexes()),
        st.builds(lambda index: {"type": "content_block_stop", "index": index}, indexes()),
        st.builds(_odd_start, st.sampled_from([*BLOCKS, *ODD]), indexes()),
    )
    return mixed_up(draw, events, extra)


@st.composite
def wires(draw: DrawFn) -> bytes:
    """The bytes of a response: mostly event streams, whole or cut; sometimes another body."""
    if draw(st.integers(0, 29)) == 1:
        return draw(st.sampled_from(_BODIES))
    events = draw(messages() | shuffled_messages())
    body = named_body(draw, events, _RUBBISH)
    return cut_off(draw, body, 5)


def _message(odd: bool) -> SearchStrategy[Any]:
    whole = st.builds(
        lambda message, usage: {**message, "usage": usage}, st.sampled_from(_MESSAGES), st.sampled_from(_USAGES)
    )
    return whole | st.sampled_from(_ODD_MESSAGES) if odd else whole


def _message_deltas(odd: bool) -> SearchStrategy[Data]:
    more: tuple[Data, ...] = (
        {},
        {},
        {"context_management": {"applied_edits": []}},
        {"thread": None, "input_transformations": [1]},
    )
    return st.builds(
        lambda delta, usage, beside: {"type": "message_delta", "delta": delta, "usage": usage, **beside},
        st.sampled_from((*_ENDS, *(_ODD_ENDS if odd else ()))),
        st.sampled_from((*_USAGES, *(_ODD_USAGES if odd else ()))),
        st.sampled_from(more),
    )


def _odd_delta(delta: Any, index: Any) -> Data:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def _odd_start(block: Any, index: Any) -> Data:
    return {"type": "content_block_start", "index": index, "content_block": block}
