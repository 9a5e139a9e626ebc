"""The prompt from words and standard input."""

import io
from typing import BinaryIO

import pytest

from massgen_stream.cli.prompt import prompt_text
from massgen_stream.errors import ConfigurationError


class Input(io.StringIO):
    """Standard input over bytes, a terminal or not."""

    def __init__(self, data: bytes = b"", *, terminal: bool = False) -> None:
        super().__init__()
        self.data = io.BytesIO(data)
        self.terminal = terminal

    @property
    def buffer(self) -> BinaryIO:
        return self.data

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["Hello"], "Hello"),
        (["Say", "it twice"], "Say it twice"),
        (["-"], "piped\ntext"),
        ([], "piped\ntext"),
        (["Sum", "up:", "-"], "Sum up:\n\npiped\ntext"),
        (["First", "-", "then"], "First\n\npiped\ntext\n\nthen"),
        (["a-b", "--x"], "a-b --x"),
    ],
)
def test_words_and_standard_input(monkeypatch: pytest.MonkeyPatch, words: list[str], text: str) -> None:
    monkeypatch.setattr("sys.stdin", Input(b"\xef\xbb\xbfpiped\ntext\n"))
    assert prompt_text(words) == text


def test_standard_input_is_left_alone_when_words_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = Input(b"left")
    monkeypatch.setattr("sys.stdin", stdin)
    prompt_text(["Hello"])
    assert stdin.buffer.read() == b"left"


def test_nobody_waits_for_a_person_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Input(terminal=True))
    assert prompt_text([]) == ""
    monkeypatch.setattr("sys.stdin", None)
    assert prompt_text([]) == ""


def test_what_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Input(b"\xff\xfe"))
    with pytest.raises(ConfigurationError, match="not UTF-8 text; attach a file"):
        prompt_text(["-"])
    with pytest.raises(ConfigurationError, match="the prompt is not UTF-8"):
        prompt_text(["\udcff"])
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(ConfigurationError, match="standard input is closed"):
        prompt_text(["-"])


def test_a_locale_that_knows_no_utf_8_does_no_harm() -> None:
    undecoded = "Grüße".encode().decode("ascii", "surrogateescape")  # what Python makes of the words in such a locale
    assert prompt_text([undecoded, "an alle"]) == "Grüße an alle"
