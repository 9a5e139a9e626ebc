import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.testing.cuts import byte_by_byte, cuts
from massgen_stream.wire.body import KEPT_BODY_BYTES, BodySniffer

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize("body", [b'{"error": 1}', b"[1]", b"<html>", b" \r\n\t{", BOM + b"[", BOM + b"\n  <!doctype>"])
def test_another_body_is_kept(body: bytes) -> None:
    sniffer = BodySniffer()
    assert sniffer.feed(body) is False
    assert sniffer.is_stream is False
    assert sniffer.feed(b" more") is False
    kept = body.lstrip(BOM + b" \r\n\t") + b" more"
    assert sniffer.close() == sniffer.body == kept
    assert sniffer.size_bytes == len(kept)
    assert not sniffer.truncated


@pytest.mark.parametrize("body", [b"data: {}", b": ping", b"\n\n\nevent: x", BOM + b"id: {", b"Service Unavailable"])
def test_a_stream_is_handed_on(body: bytes) -> None:
    sniffer = BodySniffer()
    assert sniffer.feed(body) is True
    assert sniffer.is_stream is True
    assert sniffer.feed(b"{") is True
    assert sniffer.close() is None
    assert (sniffer.body, sniffer.size_bytes) == (b"", 0)


@pytest.mark.parametrize("body", [b"", b"  \r\n", BOM, BOM + b"\n"])
def test_blank_bytes_decide_nothing(body: bytes) -> None:
    sniffer = BodySniffer()
    assert all(sniffer.feed(piece) for piece in byte_by_byte(body))
    assert sniffer.is_stream is None
    assert sniffer.close() is None


def test_what_is_kept_is_bounded() -> None:
    sniffer = BodySniffer()
    body = b"[" + b"x" * KEPT_BODY_BYTES * 3
    for start in range(0, len(body), 1000):
        assert not sniffer.feed(body[start : start + 1000])
    assert sniffer.close() == body[:KEPT_BODY_BYTES]
    assert sniffer.size_bytes == len(body)
    assert sniffer.truncated


@given(
    st.data(),
    st.sampled_from([b"", BOM, b"\n\n", BOM + b" \r\n"]),
    st.sampled_from([b"{}\n{", b"data: x", b"<a>", b""]),
)
def test_any_cut_gives_the_same_answer(data: st.DataObject, blank: bytes, rest: bytes) -> None:
    whole, cut = BodySniffer(), BodySniffer()
    whole.feed(blank + rest)
    for piece in data.draw(cuts(blank + rest)):
        cut.feed(piece)
    assert (cut.is_stream, cut.body, cut.size_bytes) == (whole.is_stream, whole.body, whole.size_bytes)
