"""Texts in deltas, and finals that come after them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.final_texts import FinalTexts, Settled, continuation, same
from massgen_stream.stream_chunk.jsonform import text_form
from massgen_stream.testing.strategies import text


def after(*deltas: tuple[Any, Any, str | None]) -> FinalTexts:
    """Return the texts after deltas of an item and its part; None as text closes them."""
    texts = FinalTexts()
    for item, index, said in deltas:
        if said is None:
            texts.close(item, index)
        else:
            texts.add(item, index, said)
    return texts


SETTLED = [
    # what came, item, part, final, what it comes to
    ([], "i", 0, "a", Settled("a", "a")),
    ([], "i", 0, "", Settled("", "")),
    ([("i", 0, "a")], "i", 0, "a", Settled("a")),
    ([("i", 0, "a")], "i", 0, "ab", Settled("ab", "b")),
    ([("i", 0, "a")], "i", 0, "b", Settled("a", contradicts=True)),
    ([("i", 0, "a")], "i", 1, "b", Settled("b", "b")),
    ([("i", 0, "a")], "j", 0, "b", Settled("b", "b")),
    ([("i", None, "a")], "i", 0, "ab", Settled("ab", "b")),
    ([("i", 0, "a"), ("i", 1, "b")], "i", None, "ab", Settled("ab")),
    ([("i", 0, "a"), ("i", 1, "b")], "i", None, "abc", Settled("abc", "c")),
    ([("i", 0, "a"), ("i", 0, None), ("i", 1, "b")], "i", None, "ab", Settled("ab")),
    ([("i", 0, "a"), ("i", 0, None), ("i", 1, "b")], "i", None, "b", Settled("b")),
    ([("i", 0, "a"), ("i", 0, None)], "i", None, "c", Settled("a", contradicts=True)),
    ([("i", 0, "a"), ("i", 0, None)], "i", 0, "a", Settled("a")),
    ([("i", 0, "a"), ("i", 0, None), ("i", 1, "a")], "i", None, "aab", Settled("aab", "b")),
    ([(None, None, "a"), (None, None, None), (None, None, "a")], None, None, "aab", Settled("aab", "ab")),
    ([(None, None, "a"), (None, None, None)], None, None, "b", Settled("b", "b")),
    ([(None, None, "a"), (None, None, None)], None, None, "a", Settled("a")),
    ([(None, None, "a"), (None, None, None), (None, None, "b")], None, None, "b", Settled("b")),
    ([(None, None, "a"), (None, None, None), (None, None, "b")], None, None, "bc", Settled("bc", "c")),
    ([(None, None, "a"), (None, None, None), (None, None, "b")], None, None, "ab", Settled("ab")),
    ([(None, None, "a"), (None, None, None), (None, None, "b")], None, None, "c", Settled("b", contradicts=True)),
]


@pytest.mark.parametrize(("came", "item", "index", "final", "settled"), SETTLED)
def test_what_a_final_comes_to(came: Any, item: Any, index: Any, final: str, settled: Settled) -> None:
    assert after(*came).settle(item, index, final) == settled


def test_what_is_open() -> None:
    texts = after(("i", 0, "a"), ("i", 1, "b"), ("i", 0, "c"), (None, None, "d"), ("j", None, ""), ("i", 1, None))
    assert list(texts.open()) == [("i", 0, "ac"), (None, None, "d")]


@given(text(), text())
def test_a_continuation_is_what_is_missing(start: str, rest: str) -> None:
    found = continuation(start, text_form(start + rest))
    assert found is not None
    assert text_form(start + found) == text_form(start + rest)


@given(text(), text())
def test_no_continuation_without_the_start(first: str, second: str) -> None:
    found = continuation(first, second)
    assert found is None or same(first + found, second)


@given(st.lists(text(min_size=1), min_size=1))
def test_a_final_of_its_deltas_adds_nothing(deltas: list[str]) -> None:
    texts = after(*[("i", 0, delta) for delta in deltas])
    settled = texts.settle("i", 0, text_form("".join(deltas)))
    assert (settled.delta, settled.contradicts) == ("", False)
