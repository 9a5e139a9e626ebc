"""The header that makes bare samples a WAV file, http://soundfile.sapp.org/doc/WaveFormat/ (RIFF, 1991)."""

from __future__ import annotations

import struct
from typing import Final

HEADER_BYTES: Final = 44
_PCM: Final = 1
_LARGEST: Final = 2**32 - 1


def wave_header(data_bytes: int | None, *, sample_rate: int, channels: int = 1, bits: int = 16) -> bytes:
    """Return the header for so many bytes of samples, little end first.

    Args:
        data_bytes: None, while nobody knows: players then read to the end.
        sample_rate: Hertz.
        channels: How many; their samples alternate.
        bits: Of one sample.
    """
    size = _LARGEST - HEADER_BYTES if data_bytes is None else data_bytes
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", _PCM, channels, sample_rate, sample_rate * frame, frame, bits)
    return (
        b"RIFF"
        + struct.pack("<I", size + HEADER_BYTES - 8)
        + b"WAVEfmt "
        + struct.pack("<I", len(form))
        + form
        + (b"data" + struct.pack("<I", size))
    )
