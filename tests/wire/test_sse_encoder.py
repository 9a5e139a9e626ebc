import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import UnencodableValue
from massgen_stream.testing.cuts import decode
from massgen_stream.wire.sse import ServerSentEvent, SSEDecoder
from massgen_stream.wire.sse_encoder import encode_comment, encode_event

payloads = st.one_of(st.binary(), st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b" ", b":", b"x"])).map(b"".join))
names = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))
ids = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]))


def test_the_bytes() -> None:
    assert encode_event(b'{"a":1}') == b'data: {"a":1}\n\n'
    assert encode_event(b"") == b"data: \n\n"
    assert encode_event(b"1\n2") == b"data: 1\ndata: 2\n\n"
    assert encode_event(b"x", event="delta", id="7", retry=250) == b"id: 7\nevent: delta\nretry: 250\ndata: x\n\n"
    assert encode_comment("PROCESSING") == b": PROCESSING\n\n"
    assert encode_comment() == b":\n\n"
    assert encode_comment("a\r\nb") == b": a\n: b\n\n"


@given(payloads, st.none() | names, st.none() | ids, st.none() | st.integers(0, 10**18 - 1), st.text("ab\r\n:"))
def test_what_is_encoded_is_decoded(
    data: bytes, event: str | None, id_: str | None, retry: int | None, comment: str
) -> None:
    wire = encode_comment(comment) + encode_event(data, event=event, id=id_, retry=retry) + encode_comment(comment)
    read = re.sub(b"\r\n|\r", b"\n", data)
    assert decode(SSEDecoder(), [wire]) == [ServerSentEvent(event or "message", read, id_, retry)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("event", bad) for bad in ("a\nb", "a\rb", "\r\n", "\ud800")),
        *(("id", bad) for bad in ("a\nb", "a\rb", "a\0", "\udfff")),
        *(("retry", bad) for bad in (-1, 10**18, 1.5, True, "250")),
    ],
)
def test_what_has_no_place_on_a_line_is_refused(field: str, value: object) -> None:
    with pytest.raises(UnencodableValue) as caught:
        encode_event(b"x", **{field: value})  # type: ignore[arg-type]
    assert caught.value.where == field
    assert "\n" not in str(caught.value)


def test_a_comment_is_utf8() -> None:
    with pytest.raises(UnencodableValue):
        encode_comment("\ud800")
