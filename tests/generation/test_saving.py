"""Media on their way to the reader."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.generation import GenerationConfig
from massgen_stream.generation.file_names import FilePlaces
from massgen_stream.generation.saving import Saver
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.narrow import content, media

from .fakes import PNG, segments, whole
from .reading import names, stored

pytestmark = pytest.mark.anyio


def saver(folder: Path | None, **place: Path) -> Saver:
    return Saver(FilePlaces(GenerationConfig.of(prompt="a", output_dir=folder, **place), "s"), "s-")


async def taken(one: Saver, *chunks: Any) -> list[Any]:
    return [out for chunk in chunks for out in await one.take(chunk)]


async def test_everything_else_passes(tmp_path: Path) -> None:
    described = media("m", "image", media_metadata=MediaMetadata(mime_type="image/png"))
    chunks = [content("a"), whole(is_partial=True, partial_kind="preview"), described]
    async with saver(tmp_path) as one:
        assert await taken(one, *chunks) == chunks
    assert names(tmp_path) == []


async def test_base64_becomes_bytes(tmp_path: Path) -> None:
    metadata = MediaMetadata(mime_type="image/png")
    chunk = media("m", "image", media_data=b64encode(PNG).decode(), media_encoding="base64", media_metadata=metadata)
    async with saver(tmp_path) as one:
        (final,) = await taken(one, chunk)
    assert (final.media_data, final.media_encoding) == (PNG, "binary")
    assert stored(final.path) == PNG


async def test_a_reference_stays_one(tmp_path: Path) -> None:
    chunk = media("m", "image", media_data="file-1", media_encoding="file_id")
    async with saver(tmp_path) as one:
        assert await taken(one, chunk) == [chunk]


async def test_a_medium_without_an_id_gets_one() -> None:
    async with saver(None) as one:
        chunk: Any = whole()
        (final,) = await taken(one, type(chunk)(type="media", media_type="image", media_data=PNG))
    assert (final.media_id, one.finished) == ("s-media-1", 1)


async def test_two_media_at_once(tmp_path: Path) -> None:
    first, second = segments(PNG[:40], PNG[40:], media_id="a"), segments(PNG[:9], PNG[9:], media_id="b")
    async with saver(tmp_path) as one:
        await taken(one, first[0], second[0], second[1], first[1])
        assert names(tmp_path) != []
        finals: list[Any] = await one.finals()
        assert await one.finals() == []
    assert [final.media_id for final in finals] == ["a", "b"]
    assert [stored(final.path) for final in finals] == [PNG, PNG]
    assert names(tmp_path) == ["a-s-2.png", "a-s.png"]


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("comes", ["whole", "segments"])
async def test_bare_samples_tell_their_length(tmp_path: Path, comes: str, keeps: bool) -> None:
    samples = bytes(range(1, 241)) * 100
    async with saver(tmp_path if keeps else None) as one:
        if comes == "whole":
            told = await taken(one, whole(samples, "audio/L16;rate=24000"))
        else:
            await taken(one, *segments(samples[:999], samples[999:], mime_type="audio/L16;rate=24000"))
            told = list(await one.finals())
    assert told[-1].media_metadata.duration_seconds == 0.5


async def test_what_is_open_at_the_end_leaves_nothing(tmp_path: Path) -> None:
    async with saver(tmp_path) as one:
        await taken(one, *segments(PNG[:40]))
    assert names(tmp_path) == []
    assert one.finished == 0


@pytest.mark.parametrize(("name", "warnings"), [("a.opus", 0), ("a.ogg", 0), ("a.mp3", 1)])
async def test_opus_in_its_container_is_called_either(tmp_path: Path, name: str, warnings: int) -> None:
    ogg = b"OggS" + bytes(24) + b"OpusHead" + bytes(40)
    async with saver(None, output_path=tmp_path / name) as one:
        told = await taken(one, whole(ogg, "audio/ogg"))
    assert sum("is named like" in (chunk.detail or "") for chunk in told[:-1]) == warnings


async def test_a_medium_that_is_another_is_told() -> None:
    async with saver(None) as one:
        status, final = await taken(one, whole(PNG, "image/webp"))
    assert (status.status, final.media_metadata.mime_type) == ("warning", "image/png")
