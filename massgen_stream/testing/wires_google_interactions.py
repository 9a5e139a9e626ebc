"""Bodies of Interactions responses as Google sends them, and as nobody should: cut, odd and broken."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_framing import cut_off, indexes, mixed_up, named_body
from .wires_google_interactions_steps import DELTAS, ODD, ODD_DELTAS, STEPS

Data = dict[str, Any]
_ID: Final = "v1_abc"
_ERRORS: Final[tuple[Any, ...]] = (
    {"event_type": "error", "error": {"code": "unavailable", "message": "Overloaded"}},
    {"event_type": "error", "error": {"code": "internal", "message": "no"}, "event_id": "e_9"},
    {"event_type": "error", "error": "text"}, {"event_type": "error"}, {"event_type": "error", "error": {"n": 1e999}},
    {"error": {"code": 503, "message": "busy", "status": "UNAVAILABLE"}},
)  # fmt: skip
_USAGES: Final[tuple[Any, ...]] = (
    {"total_tokens": 6, "total_input_tokens": 5, "total_output_tokens": 1},
    {"total_tokens": 99, "total_input_tokens": 7, "total_output_tokens": 20, "total_thought_tokens": 60,
     "total_cached_tokens": 0, "total_tool_use_tokens": 12, "initial_input_tokens": 7, "raw_prompt_token": 4,
     "input_tokens_by_modality": [{"modality": "text", "tokens": 7}],
     "grounding_tool_count": [{"type": "google_search", "count": 1}, {"count": 2}]},
    {"total_output_tokens": 2**70}, {}, None,
)  # fmt: skip
_ODD_USAGES: Final[tuple[Any, ...]] = ({"total_tokens": "5"}, {"total_input_tokens": -1, "total_thought_tokens": []}, 5)
_STATUSES: Final = (
    "completed", "completed", "requires_action", "failed", "cancelled", "incomplete", "budget_exceeded",
    "requires_continuation", "in_progress", "a_new_word",
)  # fmt: skip
_ENDS: Final[tuple[Data, ...]] = (
    {"id": _ID, "object": "interaction", "model": "gemini-3.8-flash", "created": "2026-05-13T19:57:27Z"},
    {"id": _ID, "service_tier": "standard", "continuation_token": "tok_1", "errors": [{"code": "x", "message": "y"}]},
    {"id": _ID, "steps": [{"type": "model_output", "content": [{"type": "text", "text": "Hi"}]}, 5], "$x": 1.5},
    {"id": ""}, {},
)  # fmt: skip
_ODD_ENDS: Final[tuple[Any, ...]] = (
    {"id": 5, "model": [], "status": {}, "usage": "?", "continuation_token": 5}, {"errors": 5, "agent": 5}, None, [],
    {"n": float("nan"), "steps": "x", "status": "failed"},
)  # fmt: skip
_CREATED: Final[tuple[Any, ...]] = (
    {"id": _ID, "status": "in_progress", "object": "interaction", "model": "gemini-3.8-flash"},
    {"id": _ID, "status": "queued", "agent": "deep-research-preview-04-2026"},
    {"id": "", "status": "in_progress"},
)
_ODD_CREATED: Final[tuple[Any, ...]] = ({"id": 5, "model": ["x"], "usage": "?"}, {"id": 5}, {}, None, [])
_UPDATES: Final[tuple[Data, ...]] = (
    {"interaction_id": _ID, "status": "in_progress"}, {"status": "queued", "event_id": "e_1"},
    {"status": "in_progress", "continuation_token": "tok_0", "interaction_id": "v1_next"},
)  # fmt: skip
_ODD_UPDATES: Final[tuple[Data, ...]] = (
    {"status": 5, "interaction_id": 5, "continuation_token": 5, "event_id": 5, "metadata": 5}, {},
    {"status": "failed"}, {"status": "cancelled"}, {"status": "completed", "interaction_id": _ID},
    {"status": "requires_continuation", "continuation_token": "tok_2"}, {"usage": 5, "metadata": {"usage": 5}},
)  # fmt: skip
_UNKNOWN: Final[tuple[Any, ...]] = (
    {"event_type": "a_new_event", "delta": {"text": "x"}}, {}, {"event_type": None}, {"event_type": ["x"]},
    {"a": "\ud83d"},
)  # fmt: skip
_BODIES: Final = (
    b'{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}', b"<html>no</html>", b"[",
    b'[{"error":{"code":429,"message":"quota"}}]', b'{"id":"v1_1","status":"completed","steps":[]}',
)  # fmt: skip
_RUBBISH: Final = (b"rubbish", b'{"event_type":', b"{}{}", b'"\xff"', b"[" * 3000, b"null", b'"text"', b"[DONE]", b"")


@st.composite
def interactions(draw: DrawFn, *, odd: bool = False, max_steps: int = 4) -> list[Data]:
    """The events of one answer, in the order that Google sends them; it may go on in a second request."""
    events = draw(_interaction(odd, max_steps))
    if draw(st.integers(0, 5)) == 1:
        events += draw(_interaction(odd, max_steps))
    return events


@st.composite
def _interaction(draw: DrawFn, odd: bool, max_steps: int) -> list[Data]:
    created = draw(st.sampled_from((*_CREATED, *(_ODD_CREATED if odd else ()))))
    events: list[Data] = [{"event_type": "interaction.created", "interaction": created}]
    events += [
        {"event_type": "interaction.status_update", **fields}
        for fields in draw(st.lists(st.sampled_from((*_UPDATES, *(_ODD_UPDATES if odd else ()))), max_size=2))
    ]
    for index in range(draw(st.integers(0, max_steps))):
        step = draw(st.sampled_from([*STEPS, *(ODD if odd else ())]))
        kinds = DELTAS.get(kind if isinstance(kind := step.get("type"), str) else "", ())
        events.append({"event_type": "step.start", "index": index, "step": step})
        for delta in draw(st.lists(st.sampled_from(kinds), max_size=4)) if kinds else ():
            events.append({"event_type": "step.delta", "index": index, "delta": delta, **draw(_reports(odd))})
        events.append({"event_type": "step.stop", "index": index})
    return [*events, {"event_type": "interaction.completed", "interaction": draw(_ends(odd))}]


@st.composite
def shuffled_interactions(draw: DrawFn) -> list[Data]:
    """Events that nobody should send: odd values, events left out, doubled, out of order, unknown."""
    events = draw(interactions(odd=True))
    extra = st.one_of(
        st.sampled_from([*_UNKNOWN, *_ERRORS]),
        st.builds(_odd_delta, st.sampled_from((*ODD_DELTAS, *sum(DELTAS.values(), ()))), indexes()),
        st.builds(lambda index: {"event_type": "step.stop", "index": index, "step": index}, indexes()),
        st.builds(_odd_start, st.sampled_from([*STEPS, *ODD, None, 5]), indexes()),
    )
    return mixed_up(draw, events, extra)


@st.composite
def wires(draw: DrawFn) -> bytes:
    """The bytes of a response: mostly event streams, whole or cut; sometimes another body."""
    if draw(st.integers(0, 29)) == 1:
        return draw(st.sampled_from(_BODIES))
    events = draw(interactions() | shuffled_interactions())
    body = named_body(draw, events, _RUBBISH)
    body += draw(st.sampled_from((b"event: done\ndata: [DONE]\n\n", b"")))
    return cut_off(draw, body, 5)


def _ends(odd: bool) -> SearchStrategy[Any]:
    whole = st.builds(
        lambda found, status, usage: {**found, "status": status} | ({"usage": usage} if usage is not None else {}),
        st.sampled_from(_ENDS), st.sampled_from(_STATUSES), st.sampled_from((*_USAGES, *(_ODD_USAGES if odd else ()))),
    )  # fmt: skip
    return whole | st.sampled_from(_ODD_ENDS) if odd else whole


def _reports(odd: bool) -> SearchStrategy[Data]:
    usages = st.sampled_from((*_USAGES, *(_ODD_USAGES if odd else ())))
    report = st.builds(
        lambda name, usage: {"metadata": {name: usage}}, st.sampled_from(("usage", "total_usage")), usages
    )
    return st.just({}) | st.just({}) | report | st.just({"event_id": "e_2"})


def _odd_delta(delta: Any, index: Any) -> Data:
    return {"event_type": "step.delta", "index": index, "delta": delta}


def _odd_start(step: Any, index: Any) -> Data:
    return {"event_type": "step.start", "index": index, "step": step}
