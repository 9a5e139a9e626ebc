"""``massgen-stream decode``."""

import io
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from massgen_stream.cli.decode import ChunkLines
from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.codec_jsonl import decode_jsonl
from massgen_stream.wire import PROTOCOLS

from .commands import PROGRAM, Ran, environment, read_until, run, run_here, started


def event(delta: dict[str, Any], **choice: Any) -> bytes:
    document = {
        "id": "c-1",
        "object": "chat.completion.chunk",
        "model": "m",
        "choices": [{"index": 0, "delta": delta, **choice}],
    }
    return b"data: " + msgspec.json.encode(document) + b"\n\n"


END = event({}, finish_reason="stop") + b"data: [DONE]\n\n"
WHOLE = event({"role": "assistant", "content": ""}) + event({"content": "Hel"}) + event({"content": "lo ✓"}) + END


def text(ran: Ran) -> str:
    return "".join(document["content"] for document in ran.documents if document["type"] == "content")


def types(ran: Ran) -> list[str]:
    return [document["type"] for document in ran.documents]


@pytest.fixture
def body(tmp_path: Path) -> Path:
    return tmp_path / "response.body"


def decode(capsys: pytest.CaptureFixture[str], body: Path, data: bytes, *words: str) -> Ran:
    body.write_bytes(data)
    return run_here(capsys, "decode", "--protocol", "openai.chat", str(body), *words)


@pytest.mark.parametrize("words", [[], ["--check"]])
@pytest.mark.parametrize(
    "data", [WHOLE, WHOLE.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf: hi\n" + WHOLE], ids=["lf", "crlf", "bom"]
)
def test_a_whole_stream(capsys: pytest.CaptureFixture[str], body: Path, data: bytes, words: list[str]) -> None:
    ran = decode(capsys, body, data, *words)
    assert (ran.code, ran.err, text(ran)) == (0, "", "Hello ✓")
    assert types(ran)[-1] == "done"
    assert types(ran).count("done") == 1
    assert ran.documents[-1]["finish_reason"] == "stop"


def test_chunks_are_numbered_and_not_stamped(capsys: pytest.CaptureFixture[str], body: Path) -> None:
    ran = decode(capsys, body, WHOLE)
    assert [document["sequence_number"] for document in ran.documents] == list(range(len(ran.documents)))
    assert not [document for document in ran.documents if "timestamp" in document or "stream_id" in document]
    assert [chunk.to_dict() for chunk in decode_jsonl([ran.out])] == ran.documents


@pytest.mark.parametrize(
    ("data", "shown", "reason"),
    [
        (WHOLE[: -len(END)], "Hello ✓", "incomplete"),
        (WHOLE[: len(WHOLE) // 2], "Hel", "incomplete"),
        (event({"content": "Hel"}) + b"data: {broken\n\n" + END, "Hel", "error"),
        (event({"content": "Hel"}) + event({"content": {"a": 1}}) + END, "Hel", "error"),
        (event({"content": "Hel"}) + b'data: {"error": {"message": "Boom", "code": 500}}\n\n', "Hel", None),
        (b'{"error": {"message": "No key", "type": "invalid_request_error"}}', "", None),
        (b"<html><body>Bad gateway</body></html>", "", None),
        (b"", "", "incomplete"),
        (b"\x00\xff" * 300, "", None),
    ],
    ids=["no end", "cut", "corrupt", "wrong type", "error event", "json", "html", "nothing", "noise"],
)
def test_what_is_wrong_with_a_stream_comes_after_what_was_there(
    capsys: pytest.CaptureFixture[str], body: Path, data: bytes, shown: str, reason: str | None
) -> None:
    ran = decode(capsys, body, data, "--check")
    assert ran.code == 1
    assert text(ran) == shown
    assert types(ran).count("error") == 1
    assert types(ran)[-1] == "done"
    assert ran.documents[-1]["finish_reason"] in ({reason} if reason else {"error", "incomplete"})
    assert ran.err in ("", NOTHING_THERE)


NOTHING_THERE = "massgen-stream: nothing in it is an event of openai.chat; is it the raw body of a response?\n"


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 300, b"Service Unavailable\n", b": comments\n\n"])
def test_what_is_no_body_at_all_is_asked_about(capsys: pytest.CaptureFixture[str], body: Path, data: bytes) -> None:
    ran = decode(capsys, body, data)
    assert (ran.code, ran.err, types(ran)) == (1, NOTHING_THERE, ["error", "done"])


@pytest.mark.parametrize(
    ("protocol", "data"),
    [(name, b"data: [DONE]\n\n") for name in PROTOCOLS]
    + [(name, WHOLE) for name in PROTOCOLS if name != "openai.chat"],
)
def test_a_foreign_body_is_no_success(
    capsys: pytest.CaptureFixture[str], body: Path, protocol: str, data: bytes
) -> None:
    body.write_bytes(data)
    ran = run_here(capsys, "decode", "--check", "--protocol", protocol, str(body))
    assert (ran.code, ran.err) == (1, NOTHING_THERE.replace("openai.chat", protocol))


@pytest.mark.parametrize("data", [WHOLE[: -len(END)], b"<html>", event({"content": {"a": 1}}), END])
def test_what_has_any_event_is_not_asked_about(capsys: pytest.CaptureFixture[str], body: Path, data: bytes) -> None:
    assert decode(capsys, body, data).err == ""


def test_the_largest_event_can_be_chosen(capsys: pytest.CaptureFixture[str], body: Path) -> None:
    ran = decode(capsys, body, WHOLE, "--max-event-bytes", "50")
    assert (ran.code, types(ran)) == (1, ["error", "done"])
    assert "larger than 50 bytes" in ran.documents[0]["error"]
    assert decode(capsys, body, WHOLE, "--max-event-bytes", "5000").code == 0
    wrong = decode(capsys, body, WHOLE, "--max-event-bytes", "0")
    assert (wrong.code, wrong.out) == (2, "")
    assert "'0' is no size in bytes; use 1 or more" in wrong.err


def test_a_breach_of_the_grammar_is_one_line_with_rule_and_position(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ChunkLines("openai.chat", check=True)
    lines._number = 5
    lines.feed(WHOLE)
    lines.close()
    assert lines.failed
    told = capsys.readouterr().err.splitlines()
    assert told
    assert told[0].startswith("massgen-stream: chunk 0 breaks ")


class Odd:
    """A decoder that says what it is told to."""

    def __init__(self, *chunks: BaseStreamChunk) -> None:
        self.chunks = list(chunks)

    def feed(self, _: bytes) -> list[BaseStreamChunk]:
        return self.chunks

    def close(self) -> list[BaseStreamChunk]:
        return []


def odd_lines(monkeypatch: pytest.MonkeyPatch, *chunks: BaseStreamChunk, check: bool = False) -> ChunkLines:
    monkeypatch.setattr("massgen_stream.cli.decode.decoder", lambda _, **_limits: Odd(*chunks))
    return ChunkLines("openai.chat", check=check)


def test_an_error_counts_whatever_the_end_says(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = odd_lines(monkeypatch, narrow.error("Boom"), narrow.done("stop"))
    assert lines.feed(b"x").count(b"\n") == 2
    assert lines.close() == b""
    assert lines.failed


def test_a_breach_that_only_the_end_shows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = odd_lines(monkeypatch, narrow.content("Hello"), check=True)
    lines.feed(b"x")
    assert (lines.failed, capsys.readouterr().err) == (False, "")
    lines.close()
    assert lines.failed
    assert " breaks " in capsys.readouterr().err


def test_every_piece_is_decoded_as_soon_as_it_is_there() -> None:
    first, rest = event({"content": "Hel"}), event({"content": "lo"}) + END
    with started("decode", "--protocol", "openai.chat") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(first)
        process.stdin.flush()
        read_until(process, b'"Hel"')  # would wait for ever if anything were held back
        process.stdin.write(rest)
        process.stdin.close()
        assert b'"stop"' in process.stdout.read()
        assert process.wait(20) == 0


def test_a_file_as_a_process_of_its_own(body: Path) -> None:
    body.write_bytes(WHOLE)
    ran = run("decode", str(body), "--protocol", "openai.chat", "--check")
    assert (ran.code, ran.err, text(ran)) == (0, "", "Hello ✓")
    piped = run("decode", "--protocol", "openai.chat", "-", stdin=WHOLE)
    assert piped == ran


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["--protocol", "smoke.signals", "x"],
            "error: unknown wire protocol 'smoke.signals'; use one of: " + ", ".join(sorted(PROTOCOLS)),
        ),
        (["--protocol", "openai.chat", "absent"], "error: cannot read 'absent': No such file or directory"),
        (["--protocol", "openai.chat", "."], "error: cannot read '.': Is a directory"),
        (["--protocol", "openai.chat", "a\0b"], "error: cannot read 'a\\x00b': embedded null byte"),
        (["x"], "error: the following arguments are required: --protocol (see massgen-stream decode --help)"),
        (
            ["--protocol", "openai.chat", "a", "b"],
            "error: unrecognized arguments: b (see massgen-stream decode --help)",
        ),
    ],
)
def test_wrong_calls_are_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_here(capsys, "decode", *words) == Ran(2, "", f"massgen-stream: {line}\n")


def test_nobody_waits_for_a_person_to_type_bytes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    ran = run_here(capsys, "decode", "--protocol", "openai.chat")
    assert ran.code == 2
    assert ran.err == "massgen-stream: error: nothing to decode: name a FILE, or pipe one to standard input\n"


def test_input_that_breaks_off_is_a_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.BytesIO):
        def read1(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().read1(size)

    class Standard:
        buffer = Broken(WHOLE[:-30])

        def isatty(self) -> bool:
            return False

    monkeypatch.setattr("sys.stdin", Standard())
    ran = run_here(capsys, "decode", "--protocol", "openai.chat")
    assert ran.code == 1
    assert text(ran) == "Hello ✓"
    assert ran.err == "massgen-stream: error: cannot read any further: Input/output error\n"


def test_a_reader_that_goes_away_ends_it_quietly(body: Path) -> None:
    body.write_bytes(event({"content": "word " * 20}) * 20_000 + END)
    with started("decode", "--protocol", "openai.chat", str(body)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b'"type"' in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line(body: Path) -> None:
    body.write_bytes(WHOLE)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "decode", "--protocol", "openai.chat", str(body)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=environment(),
        )
    assert done.returncode == 1
    assert done.stderr == b"massgen-stream: error: input or output failed: No space left on device\n"
