"""Films are real: PyAV reads them."""

from io import BytesIO

import av
import pytest

from massgen_stream.simulator.answers.film import mp4


@pytest.mark.parametrize(("width", "height", "seconds"), [(16, 16, 1), (256, 144, 6), (144, 256, 15)])
def test_a_decoder_sees_what_was_asked_for(width: int, height: int, seconds: int) -> None:
    with av.open(BytesIO(mp4(width, height, seconds)), "r") as film:
        stream = film.streams.video[0]
        assert (film.format.name.split(",")[1], stream.codec.name) == ("mp4", "h264")
        assert (stream.width, stream.height, film.duration) == (width, height, seconds * av.time_base)
        pictures = list(film.decode(stream))
    assert [picture.time for picture in pictures] == list(range(seconds))
    shades = [bytes(picture.planes[0])[0] for picture in pictures]
    assert shades[:3] == [140, 100, 60][:seconds]
    assert {bytes(picture.planes[2])[0] for picture in pictures} == {0x70}
