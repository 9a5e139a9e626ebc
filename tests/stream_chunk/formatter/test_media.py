from base64 import b64encode, encodebytes
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.formatter import normalise_messages
from massgen_stream.stream_chunk.formatter.media import base64_text, data_url, split_data_url, unbroken

from .places import place_of_fault

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
PNG_TEXT = b64encode(PNG).decode()


def part(**fields: Any) -> dict[str, Any]:
    (message,) = normalise_messages([{"role": "user", "content": [fields]}])
    found: dict[str, Any] = message["content"][0]
    return found


def test_first_bytes_tell_the_type() -> None:
    assert part(type="image", base64=PNG_TEXT)["mime_type"] == "image/png"
    assert part(type="image", data=PNG)["mime_type"] == "image/png"
    assert part(type="image", data=memoryview(PNG))["data"] == PNG
    assert part(type="document", base64=b64encode(b"%PDF-1.7").decode())["mime_type"] == "application/pdf"


@pytest.mark.parametrize("count", [0, 1000, 1001, 1002, 5000, 50_000])
def test_base64_may_stand_in_lines(count: int) -> None:
    text = encodebytes(PNG + bytes(count)).decode()
    assert part(type="image", base64=text) == {"type": "image", "base64": text, "mime_type": "image/png"}


@given(st.binary(max_size=200), st.integers(0, 300))
def test_what_stands_in_lines_is_joined(data: bytes, most: int) -> None:
    whole = b64encode(data).decode()
    assert unbroken(whole, most) == whole
    joined = unbroken("\r\n" + encodebytes(data).decode(), most)
    assert whole.startswith(joined)
    assert len(joined) == min(len(whole), len("".join(("\r\n" + encodebytes(data).decode())[:most].split())) // 4 * 4)


def test_what_is_given_comes_first_then_bytes_then_name_then_the_default() -> None:
    assert part(type="image", data=PNG, mime_type="image/x", filename="a.gif")["mime_type"] == "image/x"
    assert part(type="image", data=PNG, filename="a.gif")["mime_type"] == "image/png"
    assert part(type="image", data=b"?", filename="a.gif")["mime_type"] == "image/gif"
    assert part(type="image", data=b"?")["mime_type"] == "image/jpeg"
    assert part(type="file", data=b"?")["mime_type"] == "application/octet-stream"
    assert "mime_type" not in part(type="audio", data=b"?")
    assert "mime_type" not in part(type="image", url="https://x.y/a.png")


@pytest.mark.parametrize("broken", ["%%%", "iVBORw0KGgo\n=", "é"])
def test_base64_that_is_none_is_for_the_server_to_judge(broken: str) -> None:
    assert part(type="image", base64=broken)["base64"] == broken


def test_a_data_url_is_bytes_with_a_type() -> None:
    assert part(type="image", url=f"data:image/gif;base64,{PNG_TEXT}") == {
        "type": "image", "base64": PNG_TEXT, "mime_type": "image/gif",
    }  # fmt: skip
    assert part(type="image", url=f"DATA:;BASE64,{PNG_TEXT}")["mime_type"] == "image/png"
    assert part(type="image", url="data:text/plain,hi") == {"type": "image", "url": "data:text/plain,hi"}
    given_type = part(type="image", url=f"data:image/gif;base64,{PNG_TEXT}", mime_type="image/x")
    assert given_type["mime_type"] == "image/x"


def test_a_path_is_text() -> None:
    assert part(type="image", path=Path("a/b.png")) == {"type": "image", "path": "a/b.png"}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({}, ""),
        ({"url": "a", "base64": "b"}, ""),
        ({"url": None, "file_id": None}, ""),
        ({"data": "text"}, ".data"),
        ({"base64": b"bytes"}, ".base64"),
        ({"url": 5}, ".url"),
        ({"path": 5}, ".path"),
        ({"url": "a", "filename": 5}, ".filename"),
        ({"url": "a", "mime_type": b"image/png"}, ".mime_type"),
    ],
)
def test_faults(fields: dict[str, Any], where: str) -> None:
    message = {"role": "user", "content": [{"type": "image", **fields}]}
    assert place_of_fault(normalise_messages, [message]) == f"messages[0].content[0]{where}"


@given(st.binary(max_size=20), st.sampled_from(["image/png", "audio/wav;rate=8000", ""]))
def test_data_urls_lead_back(data: bytes, mime_type: str) -> None:
    media = {"type": "file", "data": data, "mime_type": mime_type}
    assert split_data_url(data_url(media)) == (mime_type, base64_text(media))


def test_other_urls_are_no_data_urls() -> None:
    for url in ("https://x.y/;base64,a", "data:image/png;base64", "data:,hello", "", "data"):
        assert split_data_url(url) is None
