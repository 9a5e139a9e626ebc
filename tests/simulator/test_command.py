import re
import signal
import subprocess
import sys
import threading
import urllib.request

import pytest

from massgen_stream.errors import ConfigurationError
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.command import serve

PROGRAM = "from massgen_stream.simulator.command import serve; serve(port=0, delay=0)"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_tells_its_urls_and_ends_cleanly_at_ctrl_c(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stdout.readline()]
        while "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
        urls = dict(line.split() for line in lines[: lines.index("\n")])
        with urllib.request.urlopen(f"{urls['openai']}/models", timeout=5) as answer:
            assert b"simulator" in answer.read()
        process.send_signal(number)
        assert process.stderr.read() == ""
        assert process.wait() == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1", urls["groq"])
    assert any(f"OPENAI_BASE_URL={urls['openai']}" in line for line in lines)


def test_a_busy_port_is_an_error_and_no_traceback() -> None:
    with Simulator.threaded() as sim, pytest.raises(ConfigurationError, match="in use; stop the other program"):
        serve(port=int(sim.origin.rpartition(":")[2]))


def test_ctrl_c_ends_it_where_the_loop_has_no_signal_handlers() -> None:
    lines: list[str] = []

    def interrupting(line: str) -> None:
        if not lines:
            lines.append(line)
            raise KeyboardInterrupt

    ended: list[str] = []

    def run() -> None:
        serve(port=0, say=interrupting)
        ended.append("cleanly")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert ended == ["cleanly"]
