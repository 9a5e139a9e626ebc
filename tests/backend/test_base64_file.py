"""Base64 as a file, against a file."""

from __future__ import annotations

import io
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.backend.base64_file import Base64File


@given(st.binary(max_size=40), st.lists(st.tuples(st.booleans(), st.integers(0, 50))))
def test_it_reads_what_a_file_reads(data: bytes, steps: list[tuple[bool, int]]) -> None:
    found, expected = Base64File(b64encode(data).decode()), io.BytesIO(data)
    for seeks, number in steps:
        if seeks:
            found.seek(number)
            expected.seek(number)
        else:
            assert found.read(number) == expected.read(number)


@pytest.mark.parametrize("text", ["a", "aaaaa", "\x80aaa"])
def test_what_is_not_base64_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Base64File(text).read(9)


def test_only_what_is_read_is_decoded() -> None:
    file = Base64File("\x80aaa" + "QUJD" + "\x80aaa")
    file.seek(4)
    assert file.read(2) == b"BC"
