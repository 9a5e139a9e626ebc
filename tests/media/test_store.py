"""A store keeps media by their content, whole or not at all."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massgen_stream.errors import BrokenMedia, MediaError, UnreachableMedia
from massgen_stream.media import MediaSource, MediaStore, join, split
from massgen_stream.media.origin import BytesOrigin
from massgen_stream.media.store_objects import StoredObject
from massgen_stream.media.store_place import FOLDER_VARIABLE

from .running import PEAK_MIB, names, run

DATA = bytes(range(256)) * 50
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
SUM = f"sha256:{sha256(DATA).hexdigest()}"
KEY = f"sha256/{SUM[7:9]}/{SUM[7:]}"


def stores(folder: Path) -> list[MediaStore]:
    return [MediaStore(folder / "store"), MediaStore((folder / "other").as_uri()), MediaStore.memory()]


async def pieces_of(data: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def listed(store: MediaStore) -> list[str]:
    return sorted([stored.checksum async for stored in store.list()])


@pytest.mark.anyio
async def test_what_goes_in_is_found_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(DATA)
    for store in stores(tmp_path):
        assert await listed(store) == []
        for medium in (DATA, tmp_path / "a.bin", pieces_of(DATA)):
            stored = await store.put(medium)
            assert (stored.checksum, stored.size_bytes) == (SUM, len(DATA))
        assert await listed(store) == [SUM]
        for reference in (SUM, SUM[7:].upper(), stored.url):
            found = await store.get(reference)
            assert (found.checksum, found.size_bytes, found.url) == (SUM, len(DATA), stored.url)
            assert await MediaSource.of(found).read() == DATA
            assert await store.has(reference)
        await store.delete(SUM)
        await store.delete(SUM)
        assert await listed(store) == []
        assert not await store.has(SUM)
        with pytest.raises(UnreachableMedia, match=f"no medium {SUM}"):
            await store.get(SUM)


@settings(max_examples=30)
@given(st.binary(max_size=200), st.lists(st.tuples(st.integers(-2, 210), st.integers(-2, 210)), max_size=5))
def test_any_range(data: bytes, ranges: list[tuple[int, int]]) -> None:
    async def scene() -> None:
        stored = await MediaStore.memory().put(data)
        for start, stop in ranges:
            if 0 <= start <= len(data) and stop >= start:
                assert await stored.read_range(start, stop) == data[start:stop]
            else:
                with pytest.raises(MediaError, match="no range"):
                    await stored.read_range(start, stop)
        assert await stored.read_range() == data

    run(scene())


@pytest.mark.anyio
async def test_what_is_known_of_a_medium(tmp_path: Path) -> None:
    for store in stores(tmp_path):
        stored = await store.put(PNG, filename="a.png")
        assert (stored.mime_type, stored.filename) == ("image/png", "a.png")
        assert (await store.put({"data": b"x", "mime_type": "audio/wav"})).mime_type == "audio/wav"
        assert (await store.get(stored.checksum)).mime_type == "image/png"
        assert (await store.get(stored.checksum, mime_type="image/x", filename="b")).filename == "b"
        empty = await store.put(b"")
        assert (empty.size_bytes, await MediaSource.of(await store.get(empty.checksum)).read()) == (0, b"")


@pytest.mark.anyio
async def test_a_folder_shows_its_files(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    stored = await store.put(pieces_of(DATA))
    assert stored.path == tmp_path / KEY
    assert stored.url == (tmp_path / KEY).as_uri()
    assert await MediaSource.of(stored.url).read() == DATA
    assert names(tmp_path) == [KEY]


@pytest.mark.anyio
async def test_a_public_url() -> None:
    store = MediaStore.memory(public_base_url="https://cdn.example.com/media/")
    stored = await store.put(DATA)
    assert stored.url == f"https://cdn.example.com/media/{KEY}"
    assert store.checksum_of(stored.url) == store.checksum_of(f"memory:///{KEY}") == SUM


@pytest.mark.parametrize(
    "reference",
    ["", "abc", "sha256:123", "https://example.com/x", f"memory:///sha256/00/{SUM[7:]}", f"md5:{SUM[7:]}", f"{SUM}0",
     "memory:///../../etc/passwd", f"memory:///{KEY}/x"],
)  # fmt: skip
def test_what_is_no_reference_is_refused(reference: str) -> None:
    with pytest.raises(MediaError, match="neither"):
        MediaStore.memory().checksum_of(reference)


@pytest.mark.anyio
async def test_a_medium_that_is_not_what_it_promised_is_not_stored(tmp_path: Path) -> None:
    for store in stores(tmp_path):
        for origin in (BytesOrigin(DATA), MediaSource.of(pieces_of(DATA)).origin):
            with pytest.raises(BrokenMedia, match="damaged"):
                await store.put(MediaSource(origin, checksum="sha256:" + "0" * 64))
        assert await listed(store) == []
    assert names(tmp_path) == []


@pytest.mark.anyio
async def test_what_the_medium_raises_is_raised(tmp_path: Path) -> None:
    async def failing(error: Exception) -> AsyncIterator[bytes]:
        yield bytes(10**6)
        raise error

    for store in stores(tmp_path):
        for error in (ValueError("mine"), OSError("mine"), MediaError("mine"), ZeroDivisionError("mine")):
            with pytest.raises(type(error), match=r"^mine$"):
                await store.put(failing(error))
        assert await listed(store) == []
    assert names(tmp_path) == []


@pytest.mark.anyio
async def test_damage_is_found_when_it_is_read(tmp_path: Path) -> None:
    stored = await MediaStore(tmp_path).put(DATA)
    (tmp_path / KEY).write_bytes(DATA[:-1] + b"?")
    with pytest.raises(BrokenMedia, match="damaged"):
        await MediaSource.of(stored).read()
    (tmp_path / KEY).write_bytes(DATA[:-1])
    with pytest.raises(BrokenMedia, match="promised"):
        await MediaSource.of(stored).read()


@pytest.mark.anyio
async def test_cancelling_a_put_leaves_nothing(tmp_path: Path) -> None:
    began, closed = asyncio.Event(), []

    async def endless() -> AsyncIterator[bytes]:
        try:
            yield bytes(10**7)
            began.set()
            await asyncio.Event().wait()
        finally:
            closed.append(True)

    store = MediaStore(tmp_path)
    task = asyncio.create_task(store.put(endless()))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed == [True]
    assert await listed(store) == []


def in_process(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    start = "import asyncio, os, signal, sys\nfrom massgen_stream.media import *\n"
    return subprocess.run(
        [sys.executable, "-c", start + program, *arguments], capture_output=True, text=True, check=False
    )


def test_a_killed_put_leaves_nothing_visible_and_is_swept_later(tmp_path: Path) -> None:
    program = (
        "async def pieces():\n"
        "    for count in range(40):\n"
        "        if count == 30: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        yield bytes(2**20)\n"
        "        await asyncio.sleep(0.001)\n"
        "asyncio.run(MediaStore(sys.argv[1]).put(pieces()))\n"
    )
    assert in_process(program, str(tmp_path)).returncode == -signal.SIGKILL
    store = MediaStore(tmp_path)
    assert run(listed(store)) == []
    (left,) = names(tmp_path)
    assert left.startswith("tmp/")
    run(store.collect_garbage([]))
    assert names(tmp_path) == [left]  # it may still be written
    os.utime(tmp_path / left, (0, 0))
    run(store.collect_garbage([]))
    assert names(tmp_path) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))\n"
        "async def pieces():\n"
        "    for _ in range(20): yield bytes(2**20)\n"
        "try: asyncio.run(MediaStore(sys.argv[1]).put(pieces()))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    found = in_process(program, str(tmp_path)).stdout
    assert found.startswith("MediaError cannot write in store")
    assert "too large" in found
    assert names(tmp_path) == []


@pytest.mark.anyio
async def test_a_place_that_cannot_be_had(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place in (tmp_path / "file", tmp_path / "file" / "x", "nope://bucket"):
        with pytest.raises(MediaError, match="cannot open in store"):
            await MediaStore(place).put(DATA)


@pytest.mark.anyio
async def test_the_default_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "here"))
    assert (await MediaStore().put(DATA)).path == tmp_path / "here" / KEY
    monkeypatch.delenv(FOLDER_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert MediaStore().place.folder == tmp_path / "data" / "massgen-stream" / "media"


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.time = run(written_now())
    return clock


async def written_now() -> float:
    store = MediaStore.memory()
    await store.put(b"x")
    (stored,) = [stored async for stored in store.list()]
    return stored.stored_at


@pytest.mark.anyio
async def test_media_expire(tmp_path: Path, clock: Clock) -> None:
    for place in (tmp_path, "memory:"):
        store = MediaStore(place, ttl_seconds=100, now=clock)
        began = clock.time
        await store.put(DATA)
        clock.time = began + 90
        assert await store.has(SUM)
        clock.time = began + 1000
        assert not await store.has(SUM)
        assert await listed(store) == []
        with pytest.raises(UnreachableMedia):
            await store.get(SUM)
        swept = await store.collect_garbage([SUM])
        assert (swept.count, swept.size_bytes) == (1, len(DATA))
        clock.time = began


@pytest.mark.anyio
async def test_garbage_is_what_nobody_refers_to(tmp_path: Path, clock: Clock) -> None:
    for place in (tmp_path, "memory:"):
        store = MediaStore(place, now=clock)
        began = clock.time
        kept, also, url = [await store.put(data) for data in (b"a", b"b", b"c")]
        await store.put(DATA)
        keep: list[Any] = [kept.checksum, also, url.url]
        assert (await store.collect_garbage(keep)).count == 0  # too young
        clock.time = began + 4000
        swept = await store.collect_garbage(keep)
        assert (swept.count, swept.size_bytes) == (1, len(DATA))
        assert await listed(store) == sorted([kept.checksum, also.checksum, url.checksum])
        assert (await store.collect_garbage([], older_than_seconds=0)).count == 3
        clock.time = began


@pytest.mark.anyio
async def test_what_is_put_again_during_the_collection_stays(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MediaStore(tmp_path, now=clock)
    path = (await store.put(DATA)).path
    assert path is not None
    os.utime(path, (1000, 1000))
    listed_before = store._objects.listed

    async def listed_slowly(prefix: str) -> AsyncIterator[StoredObject]:
        found = [one async for one in listed_before(prefix)]
        await store.put(DATA)
        for one in found:
            yield one

    monkeypatch.setattr(store._objects, "listed", listed_slowly)
    assert (await store.collect_garbage([])).count == 0
    assert await store.has(SUM)


@pytest.mark.anyio
async def test_putting_again_makes_it_young_again(tmp_path: Path, clock: Clock) -> None:
    store = MediaStore(tmp_path, now=clock)
    path = (await store.put(DATA)).path
    assert path is not None
    os.utime(path, (1000, 1000))
    await store.put(DATA)
    assert path.stat().st_mtime > 1000


@pytest.mark.anyio
async def test_foreign_objects_are_left_alone(tmp_path: Path, clock: Clock) -> None:
    store = MediaStore(tmp_path, now=clock)
    await store.put(DATA)
    for name in ("sha256/readme.txt", "notes.txt"):
        (tmp_path / name).write_bytes(b"mine")
    clock.time += 4000
    assert (await store.collect_garbage([])).count == 1
    assert names(tmp_path) == ["notes.txt", "sha256/readme.txt"]


@pytest.mark.anyio
async def test_a_folder_cannot_sign(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="public_base_url"):
        await MediaStore(tmp_path).presigned_url(SUM)


@pytest.mark.anyio
async def test_a_bucket_signs_without_asking_anybody() -> None:
    keys: dict[str, Any] = {"access_key_id": "id", "secret_access_key": "secret", "region": "us-east-1"}
    store = MediaStore("s3://bucket/media", **keys)
    signed = await store.presigned_url(SUM, expires_in_seconds=60)
    assert f"/media/{KEY}?" in signed
    assert "X-Amz-Expires=60" in signed
    assert "secret" not in signed
    assert store.url(SUM) == f"s3://bucket/media/{KEY}"


def test_many_processes_put_the_same_medium(tmp_path: Path) -> None:
    program = (
        "async def pieces():\n"
        "    for count in range(30): yield bytes([count]) * 2**19\n"
        "print(asyncio.run(MediaStore(sys.argv[1]).put(pieces())).checksum)\n"
    )
    command = [
        sys.executable,
        "-c",
        "import asyncio, sys\nfrom massgen_stream.media import *\n" + program,
        str(tmp_path),
    ]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    checksums = {process.communicate()[0].strip() for process in running}
    assert run(listed(MediaStore(tmp_path))) == list(checksums)
    assert len(names(tmp_path)) == 1


def test_memory_does_not_grow_with_the_medium(tmp_path: Path) -> None:
    program = (
        f"{PEAK_MIB}\n"
        "async def pieces(count):\n"
        "    for _ in range(count): yield os.urandom(2**20)\n"
        "async def main(count):\n"
        "    store = MediaStore(sys.argv[1])\n"
        "    stored = await store.put(pieces(count))\n"
        "    async for piece in MediaSource.of(await store.get(stored.checksum)).chunks(): pass\n"
        "asyncio.run(main(2))\n"
        "before = peak()\n"
        "asyncio.run(main(128))\n"
        "print(peak() - before)\n"
    )
    assert int(in_process(program, str(tmp_path)).stdout) <= 48


@pytest.mark.anyio
async def test_a_stored_medium_is_split_and_joined(tmp_path: Path) -> None:
    stored = await MediaStore.memory().put(PNG, filename="a.png")
    joined = await join(split(stored, chunk_size=10), tmp_path / "a.png")
    assert joined.metadata.filename == "a.png"
    assert (tmp_path / "a.png").read_bytes() == PNG
