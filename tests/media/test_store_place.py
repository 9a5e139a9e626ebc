"""Stores in the buckets of Google and Azure, against servers that speak what their library asks for."""

import json
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from functools import cache
from hashlib import sha256
from typing import Any

import pytest

from massgen_stream.errors import MediaError, UnreachableMedia
from massgen_stream.media import FetchOptions, MediaSource, MediaStore, UrlOrigin
from massgen_stream.media.store_objects import PART_BYTES
from massgen_stream.media.store_place import Place

from .object_servers import ACCOUNT, BUCKET, AzureHandler, GoogleHandler, ObjectServer, serving

pytestmark = pytest.mark.anyio
DATA = os.urandom(1000) * 100
SUM = f"sha256:{sha256(DATA).hexdigest()}"
KEY = f"media/sha256/{SUM[7:9]}/{SUM[7:]}"


@cache
def private_key() -> str:
    """Return a key of nobody, for this run."""
    pytest.importorskip("cryptography")
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(65537, 2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.private_bytes(*form).decode()


def google(server: ObjectServer, **changes: Any) -> MediaStore:
    account = {
        "gcs_base_url": server.url,
        "client_email": "nobody@example.com",
        "private_key": private_key(),
        "private_key_id": "1",
    }
    options: dict[str, Any] = {"service_account_key": json.dumps(account), "client_options": {"allow_http": True}}
    return MediaStore(f"gs://{BUCKET}/media", **options | changes)


def azure(server: ObjectServer, **changes: Any) -> MediaStore:
    options: dict[str, Any] = {
        "account_name": ACCOUNT,
        "account_key": b64encode(bytes(32)).decode(),
        "endpoint": f"{server.url}/{ACCOUNT}",
        "client_options": {"allow_http": True},
    }
    return MediaStore(f"az://{BUCKET}/media", **options | changes)


@pytest.fixture(params=[(GoogleHandler, google), (AzureHandler, azure)], ids=["google", "azure"])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[MediaStore, ObjectServer]]:
    handler, store = request.param
    with serving(handler) as server:
        yield store(server), server


async def listed(store: MediaStore) -> list[str]:
    return sorted([stored.checksum async for stored in store.list()])


async def test_what_goes_in_is_found_by_its_content(place: tuple[MediaStore, ObjectServer]) -> None:
    store, server = place
    stored = await store.put(DATA, mime_type="audio/wav")
    assert (stored.checksum, stored.size_bytes, stored.url) == (SUM, len(DATA), f"{store.place.base_url}{KEY[6:]}")
    assert server.objects[KEY] == (DATA, "audio/wav")
    found = await store.get(stored.url)
    assert await MediaSource.of(found).read() == DATA
    assert await store.has(SUM)
    assert await listed(store) == [SUM]
    await store.delete(SUM)
    await store.delete(SUM)
    assert (await store.has(SUM), await listed(store), server.objects) == (False, [], {})
    with pytest.raises(UnreachableMedia, match="no medium"):
        await store.get(SUM)


async def test_what_is_there_is_not_sent_again(place: tuple[MediaStore, ObjectServer]) -> None:
    store, server = place
    await store.put(DATA)
    asked = len(server.asked)
    await store.put(DATA)
    assert [one.partition(" ")[0] for one in server.asked[asked:]] == ["HEAD"]


async def test_a_stream_is_sent_in_parts_and_appears_whole(place: tuple[MediaStore, ObjectServer]) -> None:
    store, server = place
    large = os.urandom(PART_BYTES + 1000)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 2**20):
            yield large[start : start + 2**20]

    stored = await store.put(pieces(), mime_type="video/mp4")
    assert stored.checksum == f"sha256:{sha256(large).hexdigest()}"
    assert list(server.objects) == [f"media/sha256/{stored.checksum[7:9]}/{stored.checksum[7:]}"]
    assert server.objects.popitem()[1] == (large, "video/mp4")
    assert server.parts == {}


async def test_a_failing_medium_leaves_nothing_visible(place: tuple[MediaStore, ObjectServer]) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield bytes(PART_BYTES + 1)
        raise ValueError("mine")

    store, server = place
    with pytest.raises(ValueError, match=r"^mine$"):
        await store.put(failing())
    assert (server.objects, await listed(store)) == ({}, [])


@pytest.mark.parametrize("size", [0, 1])
async def test_little_is_stored_too(place: tuple[MediaStore, ObjectServer], size: int) -> None:
    store, _ = place
    stored = await store.put(b"x" * size)
    assert await MediaSource.of(await store.get(stored.checksum)).read() == b"x" * size


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (5, 5), (0, len(DATA)), (len(DATA) - 3, len(DATA)), (7, 5000)])
async def test_a_range_is_read_alone(place: tuple[MediaStore, ObjectServer], start: int, stop: int) -> None:
    store, _ = place
    stored = await store.put(DATA)
    assert await stored.read_range(start, stop) == DATA[start:stop]
    assert await stored.read_range(start) == DATA[start:]


async def test_a_signed_url_is_read_by_anybody(place: tuple[MediaStore, ObjectServer]) -> None:
    store, server = place
    await store.put(DATA)
    signed = await store.presigned_url(SUM, expires_in_seconds=60)
    options = FetchOptions(allow_private=True)
    assert await MediaSource(UrlOrigin(signed, options)).read() == DATA
    with pytest.raises(UnreachableMedia, match="403"):
        await MediaSource(UrlOrigin(signed.partition("?")[0], options)).read()
    assert server.asked[-1].startswith("GET")


async def test_garbage_goes(place: tuple[MediaStore, ObjectServer]) -> None:
    store, server = place
    await store.put(DATA)
    kept = await store.put(b"kept")
    server.objects["media/notes.txt"] = server.objects[KEY]
    swept = await store.collect_garbage([kept.checksum], older_than_seconds=0)
    assert (swept.count, swept.size_bytes) == (1, len(DATA))
    assert await listed(store) == [kept.checksum]
    assert "media/notes.txt" in server.objects


@pytest.mark.parametrize(
    ("handler", "make", "wrong"),
    [(GoogleHandler, google, {"skip_signature": True}), (AzureHandler, azure, {"account_name": "another"})],
)
async def test_a_server_that_refuses_is_told_without_the_secret(handler: Any, make: Any, wrong: Any) -> None:
    with serving(handler) as server:
        with pytest.raises(MediaError) as caught:
            await make(server, **wrong).put(DATA)
        assert str(caught.value).startswith("cannot ")
        assert b64encode(bytes(32)).decode() not in str(caught.value)
        assert server.objects == {}


@pytest.mark.parametrize("url", ["gs://bucket/a/b", "az://bucket/a", "s3://bucket", "azure://bucket", "adl://bucket/x"])
def test_a_url_is_a_bucket(url: str) -> None:
    found = Place(url, {})
    assert (found.is_remote, found.folder, found.base_url) == (True, None, f"{url}/")
    assert found.name == f"{url}/"


def test_a_password_is_not_in_the_name() -> None:
    assert "secret" not in Place("https://me:secret@account.blob.core.windows.net/bucket", {}).name
