import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.testing import recorded
from massgen_stream.testing.recorded import LOCATION, Recording, available, folder, recordings, skip_reason


def write(place: Path, name: str, **files: Any) -> None:
    (place / name).mkdir(parents=True)
    for file, content in {"meta.json": {"kind": "stream"}, **files}.items():
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        (place / name / file).write_bytes(data)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(LOCATION, str(tmp_path))
    return tmp_path


def test_one_recording(place: Path) -> None:
    files = {
        "meta.json": {"kind": "stream", "status": 200},
        "expect.json": {"text": "hi"},
        "request.json": {"model": "m"},
        "response.body": b"data: x\n\n",
        "chunks.json": {"note": "…", "sizes": [4, 5]},
    }
    write(place / "openai.chat", "b", **files)
    write(place / "openai.chat", "a", **{"response.body": b""})
    first, second = recordings("openai.chat")
    assert (first.name, second.name, second.api) == ("a", "b", "openai.chat")
    assert second.meta == {"kind": "stream", "status": 200}
    assert second.expect == {"text": "hi"}
    assert second.request == {"model": "m"}
    assert second.bodies == [second.body] == [b"data: x\n\n"]
    assert second.reads == [4, 5]
    assert (first.request, first.reads, first.bodies) == (None, None, [b""])
    assert repr(second) == "Recording(openai.chat/b)"


def test_a_sequence_is_in_order(place: Path) -> None:
    write(place / "xai.video", "s", **{f"response-{n}.body": b"%d" % n for n in (10, 9, 1, 2)})
    assert recordings("xai.video")[0].bodies == [b"1", b"2", b"9", b"10"]


def test_nothing_is_read_before_it_is_asked_for(place: Path) -> None:
    write(place / "openai.chat", "a", **{"expect.json": b"no JSON"})
    (recording,) = recordings("openai.chat")
    assert recording.meta == {"kind": "stream"}
    with pytest.raises(json.JSONDecodeError):
        _ = recording.expect


def test_files_beside_recordings_are_no_recordings(place: Path) -> None:
    write(place / "openai.chat", "a")
    (place / "openai.chat" / "README.md").write_text("about")
    (place / "openai.chat" / "empty").mkdir()
    assert [r.name for r in recordings("openai.chat")] == ["a"]


def test_the_reason_says_what_to_do(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place / "openai.chat", "a")
    assert available("openai.chat")
    assert skip_reason("openai.chat") == ""
    assert not available("openai.images")
    assert recordings("openai.images") == []
    assert skip_reason("openai.images") == f"no recordings of openai.images in {place}"
    monkeypatch.setenv(LOCATION, str(place / "nowhere"))
    assert folder() is None
    assert f"{LOCATION}={place / 'nowhere'} is no folder" in skip_reason("openai.chat")
    assert recordings("openai.chat") == []


def test_without_the_variable_folders_above_the_project_are_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(LOCATION, raising=False)
    project = tmp_path / "work" / "deep" / "project"
    monkeypatch.setattr(recorded, "_PROJECT", project)
    assert folder() is None
    assert f"{LOCATION} is not set" in skip_reason("openai.chat")
    far, near = tmp_path / "shared" / "recordings", tmp_path / "work" / "deep" / "shared" / "recordings"
    write(far / "openai.chat", "far")
    assert [r.name for r in recordings("openai.chat")] == ["far"]
    write(near / "openai.chat", "near")
    assert [r.name for r in recordings("openai.chat")] == ["near"]


def test_the_project_is_where_it_is() -> None:
    assert (recorded._PROJECT / "massgen_stream" / "testing" / "recorded.py").samefile(recorded.__file__)


def test_import_needs_neither_pytest_nor_hypothesis() -> None:
    code = (
        "import sys, massgen_stream.testing.recorded, massgen_stream.testing.cuts;"
        "print({'pytest', 'hypothesis', '_pytest'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.skipif(not available("openai.chat"), reason=skip_reason("openai.chat"))
def test_real_recordings_are_whole() -> None:
    for recording in recordings("openai.chat"):
        assert recording.meta["sha256"] == hashlib.sha256(recording.body).hexdigest()
        assert isinstance(recording, Recording)
        if recording.reads:
            assert sum(recording.reads) == len(recording.body), recording
