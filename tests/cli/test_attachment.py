"""``--attach``."""

from pathlib import Path

import pytest

from massgen_stream.cli.attachment import (
    attachment_part,
    attachments_named,
    mime_type_of,
    part_type,
    unsent_attachment,
)
from massgen_stream.errors import ConfigurationError, MediaError, UnresolvedMedia

from ..media.files import picture
from .commands import run


@pytest.mark.parametrize(
    ("name", "kind", "mime_type"),
    [
        ("photo.JPG", "image", "image/jpeg"),
        ("a.webp", "image", "image/webp"),
        ("a.heic", "image", "image/heic"),
        ("voice.wav", "audio", "audio/x-wav"),
        ("song.m4a", "audio", "audio/mp4"),
        ("film.mp4", "video", "video/mp4"),
        ("plan.pdf", "document", "application/pdf"),
        ("notes.md", "document", "text/markdown"),
        ("data.json", "document", "application/json"),
        ("x.docx", "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.zip", "file", "application/zip"),
        ("nothing", "file", "application/octet-stream"),
    ],
)
def test_a_file_is_a_part_of_its_kind(tmp_path: Path, name: str, kind: str, mime_type: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\x00x")  # says nothing of its type
    part = attachment_part(str(file))
    assert part["type"] == kind
    assert part["path"] == str(file)
    assert part["filename"] == name
    assert part["mime_type"] in {mime_type, mime_type.replace("x-wav", "wav")}  # machines have tables of their own


@pytest.mark.parametrize("name", ["photo.jpg", "photo", "photo.txt"])
def test_the_bytes_of_a_file_know_better_than_its_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert attachment_part(str(file)) | {"path": ""} == {
        "type": "image", "path": "", "mime_type": "image/png", "filename": name
    }  # fmt: skip


@pytest.mark.parametrize("name", ["photo.png", "song.mp3", "film.mp4", "plan.pdf"])
def test_text_in_the_guise_of_a_medium_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("hello, wörld " * 400, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"its name says .*, but it holds text"):
        attachment_part(str(file))


@pytest.mark.parametrize("name", ["drawing.svg", "notes.md", "unknown"])
def test_text_is_text(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    assert attachment_part(str(file))["filename"] == name


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("https://x.org/a%20b.PNG?size=1#x", {"type": "image", "mime_type": "image/png"}),
        ("https://x.org/report.pdf", {"type": "document", "mime_type": "application/pdf"}),
        ("HTTPS://x.org/photos/200", {"type": "image"}),
        ("gs://bucket/film.mp4", {"type": "video", "mime_type": "video/mp4"}),
        ("data:audio/wav;base64,AAAA", {"type": "audio", "mime_type": "audio/wav"}),
        ("data:,hello", {"type": "document", "mime_type": "text/plain"}),
    ],
)
def test_an_address_is_passed_on(url: str, part: dict[str, str]) -> None:
    assert attachment_part(url) == {**part, "url": url}


def test_a_file_address_is_a_path(tmp_path: Path) -> None:
    file = tmp_path / "a b.png"
    file.write_bytes(b"\x00x")
    assert attachment_part(file.as_uri())["path"] == str(file)


def test_home_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.png").write_bytes(b"\x00x")
    assert attachment_part("~/a.png")["path"] == str(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("absent.png", "No such file"), (".", "Is a directory"), ("empty.png", "it is empty"), ("nul\0.png", "null byte")],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.png").touch()
    with pytest.raises(ConfigurationError, match=reason) as caught:
        attachment_part(name)
    assert "cannot attach" in str(caught.value)


def test_no_name_at_all() -> None:
    with pytest.raises(ConfigurationError, match="--attach names no file"):
        attachment_part("")


@pytest.mark.parametrize(
    ("place", "shown", "advice"),
    [
        ("plan #2?.pdf", "plan #2?.pdf", ""),
        ("https://me:secret@x.org/plan.pdf?key=secret", "https://x.org/plan.pdf", "; download it and attach the file"),
        ("data:text/plain;base64,c2VjcmV0", "data:text/plain;base64,…", ""),
    ],
)
def test_an_error_names_the_attachment(place: str, shown: str, advice: str) -> None:
    with pytest.raises(ConfigurationError) as caught, attachments_named(["first.png", place]):
        raise UnresolvedMedia("messages[1].content[1]", "chat takes no document by url; pass data, base64 or file_id")
    said = f"cannot attach {shown!r}: chat takes no document by url{advice}"
    assert str(caught.value) == said
    with pytest.raises(ConfigurationError) as caught, attachments_named(["first.png", place]):
        raise MediaError("messages[0].content[0]: too large; send a smaller one")
    assert str(caught.value) == "cannot attach 'first.png': too large; send a smaller one"


def test_a_picture_of_a_kind_that_is_not_taken_can_be_converted(tmp_path: Path) -> None:
    place = tmp_path / "a.bmp"
    place.write_bytes(picture("BMP"))
    ran = run("chat", "--provider", "claude", "--attach", str(place), "hi", ANTHROPIC_API_KEY="x")
    assert ran.code == 2
    assert "image/webp; --option media_policy=fit converts it\n" in ran.err


@pytest.mark.parametrize("text", ["messages[0].content[2]: too large", "broken"])
def test_other_media_are_not_taken_for_an_attachment(text: str) -> None:
    with pytest.raises(MediaError, match="^" + text.replace("[", r"\[")), attachments_named(["a.png", "b.png"]):
        raise MediaError(text)


def test_only_what_an_attachment_loses_is_told() -> None:
    def told(loss: str) -> str | None:
        return unsent_attachment(loss, ["a.mp4", "b.mp4"])

    assert told("messages[1].content[1]: video dropped: no part for it: none") == (
        "'b.mp4' is not sent: no part for it: none"
    )
    assert told("messages[0].content[2]: video dropped: no part for it") is None
    assert told("messages[0].content[0]: filename dropped: no field for it") is None
    assert told("") is None


def test_types_that_nobody_knows() -> None:
    assert mime_type_of("x.unknownsuffix") is None
    assert part_type("application/x-made-up") == "file"
