"""A store in a bucket, against a server that speaks S3."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.errors import BrokenMedia, MediaError, UnreachableMedia
from massgen_stream.media import FetchOptions, MediaSource, MediaStore, UrlOrigin
from massgen_stream.media.store_objects import PART_BYTES, StoreObjects

from .lying_server import DATA as PICTURE
from .lying_server import Request, serving

KEYS = {"access_key_id": "testing", "secret_access_key": "testing", "region": "us-east-1"}
DATA = os.urandom(1000) * 100
SUM = f"sha256:{sha256(DATA).hexdigest()}"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    pytest.importorskip("moto")
    port = free_port()
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], **quiet)
    try:
        for _ in range(300):
            try:
                request = urllib.request.Request(f"http://127.0.0.1:{port}/bucket", method="PUT")
                urllib.request.urlopen(request, timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def store(endpoint: str, request: pytest.FixtureRequest) -> MediaStore:
    options: dict[str, Any] = {**KEYS, "endpoint": endpoint, "client_options": {"allow_http": True}}
    return MediaStore(f"s3://bucket/{request.node.name}", **options)


async def pieces_of(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 30_000):
        yield data[start : start + 30_000]


async def listed(store: MediaStore) -> list[str]:
    return [stored.checksum async for stored in store.list()]


@pytest.mark.anyio
async def test_put_get_and_delete(store: MediaStore, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(DATA)
    assert await listed(store) == []
    for medium in (pieces_of(DATA), tmp_path / "a.bin", DATA):
        stored = await store.put(medium, mime_type="image/png")
        assert (stored.checksum, stored.size_bytes, stored.path) == (SUM, len(DATA), None)
    assert await listed(store) == [SUM]
    found = await store.get(stored.url)
    assert await MediaSource.of(found).read() == DATA
    assert await found.read_range(5, 50) == DATA[5:50]
    await store.delete(SUM)
    assert not await store.has(SUM)
    with pytest.raises(UnreachableMedia):
        await store.read(SUM, 0, 1)


@pytest.mark.anyio
async def test_a_url_is_fetched_once(store: MediaStore) -> None:
    async def good(request: Request) -> None:
        await request.answer()

    async with serving(good) as server:
        stored = await store.put(UrlOrigin(server.url, FetchOptions(allow_private=True)))
    assert len(server.requests) == 1
    assert (stored.mime_type, stored.filename, stored.size_bytes) == ("image/png", "photo.png", len(PICTURE))


@pytest.mark.anyio
async def test_a_medium_of_several_parts(store: MediaStore) -> None:
    data = os.urandom(1024) * (PART_BYTES // 1024 * 2 + 5)
    stored = await store.put(pieces_of(data))
    assert await MediaSource.of(await store.get(stored.checksum)).read() == data
    assert len([one async for one in StoreObjects(store.place).listed("")]) == 1


@pytest.mark.anyio
async def test_a_signed_url_gives_the_medium_and_its_type(store: MediaStore) -> None:
    await store.put(DATA, mime_type="application/pdf")
    origin = UrlOrigin(await store.presigned_url(SUM), FetchOptions(allow_private=True, check_type=False))
    assert await MediaSource(origin).read() == DATA
    assert origin.mime_type == "application/pdf"


@pytest.mark.anyio
async def test_a_broken_medium_is_not_there(store: MediaStore) -> None:
    with pytest.raises(BrokenMedia):
        await store.put(MediaSource(MediaSource.of(pieces_of(DATA)).origin, checksum="sha256:" + "0" * 64))
    assert await listed(store) == []


@pytest.mark.anyio
async def test_garbage(store: MediaStore) -> None:
    kept = await store.put(b"kept")
    await store.put(DATA)
    assert (await store.collect_garbage([kept], older_than_seconds=0)).size_bytes == len(DATA)
    assert await listed(store) == [kept.checksum]


@pytest.mark.anyio
async def test_a_bucket_that_is_not_there(endpoint: str) -> None:
    options: dict[str, Any] = {**KEYS, "endpoint": endpoint, "client_options": {"allow_http": True}}
    with pytest.raises(MediaError, match="none") as caught:
        await MediaStore("s3://none/x", **options).put(DATA)
    assert "testing" not in str(caught.value)
