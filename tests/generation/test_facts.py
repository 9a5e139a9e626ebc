"""What a medium is by its bytes."""

import pytest

from massgen_stream.errors import MissingExtra
from massgen_stream.generation.facts import measured, typed
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
