import os
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend.media_input import check_media, check_request, head, whole, with_files
from massgen_stream.errors import MediaError, UnsafeMedia
from massgen_stream.stream_chunk.formatter import normalise_messages

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
LIMITS = {"image": 1000, "document": None}


def messages(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    return normalise_messages([{"role": "system", "content": "x"}, {"role": "user", "content": [*parts]}])


def test_media_within_the_limits() -> None:
    parts: list[dict[str, Any]] = [
        {"type": "image", "data": bytes(1000)},
        {"type": "image", "url": "http://x/y"},
        {"type": "document", "data": bytes(9999)},
        {"type": "audio", "data": bytes(9999), "mime_type": "audio/wav"},
        {"type": "text", "text": "x"},
    ]
    assert check_media(messages(*parts), LIMITS, "p") is False


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image", "data": bytes(1001)},
        {"type": "image", "base64": "A" * 1340},
        {"type": "image", "url": "data:image/png;base64," + "A" * 1340},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 1340}},
    ],
)
def test_an_image_over_the_limit_names_both_figures(part: dict[str, Any]) -> None:
    with pytest.raises(MediaError) as caught:
        check_media(messages(part), {"image": 1000}, "p")
    assert str(caught.value).startswith("messages[1].content[0]: image of 0.0 MiB is over the limit of 0.0 MiB of p")


def test_all_media_of_a_request_together(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(bytes(2**20))
    given = messages({"type": "image", "path": picture}, {"type": "image", "data": bytes(2**19)})
    check_request(given, None, "p")
    check_request(given, 3 * 2**19, "p")
    with pytest.raises(MediaError, match=r"^2 media together have 1\.5 MiB, over the limit of 1\.5 MiB that p has"):
        check_request(given, 3 * 2**19 - 1, "p")
    check_request(given, 2**19, "p", spared={(1, 0)})


def test_figures_are_in_mebibytes() -> None:
    with pytest.raises(MediaError, match=r"image of 1\.5 MiB is over the limit of 1\.0 MiB of p"):
        check_media(messages({"type": "image", "data": bytes(3 * 2**19)}), {"image": 2**20}, "p")


def test_files(tmp_path: Path) -> None:
    picture, letter = tmp_path / "picture.bin", tmp_path / "letter.pdf"
    picture.write_bytes(PNG)
    letter.write_bytes(b"no magic")
    given = messages({"type": "image", "path": picture}, {"type": "file", "path": str(letter)})
    assert check_media(given, LIMITS, "p") is True
    image, document = with_files(given, whole)[1]["content"]
    assert image == {"type": "image", "data": PNG, "mime_type": "image/png"}
    assert document == {"type": "file", "data": b"no magic", "mime_type": "application/pdf", "filename": "letter.pdf"}
    assert given[1]["content"][0] == {"type": "image", "path": str(picture)}
    picture.write_bytes(PNG + bytes(5000))
    assert len(with_files(given, head)[1]["content"][0]["data"]) == 4096


def test_what_the_part_says_of_itself_wins(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(PNG)
    part = {"type": "document", "path": str(file), "mime_type": "text/x-odd", "filename": "b.odd"}
    (found,) = with_files(messages(part), whole)[1]["content"]
    assert (found["mime_type"], found["filename"]) == ("text/x-odd", "b.odd")


@pytest.mark.parametrize("begin", ["", "x", "xx", "xxx"])
def test_the_head_of_a_text_ends_between_characters(tmp_path: Path, begin: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(begin + "\U0001f600" * 2000, encoding="utf-8")
    assert len(head(str(file)).decode()) >= 1023
    file.write_bytes(b"\xff" * 5000)  # no text is not cut
    assert len(head(str(file))) == 4096


def test_a_file_that_passes_for_two_things_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(PNG + b"%PDF-1.7")
    with pytest.raises(UnsafeMedia, match=r"^messages\[1\]\.content\[0\]: it passes for image/png"):
        with_files(messages({"type": "image", "path": str(file)}), head)


def test_a_file_over_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(bytes(1001))
    with pytest.raises(MediaError, match="over the limit"):
        check_media(messages({"type": "image", "path": str(file)}), LIMITS, "p")


@pytest.mark.parametrize("path", ["/no/such/file", "/", "nul\0byte"])
def test_files_that_cannot_be_read(path: str) -> None:
    with pytest.raises(MediaError, match=r"messages\[1\]\.content\[0\]: "):
        check_media(messages({"type": "image", "path": path}), {}, "p")


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe in the file system")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(MediaError, match="is no file"):
        check_media(messages({"type": "image", "path": str(tmp_path / "pipe")}), {}, "p")


def test_a_file_that_vanished() -> None:
    with pytest.raises(MediaError, match=r"cannot read '/gone': No such file"):
        with_files(messages({"type": "image", "path": "/gone"}), whole)


@pytest.mark.parametrize(
    ("kind", "uploads", "advice"),
    [
        ("image", {}, "send a smaller one, its url, or pass media_policy='fit'"),
        ("video", {"video": 2000}, "send a smaller one, its url, or pass media_policy='upload' or 'fit'"),
        ("document", {"document": 2000}, "send a smaller one, its url, or pass media_policy='upload'"),
        ("document", {"document": 1999}, "send a smaller one, or its url"),
    ],
)
def test_the_error_tells_what_helps(kind: str, uploads: dict[str, int], advice: str) -> None:
    with pytest.raises(MediaError) as caught:
        check_media(messages({"type": kind, "data": bytes(2000)}), {kind: 1000}, "p", uploads=uploads)
    assert str(caught.value).endswith(f"; {advice}")
