"""``massgen-stream transcribe``: with the simulator, since no key is set."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from massgen_stream.cli.transcripts import SubtitleFile
from massgen_stream.simulator import Simulator, cut, text
from massgen_stream.stream_chunk.codec_jsonl import decode_jsonl
from massgen_stream.stream_chunk.narrow import complete_response
from massgen_stream.stream_chunk.verifier import StreamVerifier

from ..media.files import audio_file
from .commands import KEYS, run, run_here

SENT = "You sent 0.50 seconds of audio/wav at 16000 hertz on 1 channel, 16078 bytes in a file called recording.wav."


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def speech(tmp_path: Path) -> str:
    path = tmp_path / "speech.wav"
    path.write_bytes(audio_file("wav", 0.5, rate=16000))
    return str(path)


def test_the_text_alone_goes_to_standard_output(speech: str) -> None:
    ran = run("transcribe", speech)
    assert (ran.code, ran.out) == (0, f"This is the simulator, and no model has listened. {SENT}\n")
    introduction, closing = ran.err.splitlines()
    assert introduction == (
        "massgen-stream: neither OPENAI_API_KEY, ELEVENLABS_API_KEY nor GEMINI_API_KEY is set, so"
        " the embedded simulator answers; no model listens"
    )
    assert closing.startswith("stop · 10 tokens in")


def test_words_and_speakers(capsys: pytest.CaptureFixture[str], speech: str) -> None:
    ran = run_here(capsys, "transcribe", "--words", "--provider", "simulator", speech)
    lines = [line.split("\t") for line in ran.out.splitlines()]
    assert (ran.code, lines[0][0], lines[0][2], lines[-1][1:]) == (0, "0.000", "This", ["0.500", "recording.wav"])
    assert ran.err == "massgen-stream: the embedded simulator answers; no model listens\n"
    ran = run_here(capsys, "transcribe", "--speakers", speech)
    (_, first_end, *first), second = [line.split("\t") for line in ran.out.splitlines()]
    assert first == ["A", "This is the simulator, and no model has listened."]
    assert second == [first_end, "0.500", "B", SENT]


@pytest.mark.parametrize(("form", "begins"), [("srt", "1\n00:00:00,000 --> "), ("vtt", "WEBVTT\n\n00:00:00.000 --> ")])
def test_a_subtitle_file(capsys: pytest.CaptureFixture[str], speech: str, form: str, begins: str) -> None:
    ran = run_here(capsys, "transcribe", speech, "--option", f"response_format={form}")
    assert (ran.code, ran.out[: len(begins)]) == (0, begins)
    assert (ran.out.count("-->"), SENT in ran.out) == (2, True)
    asked = ("transcribe", speech, "--option", f"response_format={form}", "--json")
    assert [one["response"]["body"] for one in run_here(capsys, *asked).documents if "response" in one] == [ran.out]


def test_half_a_subtitle_file_is_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, speech: str
) -> None:
    with Simulator.threaded([text("Hi"), cut()]) as sim:
        words = ("--base-url", sim.url("openai"), "--model", "whisper-1", "--option", "response_format=srt")
        ran = run_here(capsys, "transcribe", speech, *words)
    assert (ran.code, ran.out) == (1, "")
    assert "massgen-stream: error: " in ran.err


def test_a_server_that_makes_no_subtitles(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, speech: str
) -> None:
    with http_server(b'{"text": "Hello."}', "application/json") as url:
        words = ("--base-url", url, "--model", "whisper-1", "--option", "response_format=srt")
        ran = run_here(capsys, "transcribe", speech, *words)
    assert (ran.code, ran.out) == (1, "")
    assert "no srt file came; --json shows what did" in ran.err


def test_a_terminal_is_not_controlled(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = "1\r\n00:00:00,000 --> 00:00:01,000\r\n\x1b[2JHi\r\n"
    chunk = complete_response({"format": "srt", "body": file})
    SubtitleFile("srt").feed(chunk)
    assert capsys.readouterr().out == file
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    SubtitleFile("srt").feed(chunk)
    assert capsys.readouterr().out == "1\n00:00:00,000 --> 00:00:01,000\n\u241b[2JHi\n"


def test_programs_read_json_lines(capsys: pytest.CaptureFixture[str], speech: str) -> None:
    ran = run_here(capsys, "transcribe", "--json", "--language", "de", speech)
    verifier = StreamVerifier()
    for chunk in decode_jsonl([ran.out.encode()]):
        verifier.feed(chunk)
    verifier.close()
    assert (ran.code, verifier.breaches) == (0, [])
    assert ran.documents[-3]["response"] == {"languages": [{"code": "de"}]}


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO(audio_file("wav", 0.5, rate=16000))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=data, isatty=lambda: False))
    assert SENT in run_here(capsys, "transcribe", "-").out
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=data, isatty=lambda: True))
    ran = run_here(capsys, "transcribe", "-")
    assert (ran.code, "nothing to transcribe" in ran.err) == (2, True)


def test_a_server_and_a_key(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, speech: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine")
    with Simulator.threaded([text("Hi"), cut()], api_key="sk-mine") as sim:
        monkeypatch.setenv("OPENAI_BASE_URL", sim.url("openai"))
        ran = run_here(capsys, "transcribe", speech)
        assert (ran.code, ran.out) == (1, "Hi\n")
        assert ran.err.startswith("massgen-stream: openai writes it down with gpt-transcribe\n")
        ran = run_here(capsys, "transcribe", "--words", "--model", "whisper-1", "--base-url", sim.url("openai"), speech)
        assert (ran.code, ran.out) == (1, "")
        assert "warning: model whisper-1: will be shut down on 2027-02-26" in ran.err


@pytest.mark.parametrize(
    ("provider", "made_with"),
    [
        ("elevenlabs", "ELEVENLABS_API_KEY scribe_v2"),
        ("gemini", "GEMINI_API_KEY gemini-3.5-transcribe"),
    ],
)
def test_other_listeners(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, speech: str, provider: str, made_with: str
) -> None:
    key, model = made_with.split()
    assert f"set {key}" in run_here(capsys, "transcribe", speech, "--provider", provider).err
    monkeypatch.setenv(key, "k-0123456789")
    with Simulator.threaded(api_key="k-0123456789") as sim:
        words = ("transcribe", speech, "--provider", provider, "--base-url", sim.url(provider))
        ran = run_here(capsys, *words)
        assert (ran.code, ran.out.partition(".")[0]) == (0, "This is the simulator, and no model has listened")
        assert ran.err.startswith(f"massgen-stream: {provider} writes it down with {model}\n")
        first, second = [line.split("\t") for line in run_here(capsys, *words, "--speakers").out.splitlines()]
    assert first[2] != second[2]
    assert first[3] == "This is the simulator, and no model has listened."
    assert second[3].startswith("You sent")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--provider", "openai"), "set OPENAI_API_KEY"),
        (("--provider", "groq"), "transcribes nothing here"),
        (("--language", "a language"), "language must be a code"),
        (("--words", "--speakers"), "not allowed with"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], speech: str, words: tuple[str, ...], said: str) -> None:
    ran = run_here(capsys, "transcribe", speech, *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_what_is_no_recording(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    ran = run_here(capsys, "transcribe", str(tmp_path / "a.txt"))
    assert (ran.code, ran.out.strip()) == (1, "")
    assert "the recording is text/plain" in ran.err
    assert "cannot read" in run_here(capsys, "transcribe", str(tmp_path / "absent.wav")).err


@contextmanager
def http_server(data: bytes, kind: str = "audio/wav") -> Iterator[str]:
    """A server that has one recording, or one answer; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/speech.wav"
        server.shutdown()


def test_a_private_address(capsys: pytest.CaptureFixture[str]) -> None:
    with http_server(audio_file("wav", 0.5, rate=16000)) as address:
        words = ("transcribe", "--provider", "simulator", "--json")
        refused = run_here(capsys, *words, address)
        assert (refused.code, "allow it with --private" in refused.out) == (1, True)
        assert "allow_private" not in refused.out
        ran = run_here(capsys, *words, "--private", address)
    assert (ran.code, " listened." in ran.out) == (0, True)


def test_gemini_takes_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO(audio_file("wav", 0.5, rate=16000))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=data, isatty=lambda: False))
    monkeypatch.setenv("GEMINI_API_KEY", "mine")
    with Simulator.threaded() as sim:
        ran = run_here(capsys, "transcribe", "--provider", "gemini", "--base-url", sim.url("gemini"), "-")
    assert (ran.code, "no model has listened" in ran.out) == (0, True)
