"""Forms with files, as an HTTP client writes them."""

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.simulator.forms import Field, form_fields, is_form

NAMES = st.text("abcdefghijklmnopqrstuvwxyz[]_-", min_size=1, max_size=12)


def sent(data: dict[str, str], files: list[tuple[str, tuple[str, bytes, str]]]) -> tuple[str, bytes]:
    request = httpx2.Request("POST", "http://x/", data=data, files=files)
    return request.headers["content-type"], request.read()


@given(
    data=st.dictionaries(NAMES, st.text(max_size=20), max_size=3),
    files=st.lists(st.tuples(NAMES, st.binary(max_size=200) | st.just(b"\r\n--\r\n\r\n")), min_size=1, max_size=3),
)
def test_what_was_sent_is_read(data: dict[str, str], files: list[tuple[str, bytes]]) -> None:
    kind, body = sent(data, [(name, (f"{name}.png", content, "image/png")) for name, content in files])
    assert is_form(kind)
    assert list(form_fields(kind, body)) == [
        *(Field(name, text.encode(), None, None) for name, text in data.items()),
        *(Field(name, content, f"{name}.png", "image/png") for name, content in files),
    ]
    assert [field.text for field in form_fields(kind, body)][: len(data)] == list(data.values())


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("application/json", b"{}", "no form"),
        ("multipart/form-data", b"", "no form"),
        ("multipart/form-data; boundary=b", b"", "no end"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx', "no end"),
        ("multipart/form-data; boundary=b", b"--b\r\nx\r\n--b--\r\n", "no head"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", "no name"),
    ],
)
def test_what_is_no_form(kind: str, body: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(form_fields(kind, body))
