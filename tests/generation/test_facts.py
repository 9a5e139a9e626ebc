"""What a medium is by its bytes."""

from typing import Any

import pytest
from msgspec.structs import replace

from massgen_stream.errors import MissingExtra
from massgen_stream.generation.facts import measured, timed, typed
from massgen_stream.stream_chunk.multimodal import MediaMetadata

from .fakes import PNG


def test_bytes_count_more_than_words() -> None:
    found, warning = typed(MediaMetadata(mime_type="image/jpeg"), PNG)
    assert found.mime_type == "image/png"
    assert warning is not None
    assert "declared as image/jpeg" in warning


def test_types_that_are_right_stay_as_they_are_written() -> None:
    for declared in ("audio/pcm;rate=24000", "audio/L16;codec=pcm;rate=24000"):
        known = MediaMetadata(mime_type=declared)
        assert typed(known, b"\x01\x00\x02\x00" * 9) == (known, None)
    assert typed(None, PNG) == (MediaMetadata(mime_type="image/png"), None)
    assert typed(None, b"") == (MediaMetadata(mime_type="application/octet-stream"), None)


@pytest.mark.parametrize(
    ("metadata", "seconds"),
    [
        ({"mime_type": "audio/pcm", "sample_rate": 24_000, "channels": 1}, 1.0),
        ({"mime_type": "audio/pcm;rate=48000", "channels": 2}, 0.25),
        ({"mime_type": "audio/pcm; rate=48000; channels=1"}, 0.5),
        ({"mime_type": "audio/pcm;rate=24000", "sample_rate": 12_000, "channels": 1}, 2.0),
        ({"mime_type": "audio/L16;codec=pcm;rate=24000"}, 1.0),
        ({"mime_type": "audio/x-mulaw", "sample_rate": 8000, "channels": 1}, 6.0),
        ({"mime_type": "audio/x-alaw", "sample_rate": 8000, "channels": 1}, 6.0),
        ({"mime_type": "audio/basic"}, 6.0),
        ({"mime_type": "audio/pcm", "sample_rate": 24_000, "channels": 1, "duration_seconds": 3.5}, 3.5),
        ({"mime_type": "audio/pcm;rate=24000"}, None),  # nobody says how many channels
        ({"mime_type": "audio/pcm", "channels": 1}, None),
        ({"mime_type": "audio/L16;rate=0"}, None),
        ({"mime_type": "audio/wav", "sample_rate": 24_000, "channels": 1}, None),
    ],
)
def test_the_number_of_bare_samples_tells_their_length(metadata: dict[str, Any], seconds: float | None) -> None:
    known = MediaMetadata(**metadata)
    assert timed(known, 48_000) == replace(known, duration_seconds=seconds)


def test_what_passes_for_two_things_is_told() -> None:
    known = MediaMetadata(mime_type="image/png")
    found, warning = typed(known, PNG + b"%PDF-1.7")
    assert found == known
    assert warning is not None
    assert "dubious" in warning


@pytest.mark.anyio
async def test_a_decoder_fills_in_what_nobody_said() -> None:
    found, warning = await measured(MediaMetadata(mime_type="image/png", width=7), PNG)
    assert (found.width, found.height, warning) == (7, 1, None)


@pytest.mark.anyio
async def test_what_no_decoder_reads_is_told() -> None:
    known = MediaMetadata(mime_type="image/png")
    found, warning = await measured(known, PNG[:40])
    assert found == known
    assert warning is not None
    assert warning.startswith("the medium cannot be read back: ")


@pytest.mark.anyio
async def test_without_the_library_nothing_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    async def missing(*_: object, **__: object) -> None:
        raise MissingExtra("reading pictures", "media")

    monkeypatch.setattr("massgen_stream.generation.facts.probe", missing)
    known = MediaMetadata(mime_type="image/png")
    assert await measured(known, PNG) == (known, None)
