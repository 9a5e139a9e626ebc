"""Text that is remembered without being kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.wire.text_mark import TextMark

texts = st.text(st.sampled_from("aé😀\ud83d\ude00"), max_size=8)


def marked(pieces: list[str]) -> TextMark:
    mark = TextMark()
    for piece in pieces:
        mark.add(piece)
    return mark


def joined(text: str) -> str:
    """The text with its halves of characters put together, as JSON has it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@given(st.lists(texts, max_size=200), texts)
def test_a_final_goes_on_from_its_deltas(pieces: list[str], rest: str) -> None:
    found = marked(pieces).rest_of("".join(pieces) + rest)
    assert found is not None
    assert joined(found) == joined(rest)


@pytest.mark.parametrize("final", ["", "Hel", "hello", "Help me"])
def test_a_final_may_contradict(final: str) -> None:
    assert marked(["Hel", "lo"]).rest_of(final) is None


def test_pairs_of_halves_are_characters() -> None:
    mark = marked(["\ud83d", "\ude00"])
    assert mark.rest_of("😀!") == "!"
    assert marked(["a" * 5000, "b"]).length() == 5001


def test_whether_a_final_has_come_is_forgotten_with_the_next_piece() -> None:
    mark = marked(["a"])
    mark.settled = True
    mark.add("b")
    assert not mark.settled
