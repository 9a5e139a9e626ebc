"""WAV files, read by the standard library."""

import io
import wave

from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.generation.wave_header import HEADER_BYTES, wave_header


@given(st.binary(max_size=64), st.sampled_from([8_000, 24_000, 48_000]), st.sampled_from([1, 2]))
def test_samples_come_back(data: bytes, rate: int, channels: int) -> None:
    data = data[: len(data) // (2 * channels) * 2 * channels]
    header = wave_header(len(data), sample_rate=rate, channels=channels)
    assert len(header) == HEADER_BYTES
    with wave.open(io.BytesIO(header + data)) as found:
        assert (found.getframerate(), found.getnchannels(), found.getsampwidth()) == (rate, channels, 2)
        assert found.readframes(found.getnframes()) == data


def test_a_length_that_nobody_knows_is_as_long_as_can_be() -> None:
    header = wave_header(None, sample_rate=24_000)
    assert header[4:8] == (2**32 - 1 - 8).to_bytes(4, "little")
    assert int.from_bytes(header[40:44], "little") == 2**32 - 1 - HEADER_BYTES
