"""What the head of a response says, sensible or not."""

import time
from email.utils import formatdate
from typing import Any

import pytest

from massgen_stream.errors import BrokenMedia
from massgen_stream.media.http_answer import HttpAnswer


def answer(
    status: int = 200, url: str = "https://example.com/folder/photo%20one.png?x=y", **headers: str
) -> HttpAnswer:
    return HttpAnswer.of(url, status, [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in headers.items()])


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("", "photo one.png"),
        ('attachment; filename="a b.png"', "a b.png"),
        ("attachment; filename*=UTF-8''%e2%82%ac.png", "€.png"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\x\\\\y.png"', "y.png"),
        ("attachment", "photo one.png"),
        ('attachment; filename=".."', None),
    ],
)
def test_a_name_has_no_folder(disposition: str, name: str | None) -> None:
    assert answer(content_disposition=disposition).filename == name


def test_an_address_without_a_name() -> None:
    assert answer(url="https://example.com/").filename is None
    assert len(answer(url="https://example.com/" + "a" * 1000).filename or "") == 255


@pytest.mark.parametrize(
    ("headers", "size"),
    [
        ({"content_length": "12"}, 12),
        ({"content_length": "-1"}, None),
        ({"content_length": "1e9"}, None),
        ({"content_length": "9" * 30}, None),
        ({}, None),
    ],
)
def test_its_size(headers: dict[str, Any], size: int | None) -> None:
    assert answer(**headers).size_bytes == size


def test_a_part_says_the_size_of_the_whole() -> None:
    part = answer(206, content_length="5", content_range="bytes 5-9/10")
    assert (part.size_bytes, part.content_range()) == (10, (5, 10))
    assert answer(206, content_range="bytes 5-9/*").size_bytes is None
    with pytest.raises(BrokenMedia, match="does not say which"):
        answer(206).content_range()


def test_only_a_strong_tag_names_a_version() -> None:
    assert answer(etag='"a"').validator == '"a"'
    assert answer(etag='W/"a"').validator is None
    assert answer().validator is None


def test_how_long_to_wait() -> None:
    assert answer(503, retry_after="7").retry_after_seconds == 7
    soon = answer(503, retry_after=formatdate(time.time() + 30, usegmt=True)).retry_after_seconds
    assert soon is not None
    assert 0 < soon <= 30
    assert answer(503, retry_after=formatdate(0, usegmt=True)).retry_after_seconds == 0
    assert [answer(503, retry_after=said).retry_after_seconds for said in ("", "soon", "-5", "1" * 9)] == [None] * 4


def test_type_and_encoding() -> None:
    assert answer(content_type="Image/PNG; charset=x").mime_type == "image/png"
    assert answer(content_type="").mime_type is None
    answer(content_encoding="identity").check_encoding()
    with pytest.raises(BrokenMedia, match="gzip"):
        answer(content_encoding="GZIP").check_encoding()


def test_a_redirect_leads_somewhere() -> None:
    assert answer(302, location="/a").location == "/a"
    assert answer(302).location is None
    assert answer(200, location="/a").location is None
