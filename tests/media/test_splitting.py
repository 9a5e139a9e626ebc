"""A medium as segments and a final that keep the grammar of a stream."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream import Accumulator, Gate, MultimodalStreamChunk, StreamVerifier
from massgen_stream.errors import MediaError
from massgen_stream.media import split
from massgen_stream.stream_chunk.narrow import done

from .running import open_files, run

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


async def collected(chunks: AsyncIterator[MultimodalStreamChunk]) -> list[MultimodalStreamChunk]:
    return [chunk async for chunk in chunks]


@given(st.binary(max_size=200), st.integers(1, 60))
def test_the_chunks_are_a_medium_of_the_grammar(data: bytes, size: int) -> None:
    chunks = run(collected(split(data, chunk_size=size, media_type="audio")))
    gate, verifier, accumulator = Gate(stream_id="s"), StreamVerifier(), Accumulator()
    for chunk in [*chunks, done(finish_reason="stop")]:
        chunk.check()
        for stamped in gate.feed(chunk, 1.0):
            assert verifier.feed(stamped) == []
            accumulator.feed(stamped)
    assert verifier.close() == []
    (medium,) = accumulator.media.values()
    assert (medium.data, medium.complete, str(medium.media_type)) == (data, True, "audio")


@given(st.binary(min_size=1, max_size=200), st.integers(1, 60), st.data())
def test_it_goes_on_after_any_segment(data: bytes, size: int, cut: st.DataObject) -> None:
    whole = run(collected(split(data, chunk_size=size, media_id="m")))
    last = cut.draw(st.integers(0, len(whole) - 2))
    rest = run(collected(split(data, chunk_size=size, after=whole[last])))
    assert rest == whole[last + 1 :]


@pytest.mark.anyio
async def test_what_the_chunks_say(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(PNG)
    first, *others, final = await collected(split({"path": str(path), "mime_type": "image/png"}, chunk_size=500))
    assert first.media_metadata is not None
    assert (first.media_metadata.mime_type, first.media_metadata.filename) == ("image/png", "photo.png")
    assert [chunk.media_metadata for chunk in others] == [None, None]
    assert final.media_metadata is not None
    assert final.media_metadata.checksum == f"sha256:{sha256(PNG).hexdigest()}"
    assert final.media_metadata.size_bytes == len(PNG)
    assert {str(chunk.media_type) for chunk in (first, *others, final)} == {"image"}
    assert final.media_data is None


@pytest.mark.anyio
async def test_progress_is_known_where_the_size_is() -> None:
    chunks = await collected(split(PNG, chunk_size=600))
    assert [chunk.total_chunks for chunk in chunks] == [2, 2, None]
    assert [chunk.get_progress() for chunk in chunks[:2]] == [50.0, 100.0]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("medium", "mime_type", "kind"),
    [
        (PNG, "image/png", "image"),
        (b"%PDF-1.7 ...", "application/pdf", "document"),
        (b"anything", "application/octet-stream", "file"),
        ({"data": b"x", "mime_type": "Video/MP4; codecs=x"}, "Video/MP4; codecs=x", "video"),
        ({"data": b"x", "filename": "a.wav"}, "audio/wav", "audio"),
    ],
)
async def test_its_kind_follows_its_type(medium: Any, mime_type: str, kind: str) -> None:
    first, final = await collected(split(medium, chunk_size=10**6))
    assert first.media_metadata is not None
    assert final.media_metadata is not None
    assert first.media_metadata.mime_type == final.media_metadata.mime_type == mime_type
    assert str(first.media_type) == str(final.media_type) == kind


@pytest.mark.anyio
async def test_ids_are_unique_unless_given() -> None:
    names = {(await collected(split(b"abc")))[0].media_id for _ in range(3)}
    assert len(names) == 3
    assert {chunk.media_id for chunk in await collected(split(b"abc", media_id="mine"))} == {"mine"}


@pytest.mark.anyio
async def test_it_goes_on_only_after_a_segment_of_the_same_cut() -> None:
    *segments, final = await collected(split(PNG, chunk_size=100))
    for chunk, size in ((segments[2], 50), (segments[0], 50), (final, 100)):
        with pytest.raises(MediaError, match="segment"):
            await collected(split(PNG, chunk_size=size, after=chunk))
    with pytest.raises(MediaError, match="other bytes"):
        await collected(split(b"x" * len(PNG), chunk_size=100, after=segments[2]))


@pytest.mark.anyio
@pytest.mark.parametrize("size", [0, -1])
async def test_a_segment_has_bytes(size: int) -> None:
    with pytest.raises(MediaError, match="at least one byte"):
        await collected(split(b"abc", chunk_size=size))


@pytest.mark.anyio
async def test_leaving_early_closes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(PNG)
    before = open_files()
    chunks = split(path, chunk_size=10)
    await anext(chunks)
    await chunks.aclose()
    assert open_files() == before
