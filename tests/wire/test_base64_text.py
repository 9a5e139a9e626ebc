"""Base64 inside text, in one block or many."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.wire import base64_text
from massgen_stream.wire.base64_text import base64_bytes
from massgen_stream.wire.faults import UnusableField


@pytest.fixture(params=[4, 8, 2**16])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base64_text, "_BLOCK", request.param)


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        ("AA==", b"\0"),
        ("AA", b"\0"),
        ("AAA", b"\0\0"),
        ("A\nA =\n=", b"\0"),
        ("AB==", b"\0"),
        ("AAECAwQFBgc=", bytes(range(8))),
        ("AAEC\r\nAwQF\r\nBgc", bytes(range(8))),
        ("-_-_", b"\xfb\xff\xbf"),
        ("_-8", b"\xff\xef"),
    ],
)
def test_padding_may_be_missing_and_lines_wrapped(text: str, data: bytes) -> None:
    assert base64_bytes(text, "x") == data
    assert base64_bytes("data:;base64," + text, "x", start=13) == data


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize("text", ["?", "A", "AAAAA", "AA==AAAA", "AAAA=AAA", "é", "-/-_", "AAAA\ud83d"])
def test_what_is_not_base64(text: str) -> None:
    with pytest.raises(UnusableField, match=r"a\.b is not base64"):
        base64_bytes(text, "a.b")


@given(st.binary(max_size=60), st.sampled_from([4, 8, 12, 64]))
def test_blocks_make_no_difference(data: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base64_text, "_BLOCK", size)
        assert base64_bytes(b64encode(data).decode(), "x") == data
