"""``massgen-stream simulate``."""

import signal
import socket
from urllib.request import urlopen

import pytest

from .commands import run, run_here, started


def test_it_tells_where_it_is_and_serves_until_ctrl_c() -> None:
    with started("simulate", "--port", "0", "--delay", "0") as server:
        assert server.stdout is not None
        told: dict[str, str] = {}
        while "chatcompletion" not in told:
            name, url = server.stdout.readline().decode().split()
            told[name] = url
        ran = run("chat", "--base-url", told["chatcompletion"], "Write a haiku about rivers")
        assert (ran.code, bool(ran.out.strip())) == (0, True)
        with urlopen(told["chatcompletion"].removesuffix("/v1") + "/healthz") as answer:
            assert answer.read() == b"ok\n"
        server.send_signal(signal.SIGINT)
        assert server.stderr is not None
        assert b"Ctrl-C" in server.stdout.read()
        assert server.stderr.read() == b""
        assert server.wait(20) == 0


def test_a_port_that_is_taken_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run_here(capsys, "simulate", "--port", str(taken.getsockname()[1]))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("massgen-stream: error: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("words", [["--port", "x"], ["--port", "65536"], ["--delay", "soon"], ["--delay", "-1"]])
def test_wrong_numbers(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    ran = run_here(capsys, "simulate", *words)
    assert ran.code == 2
    assert f"argument {words[0]}: " in ran.err
