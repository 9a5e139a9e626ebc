"""A download as chunks."""

from pathlib import Path

import pytest

from massgen_stream import Accumulator, Gate, StreamVerifier
from massgen_stream.errors import MediaError, UnreachableMedia
from massgen_stream.media import fetch, join
from massgen_stream.stream_chunk.narrow import done

from .lying_server import DATA, Request, serving
from .running import names


async def good(request: Request) -> None:
    await request.answer()


async def unsized(request: Request) -> None:
    await request.head(content_type="image/png")
    await request.body(DATA)


@pytest.mark.anyio
async def test_the_chunks_keep_the_grammar_and_tell_progress() -> None:
    async with serving(good) as server:
        chunks = [chunk async for chunk in fetch(server.url, chunk_size=30_000, allow_private=True)]
    gate, verifier, accumulator = Gate(stream_id="s"), StreamVerifier(), Accumulator()
    for chunk in [*chunks, done(finish_reason="stop")]:
        chunk.check()
        for stamped in gate.feed(chunk, 1.0):
            assert verifier.feed(stamped) == []
            accumulator.feed(stamped)
    assert verifier.close() == []
    (medium,) = accumulator.media.values()
    assert (medium.data, medium.complete, medium.mime_type) == (DATA, True, "image/png")
    told = [chunk for chunk in chunks if chunk.type == "media_progress"]
    assert [chunk.bytes_transferred for chunk in told] == [0, 30_000, 60_000, 90_000, len(DATA)]
    assert told[-1].progress_percentage == 100.0
    assert {chunk.stage for chunk in told} == {"downloading"}


@pytest.mark.anyio
async def test_into_a_file(tmp_path: Path) -> None:
    async with serving(unsized) as server:
        joined = await join(fetch(server.url, allow_private=True, media_id="m"), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == DATA
    assert (joined.media_id, str(joined.media_type), joined.metadata.filename) == ("m", "image", "photo.png")


@pytest.mark.anyio
async def test_a_failed_download_leaves_no_file(tmp_path: Path) -> None:
    async with serving(good) as server:
        with pytest.raises(UnreachableMedia, match="not on the public internet"):
            await join(fetch(server.url), tmp_path / "a.png")
    with pytest.raises(MediaError, match="http or https"):
        await join(fetch("ftp://example.com/a"), tmp_path / "a.png")
    assert names(tmp_path) == []
