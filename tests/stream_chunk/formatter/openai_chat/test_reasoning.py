import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.formatter.openai_chat.reasoning import whole_details


def text(piece: str | None, **more: Any) -> dict[str, Any]:
    return {"type": "reasoning.text", "text": piece, "index": 0, **more}


def test_fragments_are_joined_up_to_their_signature() -> None:
    fragments = [text("Let", signature=""), text(" me"), text("", signature="s1"), text("next", signature=None)]
    assert whole_details(fragments) == [text("Let me", signature="s1"), text("next", signature=None)]


def test_a_signature_may_come_without_text() -> None:
    signed = {"type": "reasoning.text", "index": 0, "signature": "s"}
    assert whole_details([text("a"), signed]) == [text("a", signature="s")]
    assert whole_details([{"type": "reasoning.text", "index": 0}, signed]) == [signed]
    assert whole_details([text(None), text("a")]) == [text("a")]


def test_summaries_are_joined() -> None:
    pieces = [{"type": "reasoning.summary", "summary": one} for one in ("**Cra", "ft")]
    assert whole_details(pieces) == [{"type": "reasoning.summary", "summary": "**Craft"}]


def test_what_differs_stays_apart() -> None:
    for other in ({"index": 1}, {"format": "x"}, {"id": "b"}, {"type": "reasoning.summary"}, {"more": 1}):
        items = [text("a", format="y", id="a"), {**text("b", format="y", id="a"), **other}]
        assert whole_details(items) == items


def test_other_items_stay_as_they_came() -> None:
    encrypted = {"type": "reasoning.encrypted", "data": "x"}
    items = [encrypted, text("a"), encrypted, encrypted, text(5), text(5), "odd", "odd", text("a"), {"type": None}, {}]  # type: ignore[arg-type]
    assert whole_details(items) == items


def _items() -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"type": st.sampled_from(["reasoning.text", "reasoning.summary", "reasoning.encrypted"])},
        optional={
            "text": st.sampled_from(["", "a", "b", None]),
            "summary": st.sampled_from(["", "a"]),
            "signature": st.sampled_from(["", "s", None]),
            "index": st.sampled_from([0, 1]),
            "x": st.sampled_from([None, 1, "", 2]),
        },
    )


@given(st.lists(_items(), max_size=6))
def test_laws(items: list[Any]) -> None:
    before = copy.deepcopy(items)
    whole = whole_details(items)
    assert items == before
    assert whole_details(whole) == whole
    for kind in ("reasoning.text", "reasoning.summary", "reasoning.encrypted"):
        for key in ("text", "summary", "signature"):
            assert _said(whole, kind, key) == _said(items, kind, key)


def _said(items: list[Any], kind: str, key: str) -> str:
    return "".join(item.get(key) or "" for item in items if item["type"] == kind)
