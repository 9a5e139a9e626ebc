"""Text of a model cannot command the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.cli.plain_text import TextCleaner, neutral, one_line

ANYTHING = st.text(st.one_of(st.characters(), st.sampled_from("\r\n\t\x1b\x07\x9b\ud83d\ude00\x7f")))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("\x1b[31mred", "␛[31mred"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x9b31m", "\ufffd31m"),
        ("back\x08space\x7f", "back␈space␡"),
        ("over\rwritten", "over␍written"),
        ("\ud83d\ude00", "😀"),
        ("\ud83d!", "\ufffd!"),
    ],
)
def test_controls_are_shown_instead_of_obeyed(text: str, shown: str) -> None:
    assert neutral(text) == shown


@given(ANYTHING)
def test_nothing_neutral_holds_a_control_character(text: str) -> None:
    shown = neutral(text)
    shown.encode("utf-8")
    assert not [c for c in shown if c not in "\n\t" and (ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0)]


@given(ANYTHING, st.data())
def test_any_cut_gives_the_same_text(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    cleaner = TextCleaner()
    pieces = cleaner.feed(text[:cut]) + cleaner.feed(text[cut:]) + cleaner.close()
    assert pieces == neutral(text.replace("\r\n", "\n"))


def test_the_cleaner_joins_what_was_cut_and_holds_no_more_than_that() -> None:
    cleaner = TextCleaner()
    assert [cleaner.feed(piece) for piece in ("a\r", "\nb", "\ud83d", "\ude00c", "\r")] == ["a", "\nb", "", "😀c", ""]
    assert cleaner.close() == "␍"
    assert cleaner.close() == ""


def test_one_line_joins_lines_and_shortens() -> None:
    assert one_line("  two\n lines\t\x1b[0m ") == "two lines ␛[0m"
    assert one_line("abcdef", 6) == "abcdef"
    assert one_line("abcdefg", 6) == "abcde…"
