"""How commands end."""

import pytest

from massgen_stream.cli.ending import exit_code, finish_code
from massgen_stream.errors import MissingExtra, MissingKey, TransportError, UnknownProvider
from massgen_stream.stream_chunk.vocabulary import FINISH_REASONS

SECRET = "sk-very-secret"


def test_finish_codes() -> None:
    failed = {reason for reason in FINISH_REASONS if finish_code(reason)}
    assert failed == {"error", "incomplete", "cancelled"}
    assert finish_code(None) == 1


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (UnknownProvider("x\ny", ["a", "b"]), 2, "error: unknown provider 'x y'; use one of: a, b"),
        (
            MissingKey("groq", "GROQ_API_KEY"),
            2,
            "error: groq needs an API key; set GROQ_API_KEY (in Python: api_key=...)",
        ),
        (
            MissingExtra("x", "cli"),
            2,
            "error: x needs an extra library; install it with: pip install 'massgen-stream[cli]'",
        ),
        (TransportError("nobody\x1b[31m there"), 1, "error: nobody␛[31m there"),
        (OSError(28, "No space left on device"), 1, "error: input or output failed: No space left on device"),
        (KeyboardInterrupt(), 130, "cancelled"),
        (ExceptionGroup("", [ExceptionGroup("", [TransportError("inner")])]), 1, "error: inner"),
        (SystemExit("why"), 1, "error: why"),
    ],
)
def test_errors_are_one_line(error: BaseException, code: int, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(error) == code
    assert capsys.readouterr().err == f"massgen-stream: {line}\n"


@pytest.mark.parametrize(("code", "expected"), [(None, 0), (0, 0), (2, 2), (["x"], 1)])
def test_leaving_is_quiet(code: object, expected: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(SystemExit(code)) == expected
    assert capsys.readouterr().err == ""


def test_a_reader_that_went_away_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(BrokenPipeError(32, "Broken pipe")) == 141
    assert capsys.readouterr().err == ""


def test_a_bug_says_what_and_where_and_keeps_its_text_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    from massgen_stream.cli.attachment import attachment_part

    with pytest.raises(AttributeError) as caught:
        attachment_part(len)  # type: ignore[arg-type]
    caught.value.args = (SECRET,)
    assert exit_code(caught.value) == 1
    told = capsys.readouterr().err
    assert told.startswith("massgen-stream: error: unexpected AttributeError in cli/attachment.py:")
    assert "please report it" in told
    assert "--debug" in told
    assert told.count("\n") == 1
    assert SECRET not in told


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(MissingKey("groq", "GROQ_API_KEY"), debug=True) == 2
    assert capsys.readouterr().err.splitlines()[-2].startswith("massgen_stream.errors.MissingKey")
