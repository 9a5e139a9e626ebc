"""The program around the commands."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from massgen_stream.cli import main
from massgen_stream.cli.program import COMMANDS

from .commands import PROGRAM, Ran, environment, run, run_here


def test_help_names_every_command_and_each_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    told = run_here(capsys, "--help")
    assert told.code == 0
    for name, text in COMMANDS.items():
        assert f"  {name} " in told.out
        assert text in told.out
        own = run_here(capsys, name, "--help")
        assert (own.code, own.err) == (0, "")
        assert own.out.startswith(f"usage: massgen-stream {name} ")


def test_no_command_shows_the_help_as_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run_here(capsys)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("usage: massgen-stream ")


@pytest.mark.parametrize(
    "words",
    [
        ["fly"],
        ["--fly"],
        ["providers", "--fly"],
        ["chat", "--max-retries", "many", "x"],
        ["simulate", "--port", "70000"],
    ],
)
def test_wrong_words_are_one_line(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    ran = run_here(capsys, *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("massgen-stream: error: ")
    assert "--help)" in ran.err
    assert ran.err.count("\n") == 1


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert run_here(capsys, "--version") == Ran(0, f"massgen-stream {version('massgen-stream')}\n", "")


def test_python_m_and_the_script_are_the_same_program() -> None:
    ran = run("--version")
    script = subprocess.run(
        [Path(sys.executable).with_name("massgen-stream"), "--version"],
        capture_output=True,
        check=True,
        env=environment(),
    )
    assert (ran.code, ran.err) == (0, "")
    assert script.stdout.decode() == ran.out


def test_warnings_are_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def warn(_: object) -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("a plug-in\nis broken", stacklevel=1)
        return 0

    monkeypatch.setattr("massgen_stream.cli.providers.run", warn)
    assert run_here(capsys, "providers") == Ran(0, "", "massgen-stream: warning: a plug-in is broken\n")


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        (["--help"], ["rich", "openai", "asyncio", "anyio", "msgspec"]),
        (["chat", "--help"], ["rich", "openai", "pydantic", "httpx2", "starlette"]),
        (["decode", "--help"], ["rich", "openai", "asyncio", "anyio", "massgen_stream.backend"]),
        (["decode", "--protocol", "openai.chat", "--check", "-"], ["rich", "openai", "asyncio", "anyio"]),
        (["providers"], ["rich", "openai", "starlette", "uvicorn"]),
        (["probe", "--help"], ["PIL", "av", "pypdfium2", "anyio", "massgen_stream.media", "massgen_stream.backend"]),
    ],
)
def test_a_command_loads_only_what_it_needs(words: list[str], unwanted: list[str]) -> None:
    script = f"""
import sys
from massgen_stream.cli import main
main({words!r})
print(*(name for name in {unwanted!r} if name in sys.modules), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], input=b"<html>", capture_output=True, check=True, env=environment(), timeout=30
    )
    assert done.stderr.decode().strip() == ""


def test_a_closed_standard_error_is_no_reason_to_write_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", None)
    assert main(["decode", "--protocol", "x", "y"]) == 2
    monkeypatch.undo()
    assert capsys.readouterr().out == ""


def test_a_reader_that_is_gone_before_the_first_line_ends_it_quietly() -> None:
    unread, written = os.pipe()
    os.close(unread)
    try:
        done = subprocess.run(
            [*PROGRAM, "providers"], stdout=written, stderr=subprocess.PIPE, check=False, env=environment(), timeout=30
        )
    finally:
        os.close(written)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("words", [["--help"], ["chat", "--help"], ["providers", "--help"]])
def test_help_can_be_read_where_the_encoding_knows_few_characters(words: list[str]) -> None:
    ran = run(*words, PYTHONIOENCODING="ascii")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("usage: massgen-stream ")


@pytest.mark.parametrize("words", [["providers"], ["providers", "--json"], ["chat", "Hello"], ["simulate"]])
def test_a_closed_standard_output_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr("sys.stdout", None)
    code = main(words)
    monkeypatch.undo()
    assert (code, capsys.readouterr().err) == (2, "massgen-stream: error: standard output is closed\n")
