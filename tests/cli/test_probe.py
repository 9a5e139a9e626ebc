"""``massgen-stream probe``."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from massgen_stream.cli.probe import page

from ..media.files import pdf_file, picture, video_file
from .commands import run, run_here


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "cat.jpg").write_bytes(picture("JPEG", 70, 50))
    (tmp_path / "film.mp4").write_bytes(video_file(sound=True))
    (tmp_path / "report.pdf").write_bytes(pdf_file(pages=3))
    (tmp_path / "page.png").write_bytes(b"<html>404</html>")
    (tmp_path / "cut.jpg").write_bytes(picture("JPEG", 400, 400)[:2000])
    return tmp_path


def test_people_read_a_page(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    ran = run_here(capsys, "probe", str(files / "film.mp4"))
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split(maxsplit=1) for line in ran.out.splitlines()[1:]]
    assert ["type", "video/mp4 (video)"] in lines
    assert ["pixels", "64 x 48"] in lines
    assert ["codecs", "h264, aac"] in lines


def test_programs_read_json_lines(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    ran = run_here(capsys, "probe", "--json", "--whole", str(files / "cat.jpg"), str(files / "report.pdf"))
    cat, report = ran.documents
    assert (cat["kind"], cat["width"], cat["height"], cat["whole"]) == ("image", 70, 50, True)
    assert cat["checksum"].startswith("sha256:")
    assert (report["kind"], report["pages"]) == ("document", 3)
    assert ran.code == 0


def test_a_faulty_file_is_told_and_the_others_are_probed(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    names = [str(files / name) for name in ("page.png", "absent.png", "cat.jpg")]
    ran = run_here(capsys, "probe", *names)
    assert ran.code == 1
    assert "image/jpeg" in ran.out
    first, second = ran.err.splitlines()
    assert "page.png: declared as image/png, but its bytes are text/html" in first
    assert "absent.png" in second
    (document, *_) = [json.loads(line) for line in run_here(capsys, "probe", "--json", *names).out.splitlines()]
    assert document["reason"] == "MediaMismatch"


def test_only_all_of_a_file_shows_that_it_is_cut_off(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    assert run_here(capsys, "probe", str(files / "cut.jpg")).code == 0
    ran = run_here(capsys, "probe", "--whole", str(files / "cut.jpg"))
    assert (ran.code, ran.out) == (1, "")
    assert "cut off" in ran.err


def test_a_declared_type(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    assert run_here(capsys, "probe", "--type", "image/png", str(files / "cat.jpg")).code == 1
    assert run_here(capsys, "probe", "--type", "image/jpg", str(files / "cat.jpg")).code == 0


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "image/png" in run("probe", "-", stdin=picture()).out
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True, buffer=io.BytesIO()))
    ran = run_here(capsys, "probe", "-")
    assert (ran.code, ran.out) == (2, "")
    assert "pipe one to standard input" in ran.err


def test_a_private_address_is_not_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run_here(capsys, "probe", "http://127.0.0.1:9/secret?key=abc")
    assert ran.code == 1
    assert "abc" not in ran.err
    assert ran.err.rstrip().endswith("allow it with --private")


def test_a_server_that_nobody_reaches_does_not_end_the_list(
    capsys: pytest.CaptureFixture[str], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("massgen_stream.media.url_origin._LONGEST_DELAY_SECONDS", 0)
    ran = run_here(capsys, "probe", "--private", "http://127.0.0.1:9/a.png", str(files / "cat.jpg"))
    assert ran.code == 1
    assert "127.0.0.1:9" in ran.err
    assert "image/jpeg" in ran.out


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.5, "0.50 s"), (75, "75.00 s (1:15.00)"), (3725.25, "3725.25 s (1:02:05.25)")]
)
def test_durations(seconds: float, shown: str) -> None:
    told = {"mime_type": "audio/wav", "kind": "audio", "size_bytes": 5_000_000, "duration_seconds": seconds}
    assert page(told)[-1].endswith(shown)
    assert "5,000,000 bytes (4.8 MiB)" in page(told)[1]
