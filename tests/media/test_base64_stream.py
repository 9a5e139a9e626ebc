"""Base64 in pieces is the base64 of the whole."""

import subprocess
import sys
from base64 import b64decode, b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from massgen_stream.errors import MediaError
from massgen_stream.media.base64_stream import Base64Decoder, Base64Encoder, base64_size

NEARLY = st.text(alphabet="QUJD+/=A\n -_é", max_size=24)


def pieces(data: st.DataObject, whole: bytes) -> list[bytes]:
    ends = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    return [whole[start:end] for start, end in zip([0, *ends], [*ends, len(whole)], strict=True)]


def decoded(parts: list[bytes] | list[str]) -> bytes:
    decoder = Base64Decoder()
    found = b"".join([decoder.feed(part) for part in parts])
    decoder.close()
    return found


@given(st.binary(max_size=300), st.data())
def test_any_cut_encodes_like_the_whole(whole: bytes, data: st.DataObject) -> None:
    encoder = Base64Encoder()
    found = b"".join([encoder.feed(piece) for piece in pieces(data, whole)]) + encoder.close()
    assert found == b64encode(whole)
    assert base64_size(found) == base64_size(found.decode()) == len(whole)


@given(st.binary(max_size=300), st.data())
def test_any_cut_decodes_like_the_whole(whole: bytes, data: st.DataObject) -> None:
    assert decoded(pieces(data, b64encode(whole))) == whole


@given(NEARLY, st.integers(0, 24))
@example("QQ==QQ==", 4)
@example("QQ==", 3)
@example("QQ==QUJD", 3)
@example("QR==", 0)
@example("QQ==Q", 4)
@example("QQ==Q", 2)
@example("====", 0)
def test_what_is_no_base64_is_refused_wherever_it_is_cut(text: str, cut: int) -> None:
    try:
        expected = b64decode(text, validate=True)
    except ValueError:
        with pytest.raises(MediaError, match="base64"):
            decoded([text[:cut], text[cut:]])
    else:
        assert decoded([text[:cut], text[cut:]]) == expected


@pytest.mark.parametrize("piece", [b"QUJD", bytearray(b"QUJD"), memoryview(b"QUJD"), "QUJD"])
def test_every_kind_of_piece(piece: bytes) -> None:
    assert Base64Decoder().feed(piece) == b"ABC"


def test_an_encoder_begins_anew() -> None:
    encoder = Base64Encoder()
    assert (encoder.feed(b"A"), encoder.close(), encoder.feed(b"A"), encoder.close()) == (b"", b"QQ==", b"", b"QQ==")


def test_it_works_without_the_fast_library() -> None:
    program = (
        "import sys; sys.modules['pybase64'] = None\n"
        "from massgen_stream.media.base64_stream import *\n"
        "encoder, decoder = Base64Encoder(), Base64Decoder()\n"
        "text = encoder.feed(b'hello') + encoder.close()\n"
        "assert (text, decoder.feed(text)) == (b'aGVsbG8=', b'hello')\n"
        "try: Base64Decoder().feed('a b=')\n"
        "except Exception as error: print(type(error).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "MediaError\n"
