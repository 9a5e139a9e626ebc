"""What was converted once is not converted again: also in another process, and only while it is sound."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.errors import BrokenMedia, UnsafeMedia
from massgen_stream.media import (
    DecodingLimits,
    MediaCache,
    MediaLimits,
    Workers,
    convert_audio,
    convert_image,
    convert_video,
    fit,
    page_pictures,
    poster,
    preview,
    thumbnail,
    waveform,
)

from .files import audio_file, pdf_file, picture, video_file

pytestmark = pytest.mark.anyio


async def first_page(medium: Any, **options: Any) -> Any:
    (page,) = [page async for page in page_pictures(medium, **options)]
    return page


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


Making = tuple[Callable[..., Awaitable[Any]], bytes, dict[str, Any]]
MAKINGS: dict[str, Making] = {
    "thumbnail": (thumbnail, picture("JPEG", 300, 200), {"size": 50}),
    "poster": (poster, video_file(), {"size": 32, "at_seconds": 0.5}),
    "waveform": (waveform, audio_file(), {"width": 40}),
    "preview": (preview, pdf_file(), {"size": 40}),
    "page_pictures": (first_page, pdf_file(), {"pages": [1], "size": 40}),
    "convert_image": (convert_image, picture("BMP"), {"mime_type": "image/png"}),
    "convert_audio": (convert_audio, audio_file(), {"mime_type": "audio/flac", "sample_rate": 8000}),
    "convert_video": (convert_video, video_file("matroska"), {"max_width": 32}),
}


class Counted(Workers):
    """Workers that count what they are asked to do."""

    def __init__(self) -> None:
        super().__init__(2)
        self.runs = 0

    async def run(self, *args: Any, **options: Any) -> Any:
        self.runs += 1
        return await super().run(*args, **options)


@pytest.mark.parametrize("name", MAKINGS)
async def test_what_was_made_is_found_again(name: str, tmp_path: Path) -> None:
    make, medium, options = MAKINGS[name]
    file = tmp_path / "medium"
    file.write_bytes(medium)
    workers = Counted()
    plain = await make(medium, **options, workers=workers)
    assert workers.runs == 1
    cache = MediaCache(tmp_path / "cache")
    made = await make(medium, **options, workers=workers, cache=cache)
    assert workers.runs == 2
    again = await make(str(file), **options, workers=workers, cache=cache)
    elsewhere = await make(medium, **options, workers=workers, cache=MediaCache(tmp_path / "cache"))
    assert workers.runs == 2
    assert made == again == elsewhere
    assert (made.metadata.mime_type, made.losses) == (plain.metadata.mime_type, plain.losses)


async def test_other_content_options_types_and_limits_are_something_else(tmp_path: Path) -> None:
    cache, workers = MediaCache(tmp_path), Counted()
    common: dict[str, Any] = {"workers": workers, "cache": cache}
    await thumbnail(picture(), size=20, **common)
    await thumbnail(picture(), size=21, **common)
    await thumbnail(picture(), size=20, quality=20, **common)
    await thumbnail(picture(width=65), size=20, **common)
    await thumbnail(picture(), size=20, limits=DecodingLimits(max_frames=7), **common)
    await preview(picture(), size=20, **common)
    assert workers.runs == 6
    with pytest.raises(UnsafeMedia):
        await thumbnail(picture(), size=20, limits=DecodingLimits(max_pixels=10), **common)


async def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    cache, workers = MediaCache(tmp_path), Counted()
    for _ in range(2):
        with pytest.raises(BrokenMedia):
            await thumbnail(picture()[:60], workers=workers, cache=cache)
    assert workers.runs == 2


async def test_what_is_damaged_or_foreign_is_made_anew(tmp_path: Path) -> None:
    cache, workers = MediaCache(tmp_path), Counted()
    made = await thumbnail(picture(), workers=workers, cache=cache)
    (entry,) = entries(tmp_path)
    entry.write_bytes(entry.read_bytes()[:-1] + b"?")
    assert await thumbnail(picture(), workers=workers, cache=MediaCache(tmp_path)) == made
    assert workers.runs == 2

    async def foreign(*_: Any, **__: Any) -> Any:
        return await cache.put("sha256:" + "0" * 64, "x", b"no result of ours")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "get_or_make", foreign)
        assert await thumbnail(picture(), workers=workers, cache=cache) == made
    assert workers.runs == 3


async def test_several_who_want_the_same_wait_for_one(tmp_path: Path) -> None:
    cache, workers = MediaCache(tmp_path), Counted()
    found = await asyncio.gather(*(thumbnail(picture(), workers=workers, cache=cache) for _ in range(5)))
    assert (workers.runs, len({one.data for one in found})) == (1, 1)


async def test_what_fits_keeps_the_name_of_each_medium(tmp_path: Path) -> None:
    cache, workers = MediaCache(tmp_path), Counted()
    wide, narrow = MediaLimits(max_long_edge=2000), MediaLimits(max_long_edge=32)
    for name in ("a.png", "b.png"):
        fits = await fit(picture(), wide, filename=name, workers=workers, cache=cache)
        assert (fits.data, fits.metadata.filename) == (None, name)
    for _ in range(2):
        made = await fit(picture(), narrow, workers=workers, cache=cache)
        assert (made.metadata.width, made.data is not None) == (32, True)
    assert workers.runs == 2


def test_processes_share_a_cache(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(picture("JPEG", 600, 400))
    program = (
        "import asyncio, sys\n"
        "from massgen_stream.media import MediaCache, thumbnail\n"
        "cache = MediaCache(sys.argv[2])\n"
        "for size in range(20, 40):\n"
        "    made = asyncio.run(thumbnail(sys.argv[1], size=size, cache=cache))\n"
        "    print(made.metadata.checksum, made.metadata.width)\n"
    )
    command = [sys.executable, "-c", program, str(file), str(tmp_path / "cache")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = {process.communicate()[0] for process in running}
    assert len(told) == 1
    assert [line.split()[1] for line in told.pop().splitlines()] == [str(size) for size in range(20, 40)]
    assert len(entries(tmp_path / "cache")) == 20
