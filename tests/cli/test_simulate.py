"""``massgen-stream simulate``."""

import json
import signal
import socket
from pathlib import Path
from subprocess import Popen
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from .commands import Ran, run, run_here, started


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


def test_a_chain_over_several_processes_goes_on_and_ids_of_elsewhere_do_not(tmp_path: Path) -> None:
    with started("simulate", "--port", "0", "--delay", "0", "--knows", "resp_theirs*") as server:
        url = _url_of("openai", server)

        def drawn(*words: str) -> Ran:
            given = ("media", "--provider", "openai", "--base-url", url, *words)
            return run(*given, cwd=tmp_path, OPENAI_API_KEY="sk-any-0123456789", MASSGEN_STREAM_STATE=str(tmp_path))

        first = drawn("--model", "gpt-5", "a boat")
        known = first.err.rpartition("--continue-from ")[2].split()[0]
        second = drawn("--continue-from", known, "at night")
        third = drawn("--continue-from", "resp_theirs_1", "at dawn")
        assert [ran.code for ran in (first, second, third)] == [0, 0, 0], (first.err, second.err, third.err)
        lost = drawn("--continue-from", "resp_ours", "by day")
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)
    assert (lost.code, lost.out) == (1, "")
    assert "Previous response with id 'resp_ours' not found; what --continue-from names" in lost.err
    assert "Traceback" not in lost.err


def test_what_it_has_given_can_be_forgotten_at_once(tmp_path: Path) -> None:
    with started("simulate", "--port", "0", "--delay", "0", "--lifetime", "0") as server:
        url = _url_of("openai", server)
        body = json.dumps({"model": "m", "input": "Hi"}).encode()
        with urlopen(Request(f"{url}/responses", body)) as answer:
            known = json.load(answer)["id"]
        body = json.dumps({"model": "m", "input": "Hi", "previous_response_id": known}).encode()
        with pytest.raises(HTTPError, match="400"):
            urlopen(Request(f"{url}/responses", body))
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)


def _url_of(wanted: str, server: Popen[bytes]) -> str:
    assert server.stdout is not None
    told: dict[str, str] = {}
    while wanted not in told:
        name, url = server.stdout.readline().decode().split()
        told[name] = url
    return told[wanted]


def test_a_port_that_is_taken_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run_here(capsys, "simulate", "--port", str(taken.getsockname()[1]))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("massgen-stream: error: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "words", [["--port", "x"], ["--port", "65536"], ["--delay", "soon"], ["--delay", "-1"], ["--lifetime", "-1"]]
)
def test_wrong_numbers(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    ran = run_here(capsys, "simulate", *words)
    assert ran.code == 2
    assert f"argument {words[0]}: " in ran.err
