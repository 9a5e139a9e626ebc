"""What was made of media is kept, found, checked and evicted."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massgen_stream.errors import MediaError
from massgen_stream.media import MediaCache, MediaSource
from massgen_stream.media.cache import FOLDER_VARIABLE

from .running import names, run

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
SUM = f"sha256:{sha256(b'the medium').hexdigest()}"


class Maker:
    def __init__(self, result: Any = PNG) -> None:
        self.result, self.calls = result, 0

    async def __call__(self) -> Any:
        self.calls += 1
        await asyncio.sleep(0.001)
        return self.result


def file_of(folder: Path) -> Path:
    (name,) = names(folder)
    return folder / name


@pytest.mark.anyio
async def test_what_was_made_once_is_found(tmp_path: Path) -> None:
    cache, make = MediaCache(tmp_path), Maker()
    assert await cache.get(SUM, "thumbnail") is None
    for _ in range(3):
        found = await cache.get_or_make(SUM, "thumbnail", make)
        assert await MediaSource.of(found).read() == PNG
        assert (found.mime_type, found.size_bytes, found.filename) == ("image/png", len(PNG), None)
    again = await MediaCache(tmp_path).get(SUM.upper().replace("SHA256", "sha256"), "thumbnail")
    assert again is not None
    assert await MediaSource.of(again).read() == PNG
    assert make.calls == 1


@pytest.mark.anyio
async def test_medium_and_operation_are_the_key(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path)
    keys: list[tuple[str, Any]] = [("a", "x"), ("b", "x"), ("a", "y"), ("a", {"x": 1, "y": 2}), ("a", {"x": 1, "y": 3})]
    for number, (digest, operation) in enumerate(keys):
        await cache.put(digest, operation, b"%d" % number)
    for number, (digest, operation) in enumerate(keys):
        found = await cache.get(digest, operation)
        assert found is not None
        assert await MediaSource.of(found).read() == b"%d" % number
    assert await cache.get("a", {"y": 2, "x": 1}) is not None


@pytest.mark.anyio
@pytest.mark.parametrize(
    "mime_type", ["image/png", "audio/pcm;rate=24000", "application/vnd.x+json", 'text/plain; a="b/c"']
)
async def test_any_mime_type_is_kept(tmp_path: Path, mime_type: str) -> None:
    cache = MediaCache(tmp_path)
    await cache.put(SUM, "x", b"data", mime_type=mime_type)
    found = await cache.get(SUM, "x")
    assert found is not None
    assert found.mime_type == mime_type


@settings(max_examples=30)
@given(st.binary(max_size=300), st.data())
def test_a_damaged_entry_is_made_anew(
    tmp_path_factory: pytest.TempPathFactory, result: bytes, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    damage = data.draw(st.binary(max_size=300).filter(lambda other: other != result))

    async def scene() -> None:
        await MediaCache(folder).put(SUM, "x", result)
        file_of(folder).write_bytes(damage)
        make = Maker(result)
        found = await MediaCache(folder).get_or_make(SUM, "x", make)
        assert (make.calls, await MediaSource.of(found).read()) == (1, result)
        assert len(names(folder)) == 1

    run(scene())


@pytest.mark.anyio
async def test_damage_is_seen_by_a_process_that_has_seen_it_whole(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path)
    await cache.put(SUM, "x", PNG)
    assert await cache.get(SUM, "x") is not None
    file_of(tmp_path).write_bytes(PNG[:-1] + b"?")
    assert await cache.get(SUM, "x") is None
    assert names(tmp_path) == []


@pytest.mark.anyio
async def test_a_large_entry(tmp_path: Path) -> None:
    data = os.urandom(1000) * 2000
    cache = MediaCache(tmp_path)
    for found in (await cache.put(SUM, "x", data), await cache.get(SUM, "x"), await MediaCache(tmp_path).get(SUM, "x")):
        assert found is not None
        assert await MediaSource.of(found).read() == data
    file_of(tmp_path).write_bytes(data[:-1])
    assert await cache.get(SUM, "x") is None


@pytest.mark.anyio
async def test_what_was_used_longest_ago_goes(tmp_path: Path) -> None:
    cache, now = MediaCache(tmp_path, max_bytes=1000), time.time()
    for number in range(10):
        found = await cache.put(SUM, str(number), bytes([number]) * 100)
        assert found.path is not None
        os.utime(found.path, (now - 1000 + number, now - 5000))  # so that the system does not note the reading itself
    assert await cache.get(SUM, "0") is not None  # used again
    await cache.put(SUM, "new", bytes(100))
    left = [number for number in range(10) if await cache.get(SUM, str(number)) is not None]
    assert left == [0, 3, 4, 5, 6, 7, 8, 9]
    assert await cache.get(SUM, "new") is not None


@pytest.mark.anyio
async def test_an_entry_that_is_too_large_is_the_only_one(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path, max_bytes=100)
    await cache.put(SUM, "small", bytes(10))
    await cache.put(SUM, "large", bytes(1000))
    assert await cache.get(SUM, "large") is not None
    assert await cache.get(SUM, "small") is None
    await cache.put(SUM, "next", bytes(10))
    assert await cache.get(SUM, "large") is None


@pytest.mark.anyio
async def test_what_other_processes_add_counts(tmp_path: Path) -> None:
    """Each of them adds less than the limit, and all together nearly three times as much."""
    caches = [MediaCache(tmp_path, max_bytes=10_000) for _ in range(4)]
    for number in range(70):
        for index, cache in enumerate(caches):
            await cache.put(SUM, f"{index} {number}", bytes([number]) * 100)
    assert sum((tmp_path / name).stat().st_size for name in names(tmp_path)) < 15_000


@pytest.mark.anyio
async def test_callers_share_one_making(tmp_path: Path) -> None:
    cache, make = MediaCache(tmp_path), Maker()
    found = await asyncio.gather(*(cache.get_or_make(SUM, "x", make) for _ in range(20)))
    assert make.calls == 1
    assert {one.checksum for one in found} == {f"sha256:{sha256(PNG).hexdigest()}"}


@pytest.mark.anyio
async def test_a_making_that_fails_or_is_cancelled_keeps_nothing(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path)

    async def failing() -> bytes:
        raise ValueError("cannot")

    async def half() -> AsyncIterator[bytes]:
        yield bytes(10**6)
        raise ValueError("cannot")

    for make in (failing, Maker(half())):
        with pytest.raises(ValueError, match="cannot"):
            await cache.get_or_make(SUM, "x", make)
    slow = asyncio.create_task(cache.get_or_make(SUM, "x", lambda: asyncio.sleep(100)))
    await asyncio.sleep(0.01)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert names(tmp_path) == []
    assert await cache.get_or_make(SUM, "x", Maker()) is not None


@pytest.mark.anyio
async def test_what_killed_processes_left_is_removed(tmp_path: Path) -> None:
    for name, age in ((".new.1.part", 0), (".new.2.part", 10**6), ("mine.txt", 10**6)):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    await MediaCache(tmp_path).put(SUM, "x", PNG)
    assert [name for name in names(tmp_path) if "/" not in name] == [".new.1.part", "mine.txt"]


@pytest.mark.anyio
async def test_clearing(tmp_path: Path) -> None:
    cache = MediaCache(tmp_path)
    await cache.clear()
    (tmp_path / "mine.txt").write_bytes(b"")
    await cache.put(SUM, "x", PNG)
    await cache.clear()
    assert names(tmp_path) == ["mine.txt"]
    assert await cache.get(SUM, "x") is None


@pytest.mark.anyio
async def test_a_folder_that_cannot_be_had(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "x"):
        cache = MediaCache(folder)
        assert await cache.get(SUM, "x") is None
        with pytest.raises(MediaError, match="cannot"):
            await cache.put(SUM, "x", PNG)
    with pytest.raises(MediaError, match="max_bytes"):
        MediaCache(tmp_path, max_bytes=-1)


def test_the_default_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "here"))
    assert MediaCache().folder == tmp_path / "here"
    monkeypatch.delenv(FOLDER_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert MediaCache().folder == tmp_path / "massgen-stream" / "media"


def test_several_processes_use_one_folder(tmp_path: Path) -> None:
    """They make, find and evict the same entries at once; each result is right, and nothing is left half."""
    program = (
        "import asyncio, random, sys\n"
        "from massgen_stream.media import *\n"
        "async def main():\n"
        "    cache = MediaCache(sys.argv[1], max_bytes=20_000)\n"
        "    for _ in range(150):\n"
        "        number = random.randrange(40)\n"
        "        data = bytes([number]) * 1000\n"
        "        async def make(): return data\n"
        "        found = await MediaSource.of(await cache.get_or_make('a', str(number), make)).read()\n"
        "        assert found == data\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        assert process.communicate()[1] == b""
    assert all(len((tmp_path / name).read_bytes()) == 1000 for name in names(tmp_path))
