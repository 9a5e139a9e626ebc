"""One attempt: an author who hands a decoder over need not know how streams end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from massgen_stream.backend import Turn
from massgen_stream.generation import Order, generate_media
from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import done, error, media

from .fakes import PNG, Script, decoding, maker, segments, whole, yielding
from .reading import data, details, finals, names, of_type, read

pytestmark = pytest.mark.anyio


async def made(folder: Path, script: Script) -> list[Any]:
    return await read(generate_media("a", backend_type=maker("fake", script), output_dir=folder, environ={}))


async def test_the_decoder_says_the_end(tmp_path: Path) -> None:
    chunks = await made(tmp_path, decoding([whole()], [done("stop", usage={"output_tokens": 9})]))
    assert (chunks[-1].usage, chunks[-1].usage_source) == ({"output_tokens": 9}, "reported")
    assert len(names(tmp_path)) == 1


async def test_the_end_may_come_when_it_is_closed(tmp_path: Path) -> None:
    first, second = segments(PNG[:30], PNG[30:])
    chunks = await made(tmp_path, decoding([first], rest=[second, done("stop")]))
    assert data(chunks) == PNG
    assert chunks[-1].media_results[0]["path"] == finals(chunks)[0].path
    assert len(names(tmp_path)) == 1


async def test_what_was_cut_leaves_no_file(tmp_path: Path) -> None:
    cut = error("the stream ended before its documented end", error_info={"kind": "transport", "retryable": True})
    chunks = await made(tmp_path, decoding(segments(PNG[:30]), rest=[cut, done("incomplete")]))
    assert [chunk.error for chunk in of_type(chunks, "error")] == ["the stream ended before its documented end"]
    assert (chunks[-1].finish_reason, finals(chunks), names(tmp_path)) == ("incomplete", [], [])


def breaking(*pieces: Sequence[BaseStreamChunk], rest: Sequence[BaseStreamChunk]) -> Script:
    """Return the author whose connection breaks after the pieces."""
    reading = decoding(*pieces, rest=rest)

    async def script(order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        async for chunk in reading(order, turn):
            yield chunk
        raise ConnectionResetError("by peer")

    return script


async def test_what_is_whole_is_stored_although_the_connection_breaks(tmp_path: Path) -> None:
    first, second = segments(PNG[:30], PNG[30:])
    chunks = await made(tmp_path, breaking([first], rest=[second, done("stop")]))
    assert (data(chunks), chunks[-1].finish_reason, of_type(chunks, "error")) == (PNG, "stop", [])
    assert [str(tmp_path / name) for name in names(tmp_path)] == [finals(chunks)[0].path]


async def test_what_is_not_whole_ends_as_its_connection_did(tmp_path: Path) -> None:
    cut = error("the stream ended before its documented end", error_info={"kind": "transport", "retryable": True})
    rest = [narrow.content("so far"), cut, done("incomplete", usage={"output_tokens": 9})]
    chunks = await made(tmp_path, breaking(segments(PNG[:30]), rest=rest))
    assert ["by peer" in chunk.error for chunk in of_type(chunks, "error")] == [True]
    assert [chunk.content for chunk in of_type(chunks, "content")] == ["so far"]
    assert (finals(chunks), names(tmp_path), chunks[-1].usage) == ([], [], {"output_tokens": 9})


async def test_nothing_is_read_after_the_end(tmp_path: Path) -> None:
    chunks = await made(tmp_path, decoding([whole(), done("stop")], [whole(media_id="late")]))
    assert [final.media_id for final in finals(chunks)] == ["m"]
    assert len(names(tmp_path)) == 1


async def test_an_error_that_the_author_tells_is_the_end_of_it(tmp_path: Path) -> None:
    async def script(order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield error("refused by the filter", error_info={"kind": "content_filter"})

    chunks = await made(tmp_path, script)
    assert [str(chunk.type) for chunk in chunks] == ["start", "error", "done"]
    assert chunks[-1].finish_reason == "error"


@pytest.mark.parametrize(
    ("medium", "problem"),
    [
        (whole(b"<!doctype html><html>Sorry</html>"), "what came is text/html, and no image"),
        (whole(b'{"error": "gone"}', "image/png"), "what came is application/json, and no image"),
        (
            media("m", "video", media_data=b"\0\0\0\x18ftypisom" + bytes(64), media_encoding="binary"),
            "what came is video/mp4",
        ),
        (media("m", "audio", media_data=PNG, media_encoding="binary"), "what came is called audio, and is to be image"),
    ],
)
@pytest.mark.parametrize("in_pieces", [False, True])
async def test_what_is_of_another_kind_is_no_success(
    tmp_path: Path, medium: Any, problem: str, *, in_pieces: bool
) -> None:
    pieces = segments(medium.media_data) if in_pieces else []
    final = replace(medium, media_data=None, media_encoding=None) if in_pieces else medium
    one = maker("fake", decoding(pieces, [final], rest=[done("stop")]))
    chunks = await read(generate_media("a", backend_type=one, environ={}, output_path=tmp_path / "a.png"))
    assert [chunk.error[: len(problem)] for chunk in of_type(chunks, "error")] == [problem]
    assert (chunks[-1].finish_reason, names(tmp_path)) == ("error", [])


async def test_a_file_that_cannot_be_written_is_told_whatever_the_decoder_holds(tmp_path: Path) -> None:
    one = maker("fake", decoding([whole()], rest=[done("stop")]))
    stream = generate_media("a", backend_type=one, environ={}, output_path=tmp_path / "file" / "a.png")
    (tmp_path / "file").write_bytes(b"")
    chunks = await read(stream)
    assert of_type(chunks, "error")[0].error.startswith("cannot make the folder")
    assert chunks[-1].finish_reason == "error"


async def test_a_file_that_is_named_like_another_type_is_told(tmp_path: Path) -> None:
    one = maker("fake", yielding(whole()))
    chunks = await read(generate_media("a", backend_type=one, environ={}, output_path=tmp_path / "a.jpg"))
    assert details(chunks, "warning") == ["a.jpg is named like image/jpeg, and holds image/png"]
