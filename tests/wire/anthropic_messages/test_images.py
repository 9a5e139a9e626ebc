"""Images in blocks and deltas."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator

from .saying import add, begin, end, of, only, own, types

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(100))
TEXT = b64encode(PNG).decode()


def image_of(*documents: Any, stop: bool = True) -> Any:
    accumulator = Accumulator()
    for chunk in of(*documents, stop=stop):
        chunk.check()
        accumulator.feed(chunk)
    return accumulator.media["msg_1-image-0"]


SOURCE = {"type": "base64", "media_type": "image/png", "data": TEXT}


def test_a_whole_image() -> None:
    image = image_of(begin("image", source=SOURCE), end())
    assert (image.data, image.mime_type, image.complete) == (PNG, "image/png", True)
    assert image.metadata.checksum == f"sha256:{sha256(PNG).hexdigest()}"
    assert types(of(begin("image", source=SOURCE), end())) == ["media", "done"]


@pytest.mark.parametrize(
    ("source", "encoding", "data"),
    [
        ({"type": "url", "url": "https://x/y.png"}, "url", "https://x/y.png"),
        ({"type": "file", "file_id": "f1"}, "file_id", "f1"),
    ],
)
def test_a_reference(source: Any, encoding: str, data: str) -> None:
    image = image_of(begin("image", source=source))
    assert (str(image.encoding), image.data, image.mime_type) == (encoding, data, "image/jpeg")


@pytest.mark.parametrize("size", [1, 3, 4, 7, 64, 1000])
def test_segments_may_be_cut_anywhere(size: int) -> None:
    deltas = [add("image_delta", data=TEXT[at : at + size]) for at in range(0, len(TEXT), size)]
    documents = [begin("image", source={"type": "base64", "media_type": "image/webp"}), *deltas, end()]
    image = image_of(*documents)
    assert (image.data, image.mime_type, image.complete) == (PNG, "image/webp", True)
    assert (image.metadata.size_bytes, image.metadata.checksum) == (len(PNG), f"sha256:{sha256(PNG).hexdigest()}")
    media = only(of(*documents), "media")
    assert media[-1].media_data is None
    assert [chunk.chunk_index for chunk in media[:-1]] == list(range(len(media) - 1))


def test_each_piece_may_be_padded_by_itself() -> None:
    deltas = [add("image_delta", data=b64encode(PNG[at : at + 5]).decode()) for at in range(0, len(PNG), 5)]
    assert image_of(begin("image"), *deltas, end()).data == PNG


def test_padding_may_be_missing_at_the_end() -> None:
    deltas = [add("image_delta", data=b64encode(b"abcd").decode().rstrip("="))]
    assert image_of(begin("image"), *deltas, end()).data == b"abcd"
    broken = of(begin("image"), add("image_delta", data="AAAAA"), end())
    assert types(broken) == ["media", "error", "done"]


def test_the_end_of_the_message_ends_it_and_a_cut_does_not() -> None:
    documents = [begin("image"), add("image_delta", data=TEXT)]
    assert image_of(*documents).complete
    assert not image_of(*documents, stop=False).complete


def test_a_delta_after_a_whole_image_is_another_image() -> None:
    chunks = of(begin("image", source=SOURCE), add("image_delta", data=TEXT), end())
    assert [chunk.media_id for chunk in only(chunks, "media")] == ["msg_1-image-0", "msg_1-image-1", "msg_1-image-1"]


def test_a_block_without_data_is_no_image() -> None:
    assert types(of(begin("image"), add("image_delta", data=None), end())) == ["done"]


def test_an_upload_is_a_file() -> None:
    block = {"type": "container_upload", "file_id": "f1"}
    upload = of(begin("container_upload", file_id="f1"), end())[0]
    assert (upload.type, upload.media_type, upload.media_encoding, upload.media_data) == (
        "media",
        "file",
        "file_id",
        "f1",
    )
    assert own(upload) == {"block": block}
