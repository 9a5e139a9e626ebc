"""One medium at a time: fetched from a server that may lie, and made to fit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend.media_arrival import MediaArrival
from massgen_stream.backend.media_task import MediaTask
from massgen_stream.errors import MediaError, PrivateAddress, UnreachableMedia
from massgen_stream.media import probe
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk

from ..media.files import audio_file, picture
from ..media.lying_server import DATA, Request, serving
from ..simulator.polling import until

pytestmark = pytest.mark.anyio
PLACE = "messages[0].content[0]"


def task(part: dict[str, Any], *, kind: str | None = None, **changes: Any) -> MediaTask:
    return MediaTask(PLACE, part, kind or part["type"], None, None, False, None, True)._replace(**changes)


async def brought(asked: MediaTask) -> tuple[MediaArrival, list[MultimodalStreamChunk]]:
    arrival = MediaArrival(asked)
    return arrival, [chunk async for chunk in arrival.chunks()]


async def whole(request: Request) -> None:
    await request.answer()


async def test_a_download_tells_how_far_it_is() -> None:
    async with serving(whole) as server:
        arrival, chunks = await brought(task({"type": "image", "url": server.url}))
    assert arrival.part == {"type": "image", "data": DATA, "mime_type": "image/png"}
    assert [(c.bytes_transferred, c.total_bytes, c.progress_percentage) for c in chunks] == [
        (0, None, None),
        (len(DATA), len(DATA), 100.0),
    ]
    assert {(str(c.type), c.media_id, c.stage, str(c.media_type)) for c in chunks} == {
        ("attachment", PLACE, "downloading", "image")
    }


async def test_documents_keep_a_name_and_what_the_part_says_wins() -> None:
    async def plan(request: Request) -> None:
        await request.answer(b"a,b\n1,2\n", content_type="text/plain")

    async with serving(plan) as server:
        address = server.url.replace("photo.png", "table.csv?x=1")
        arrival, _ = await brought(task({"type": "file", "url": address}, kind="document"))
        given, _ = await brought(
            task({"type": "file", "url": address, "mime_type": "text/csv", "filename": "b"}, kind="document")
        )
    assert (arrival.part["filename"], arrival.part["mime_type"]) == ("table.csv", "text/plain")
    assert given.part == {"type": "file", "data": b"a,b\n1,2\n", "mime_type": "text/csv", "filename": "b"}


async def missing(request: Request) -> None:
    await request.answer(b"gone", 404, content_type="text/plain")


async def page(request: Request) -> None:
    await request.answer(b"<!DOCTYPE html><html>", content_type="text/html")


async def liar(request: Request) -> None:
    await request.answer(b"<!DOCTYPE html><html>", content_type="image/png")


async def elsewhere(request: Request) -> None:
    await request.answer(b"", 302, location="file:///etc/passwd")


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        (missing, "404"),
        (page, "text/html"),
        (liar, "text/html"),
        (elsewhere, "cannot be fetched"),
    ],
)
async def test_what_cannot_be_had_is_told_with_its_place(plan: Any, problem: str) -> None:
    async with serving(plan) as server:
        with pytest.raises(MediaError, match=problem) as caught:
            await brought(task({"type": "image", "url": server.url}))
    assert str(caught.value).startswith(f"{PLACE}: ")


async def test_the_status_of_an_answer_is_kept() -> None:
    async with serving(missing) as server:
        with pytest.raises(UnreachableMedia) as caught:
            await brought(task({"type": "image", "url": server.url}))
    assert caught.value.status == 404


async def test_a_server_that_nobody_reaches_is_an_error_of_media(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massgen_stream.media.url_origin._LONGEST_DELAY_SECONDS", 0)
    async with serving(whole) as server:
        pass
    asked = task({"type": "image", "url": server.url})
    with pytest.raises(MediaError, match=r"^messages"):
        await brought(asked)


async def test_a_download_over_the_limit_names_limit_and_value() -> None:
    async with serving(whole) as server:
        with pytest.raises(MediaError, match=rf"{len(DATA)} bytes or more, over max_bytes 1000"):
            await brought(task({"type": "image", "url": server.url}, max_bytes=1000))


async def test_names_that_lead_to_private_addresses_are_refused() -> None:
    async with serving(whole) as server:
        address = server.url.replace("127.0.0.1", "localhost")
        with pytest.raises(
            PrivateAddress, match=r"^messages.*localhost leads to .*; allow it with allow_private_media$"
        ):
            await brought(task({"type": "image", "url": address}, allow_private=False))
        assert server.requests == []
        await brought(task({"type": "image", "url": address}, allow_private=("localhost",)))


async def test_leaving_ends_the_download() -> None:
    async def stall(request: Request) -> None:
        await request.head(content_type="image/png", content_length=2**22)
        while True:
            await request.body(b"x")
            await asyncio.sleep(0.01)

    async with serving(stall) as server:
        chunks: AsyncIterator[Any]
        async with aclosing(MediaArrival(task({"type": "image", "url": server.url})).chunks()) as chunks:
            await anext(chunks)
            waiting = asyncio.ensure_future(anext(chunks))
            await until(lambda: bool(server.requests))
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await asyncio.wait_for(server.idle.wait(), 5)


@pytest.mark.parametrize("source", ["data", "base64", "path", "url"])
async def test_a_picture_is_shrunk_and_the_loss_is_told(source: str, tmp_path: Path) -> None:
    import base64

    data = picture("PNG", 900, 600)

    async def plan(request: Request) -> None:
        await request.answer(data)

    file = tmp_path / "a.png"
    file.write_bytes(data)
    limit = len(data) // 4
    async with serving(plan) as server:
        values = {"data": data, "base64": base64.b64encode(data).decode(), "path": str(file), "url": server.url}
        part = {"type": "image", source: values[source], "mime_type": "image/png"}
        arrival, _ = await brought(task(part, max_bytes=limit, fits=True))
    assert set(arrival.part) == {"type", "data", "mime_type"}
    assert len(arrival.part["data"]) <= limit
    assert arrival.losses
    assert all(loss.startswith(f"{PLACE}: ") for loss in arrival.losses)
    assert (await probe(arrival.part["data"])).metadata.mime_type == arrival.part["mime_type"]


async def test_what_was_made_to_fit_is_kept_for_the_next_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fitted(*_: Any) -> None:
        raise AssertionError("made again")

    monkeypatch.setenv("MASSGEN_STREAM_CACHE", str(tmp_path / "usual"))
    part = {"type": "image", "data": picture("PNG", 900, 600), "mime_type": "image/png"}
    for cache, folder in ((str(tmp_path / "mine"), "mine"), (True, "usual")):
        asked = task(part, max_bytes=2000, fits=True, cache=cache)
        first, _ = await brought(asked)
        with monkeypatch.context() as patch:
            patch.setattr("massgen_stream.media.fitting.fitted", fitted)
            again, _ = await brought(asked)
        assert (again.part, again.losses) == (first.part, first.losses)
        assert (tmp_path / folder).exists()


async def test_a_picture_of_another_type_is_converted() -> None:
    part = {"type": "image", "data": picture("BMP"), "mime_type": "image/bmp"}
    arrival, _ = await brought(task(part, fits=True, types=("image/jpeg", "image/png")))
    assert arrival.part["mime_type"] in ("image/jpeg", "image/png")


async def test_what_fits_after_the_download_stays_as_it_is() -> None:
    async def plan(request: Request) -> None:
        await request.answer(picture())

    async with serving(plan) as server:
        arrival, _ = await brought(task({"type": "image", "url": server.url}, max_bytes=2**20, fits=True))
    assert (arrival.part["data"], arrival.losses) == (picture(), [])


async def test_what_cannot_be_made_to_fit_names_the_limit() -> None:
    with pytest.raises(MediaError, match=r"^messages.*over max_bytes 50"):
        await brought(task({"type": "audio", "data": audio_file("wav", 2)}, max_bytes=50, fits=True))


async def test_damage_is_told_with_its_place() -> None:
    with pytest.raises(MediaError, match=r"^messages\[0\]\.content\[0\]: "):
        await brought(task({"type": "image", "data": picture()[:40]}, max_bytes=10, fits=True))
