"""Strategies of conversations in the neutral form."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..stream_chunk.vocabulary import PHASES, STATUSES
from . import strategies_values as values
from .strategies_values import Data

_MOST_PARTS: Final = 3


def _part(kind: str, required: Data, optional: Data | None = None) -> SearchStrategy[Data]:
    own = {"provider_data": values.provider_data()}
    return st.fixed_dictionaries({"type": st.just(kind), **required}, optional={**(optional or {}), **own})


def text_parts() -> SearchStrategy[Data]:
    """Parts of text."""
    return _part("text", {"text": values.text()})


def input_parts() -> SearchStrategy[Data]:
    """What a user, or a tool, may send: text and media with one source each."""
    opaque = st.fixed_dictionaries({}, optional={"provider_data": values.provider_data()})
    return text_parts() | st.builds(lambda part, more: {**part, **more}, values.media_parts(), opaque)


def _said() -> SearchStrategy[Data]:
    where = {"item_id": values.ids()}
    return st.one_of(
        _part("text", {"text": values.text()}, {**where, "phase": st.sampled_from(PHASES)}),
        _part("reasoning", {"text": values.text()}, {**where, "summary": st.lists(values.text(), max_size=2)}),
        _part("refusal", {"text": values.text(min_size=1)}, where),
    )


def _vendor_run(call_id: str) -> SearchStrategy[Data]:
    named = {"tool_call_id": st.just(call_id), "tool_name": st.just("web_search")}
    asked = {"arguments": values.arguments(), "status": st.sampled_from(STATUSES["server_tool_call"])}
    media = {"attachments": st.lists(values.media_parts(), min_size=1, max_size=1)}
    return st.one_of(
        _part("server_tool_call", named, asked),
        _part("tool_result", {**named, "content": values.text()}, {"is_error": st.booleans()}),
        _part("tool_result", {**named, **media}),
    )


@st.composite
def _assistant(draw: DrawFn, numbers: Iterator[int]) -> list[Data]:
    """An answer, and what the tools that it called returned."""
    if draw(st.sampled_from((False, False, True))):
        return [{"role": "assistant", "content": draw(values.text())}]
    parts: list[Data] = []
    for _ in range(draw(st.integers(0, _MOST_PARTS))):
        name = f"call-{next(numbers)}"
        call = values.calls(call_id=st.just(name)).map(lambda call: {"type": "tool_call", **call})
        parts.append(draw(_said() | call | _vendor_run(name)))
    message: Data = {"role": "assistant", "content": parts}
    if draw(st.booleans()):
        message["provider_data"] = draw(values.provider_data())
    answered = [part["id"] for part in parts if part["type"] == "tool_call"]
    return [message, *(draw(_tool_answer(call_id)) for call_id in answered)]


def _tool_answer(call_id: str) -> SearchStrategy[Data]:
    content = values.text() | st.lists(input_parts(), max_size=2)
    required = {"role": st.just("tool"), "tool_call_id": st.just(call_id), "content": content}
    return st.fixed_dictionaries(required, optional={"is_error": st.booleans()})


@st.composite
def messages(draw: DrawFn) -> list[dict[str, Any]]:
    """Conversations of neutral messages: every kind of part, and an answer to every call of a client's tool."""
    numbers = count()
    said: list[Data] = []
    if draw(st.booleans()):
        said.append({"role": "system", "content": draw(values.text() | st.lists(text_parts(), max_size=2))})
    for _ in range(draw(st.sampled_from((1, 2, 0)))):
        content = draw(values.text() | st.lists(input_parts(), max_size=_MOST_PARTS))
        said.append({"role": "user", "content": content})
        said += draw(_assistant(numbers))
    said.append({"role": "user", "content": draw(values.text())})
    return said
