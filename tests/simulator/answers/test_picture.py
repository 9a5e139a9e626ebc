import struct
import zlib

import pytest

from massgen_stream.simulator.answers.picture import png


def rows(data: bytes, width: int) -> list[bytes]:
    """The rows of an unfiltered PNG with three bytes a pixel, read with nothing but zlib."""
    body, found = data[8:], b""
    while body:
        (length,) = struct.unpack(">I", body[:4])
        name, content, check = body[4:8], body[8 : 8 + length], body[8 + length : 12 + length]
        assert struct.unpack(">I", check) == (zlib.crc32(name + content),)
        found += content if name == b"IDAT" else b""
        body = body[12 + length :]
    pixels = zlib.decompress(found)
    assert set(pixels[:: 1 + 3 * width]) == {0}
    return [pixels[start + 1 : start + 1 + 3 * width] for start in range(0, len(pixels), 1 + 3 * width)]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 3), (64, 48)])
def test_it_is_a_png_of_the_size_that_is_asked_for(width: int, height: int) -> None:
    data = png(width, height)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (width, height)
    assert len(rows(data, width)) == height


def test_previews_have_fewer_steps() -> None:
    steps = [len(set(rows(png(48, 64, sharpness=sharpness), 48))) for sharpness in (8, 16, 32)]
    assert steps == sorted(set(steps))
    assert steps[-1] < len(set(rows(png(48, 64), 48)))
    assert png(48, 64) == png(48, 64)
