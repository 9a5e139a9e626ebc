"""Ctrl-C, and readers that go away, in the middle of a stream."""

import array
import fcntl
import json
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from massgen_stream.simulator import Simulator, stall, text, think

from .commands import read_until, started

SCRIPT = [think("Hm. "), text("It rains"), stall(), text(" no more.")]


@contextmanager
def talking(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that chats with a simulator which falls silent in the middle of its answer."""
    with (
        Simulator.threaded(SCRIPT) as sim,
        started("chat", "--base-url", sim.url("openai"), *words, "Hello") as process,
    ):
        yield process


def test_ctrl_c_ends_in_order_with_what_has_arrived() -> None:
    with talking() as process:
        seen = read_until(process, b"It rains")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert seen + out == b"It rains\n"
    lines = err.decode().splitlines()
    assert lines[1] == "Hm. "
    assert lines[-1].startswith("cancelled · ")
    assert "Traceback" not in err.decode()


def test_ctrl_c_in_json_still_gives_the_last_chunks() -> None:
    with talking("--json") as process:
        seen = read_until(process, b"It rains")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    documents = [json.loads(line) for line in (seen + out).splitlines()]
    assert process.returncode == 130
    assert documents[-1]["type"] == "done"
    assert documents[-1]["finish_reason"] == "cancelled"
    assert [document["sequence_number"] for document in documents] == list(range(len(documents)))
    assert any(document["type"] == "complete_message" for document in documents)
    assert err.count(b"\n") == 1


def test_ctrl_c_before_anything_has_arrived() -> None:
    with Simulator.threaded([stall()]) as sim, started("chat", "--base-url", sim.url("openai"), "Hello") as process:
        while not sim.connections() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert err.decode().splitlines()[-1].startswith("cancelled · ")


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_reader_that_goes_away_ends_it_quietly(words: list[str]) -> None:
    with (
        Simulator.threaded(delay=0.005) as sim,
        started("chat", *words, "--base-url", sim.url("openai"), "Tell me a long story about everything") as process,
    ):
        assert process.stdout is not None
        assert process.stdout.read(1)
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read().decode()
        assert process.wait(20) == 141
    assert "Traceback" not in err
    assert "error" not in err


def test_the_embedded_simulator_is_no_hindrance() -> None:
    with started("chat", "--json", "Tell me a long story about everything") as process:
        read_until(process, b'"content"')
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b'"cancelled"' in out.splitlines()[-1]


@pytest.mark.parametrize(
    "words",
    [
        ("transcribe", "--provider", "simulator", "-"),
        ("probe", "-"),
    ],
)
def test_ctrl_c_while_nothing_comes_from_standard_input(words: tuple[str, ...]) -> None:
    with started(*words) as process:
        assert process.stdin is not None
        process.stdin.write(b"RIFF")
        process.stdin.flush()
        while unread(process.stdin) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.wait(20)
        assert process.stderr is not None
        err = process.stderr.read().decode()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "Fatal" not in err


def unread(pipe: IO[bytes]) -> int:
    """How many bytes are in a pipe that nobody has read."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


@pytest.mark.parametrize(("heard", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_request_to_end_leaves_no_file(tmp_path: Path, heard: signal.Signals, code: int) -> None:
    words = ("media", "--mode", "video", "--option", "duration=60", "--out", str(tmp_path), "waves")
    with started(*words) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if b"video" in line:
                break
        process.send_signal(heard)
        rest, _ = process.communicate(timeout=30)
    assert (process.returncode, rest, list(tmp_path.iterdir())) == (code, b"", [])
