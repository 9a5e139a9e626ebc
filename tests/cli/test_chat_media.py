"""``massgen-stream chat`` where the model makes pictures, films and sounds: the newcomer's first command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.codec_jsonl import decode_jsonl
from massgen_stream.stream_chunk.verifier import StreamVerifier

from .commands import KEYS, run, run_here, started

FIRST = "draw a lighthouse and read me a line about it"
LINE = "The tide turns a page, reads the shore from left to right, and forgets it all."


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_command_of_a_newcomer(tmp_path: Path) -> None:
    ran = run("chat", FIRST, cwd=tmp_path)
    picture, sound = sorted(tmp_path.iterdir())
    assert ran.code == 0
    assert ran.out.startswith(f"Let me draw a lighthouse and say: “{LINE}”\n")
    assert f"the image is in {picture.name} and the audio is in {sound.name}" in ran.out
    assert "▀" not in ran.out + ran.err
    told = ran.err.splitlines()
    assert told[0].startswith("massgen-stream: no key is set, so the embedded simulator answers")
    assert '→ generate_media {"prompt": "a lighthouse", "mode": "image"}' in told
    assert len([line for line in told if line.startswith("◆ image preview")]) == 4
    assert sorted(told[-2:]) == sorted([f"massgen-stream: wrote {picture.name}", f"massgen-stream: wrote {sound.name}"])
    assert told[-3].startswith("stop · ")
    assert len([line for line in told if "audio" in line and "kB" in line]) < 4  # not one for each piece
    with Image.open(picture) as image:
        assert image.size == (768, 512)
    assert sound.read_bytes()[:4] == b"RIFF"


def test_programs_read_one_stream(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run_here(capsys, "chat", "--json", "--out", str(tmp_path / "out"), FIRST)
    verifier = StreamVerifier()
    for chunk in decode_jsonl([ran.out.encode()]):
        verifier.feed(chunk)
    verifier.close()
    assert (ran.code, verifier.breaches) == (0, [])
    media = [one for one in ran.documents if one["type"] == "media" and not one.get("is_partial")]
    assert sorted(one["path"] for one in media) == sorted(str(path) for path in (tmp_path / "out").iterdir())
    assert {one.get("source") for one in media} == {"generate_media", "generate_media#2"}
    assert len(ran.documents[-1]["media_results"]) == 2
    assert [one["type"] for one in ran.documents].count("done") == 1


def test_words_alone_when_words_are_asked_for(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    ran = run_here(capsys, "chat", "Write a haiku about rivers")
    assert (ran.code, ran.out.count("\n")) == (0, 3)
    assert "generate_media" not in ran.err
    assert list(here.iterdir()) == []


def test_it_may_be_forbidden(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    ran = run_here(capsys, "chat", "--no-media", FIRST)
    assert ran.code == 0
    assert "A model would now have much to say" in ran.out
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("asked", [True, False])
def test_a_server_of_ones_own_is_offered_it_when_that_is_said(
    capsys: pytest.CaptureFixture[str], here: Path, asked: bool
) -> None:
    with Simulator.threaded() as sim:
        words = ("chat", "--base-url", sim.url("openai"), *(["--media"] if asked else []), "draw a cat")
        assert run_here(capsys, *words).code == 0
        assert len(sim.requests) == (2 if asked else 1)
        body = sim.requests[0].json
    assert ("tools" in body, len(body["messages"])) == ((True, 2) if asked else (False, 1))
    assert len(list(here.iterdir())) == asked


def test_what_is_missing_is_said_and_the_rest_is_made(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    ran = run_here(capsys, "chat", FIRST)
    (sound,) = here.iterdir()
    assert (ran.code, sound.suffix) == (0, ".wav")
    assert "pip install 'massgen-stream[media]'" in ran.err
    assert "pip install 'massgen-stream[media]'" in ran.out
    assert "Traceback" not in ran.err


def test_a_job_of_the_tool_that_goes_on_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    with Simulator.threaded(faults=[None, None, "401"]) as sim:
        monkeypatch.setenv("ELEVENLABS_API_KEY", "key-of-mine-0123456789")
        monkeypatch.setenv("ELEVENLABS_BASE_URL", sim.url("elevenlabs"))
        ran = run_here(capsys, "chat", "--media", "--base-url", sim.url("openai"), "animate a boat in the rain")
    (said,) = [line for line in ran.err.splitlines() if "--resume " in line]
    assert said.startswith("massgen-stream: if the job goes on at elevenlabs: massgen-stream media --resume '{")
    assert list(here.iterdir()) == []


def test_wrong_words(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run_here(capsys, "chat", "--media", "--no-media", "x")
    assert (ran.code, ran.out) == (2, "")
    assert "not allowed with argument" in ran.err


def test_ctrl_c_leaves_no_file(tmp_path: Path) -> None:
    with started("chat", "--out", str(tmp_path), "animate a boat in the rain") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(b"\xc2\xb7 video"):
                break
        process.send_signal(2)
        process.communicate(timeout=30)
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/proc/nope", "cannot make the folder '/proc/nope'"),
        ("file", "'file' is a file; name a folder"),
        ("", "it is empty; name a folder"),
        ("file/below", "cannot make the folder 'file/below'"),
    ],
)
def test_a_folder_that_cannot_be_is_refused_before_anybody_is_asked(
    capsys: pytest.CaptureFixture[str], here: Path, place: str, said: str
) -> None:
    (here / "file").write_bytes(b"")
    with Simulator.threaded() as sim:
        ran = run_here(capsys, "chat", "--media", "--base-url", sim.url("openai"), "--out", place, FIRST)
        assert sim.requests == []
    assert (ran.code, ran.out, said in ran.err) == (2, "", True)
