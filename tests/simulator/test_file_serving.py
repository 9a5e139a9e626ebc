"""Downloads, and the rest of one that broke."""

import pytest

from massgen_stream.simulator.file_serving import file_ops
from massgen_stream.simulator.ops import Head
from massgen_stream.simulator.request import Request
from massgen_stream.simulator.vendor import File

FILE = File(bytes(range(256)) * 1000, "video/mp4")


def answered(**headers: str) -> tuple[int, dict[str, str], bytes]:
    head, *pieces = file_ops(FILE, Request("GET", "/a", headers=headers))
    assert isinstance(head, Head)
    body = [piece for piece in pieces if isinstance(piece, bytes)]
    assert len(body) == len(pieces)
    assert all(len(piece) <= 65536 for piece in body)
    return head.status, dict(head.headers), b"".join(body)


def test_whole() -> None:
    status, headers, body = answered()
    assert (status, body) == (200, FILE.data)
    assert (headers["content-type"], headers["content-length"]) == ("video/mp4", "256000")
    assert "content-range" not in headers


@pytest.mark.parametrize("start", [0, 1, 65536, 255999])
def test_the_rest(start: int) -> None:
    status, headers, body = answered(range=f"bytes={start}-")
    assert (status, body) == (206, FILE.data[start:])
    assert headers["content-range"] == f"bytes {start}-255999/256000"
    assert headers["content-length"] == str(256000 - start)


def test_nothing_is_left() -> None:
    assert answered(range="bytes=256000-")[::2] == (416, b"")


@pytest.mark.parametrize("asked", ["bytes=-5", "bytes=1-2", "lines=1-", ""])
def test_other_ranges_are_ignored(asked: str) -> None:
    assert answered(range=asked)[0] == 200
