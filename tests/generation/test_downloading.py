"""Media that a vendor only refers to are fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from massgen_stream.generation import generate_media
from massgen_stream.generation.downloading import is_remote
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.narrow import content, done, media

from ..media.lying_server import DATA, Request, serving
from .fakes import decoding, instruments, maker, whole, yielding
from .reading import data, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio


async def good(request: Request) -> None:
    await request.answer()


async def gone(request: Request) -> None:
    await request.answer(b"gone", 404)


def remote(url: str):  # type: ignore[no-untyped-def]
    return media(
        "m",
        "image",
        media_data=url,
        media_encoding="url",
        media_metadata=MediaMetadata(mime_type="image/jpeg", duration_seconds=6.0),
        continuation_id="fake_1",
        provider_data={"fake": {"id": "v-1"}},
    )


async def test_it_is_there_with_what_the_vendor_said_of_it(tmp_path: Path) -> None:
    async with serving(good) as server:
        made = maker("fake", yielding(remote(server.url)))
        stream = generate_media("a", backend_type=made, base_url=server.url, output_dir=tmp_path, environ={})
        chunks = await read(stream)
    (final,) = finals(chunks)
    assert data(chunks) == DATA == stored(final.path)
    assert (final.continuation_id, final.provider_data) == ("fake_1", {"fake": {"id": "v-1"}})
    assert (final.media_metadata.mime_type, final.media_metadata.duration_seconds) == ("image/png", 6.0)
    progress = of_type(chunks, "media_progress")
    assert progress[-1].progress_percentage == 100
    assert {one.stage for one in progress} == {"downloading"}
    assert names(tmp_path) == [Path(final.path).name]


async def test_also_where_the_decoder_knows_it_only_at_its_end(tmp_path: Path) -> None:
    async with serving(good) as server:
        made = maker("fake", decoding(rest=[remote(server.url), done("stop")]))
        stream = generate_media("a", backend_type=made, base_url=server.url, output_dir=tmp_path, environ={})
        chunks = await read(stream)
    assert stored(finals(chunks)[0].path) == DATA


async def test_a_private_address_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    async with serving(good) as server:
        made = maker("fake", yielding(remote(server.url)))
        chunks = await read(generate_media("a", backend_type=made, output_dir=tmp_path, environ={}))
    assert "not on the public internet" in of_type(chunks, "error")[0].error
    assert (chunks[-1].finish_reason, names(tmp_path)) == ("error", [])


async def test_a_failed_download_leaves_no_file(tmp_path: Path) -> None:
    async with serving(gone) as server:
        made = maker("fake", yielding(remote(server.url)))
        stream = generate_media(
            "a", backend_type=made, base_url=server.url, output_dir=tmp_path, environ={}, instruments=instruments()
        )
        chunks = await read(stream)
    (error,) = of_type(chunks, "error")
    assert "404" in error.error
    assert (error.error_info["kind"], error.error_info["status"]) == ("not_found", 404)
    assert "the medium was made, and is not there any more" in error.error
    assert names(tmp_path) == []


def test_only_finals_that_refer_elsewhere_are_remote() -> None:
    assert is_remote(remote("https://example.org/a.mp4"))
    assert not is_remote(remote("data:video/mp4;base64,AAAA"))
    assert not is_remote(whole())
    assert not is_remote(content("https://example.org"))
