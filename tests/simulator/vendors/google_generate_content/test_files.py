"""Google's own SDK uploads, looks at, lists and deletes files."""

import io
from base64 import b64encode
from hashlib import sha256
from typing import Any

import httpx2
import pytest
from google.genai import errors, types

from massgen_stream.simulator import Simulator

from .test_sdk import client_of

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("version", ["v1", "v1beta"])
async def test_a_file_lives_until_it_is_deleted(version: str) -> None:
    data = bytes(range(256)) * 40_000
    async with Simulator() as sim, client_of(sim) as client:
        config = types.UploadFileConfig(
            mime_type="text/plain", display_name="a.txt", http_options=types.HttpOptions(api_version=version)
        )
        file = await client.files.upload(file=io.BytesIO(data), config=config)
        assert (file.state, file.size_bytes, file.display_name) == (types.FileState.ACTIVE, len(data), "a.txt")
        assert file.expiration_time is not None
        assert file.create_time is not None
        assert (file.expiration_time - file.create_time).total_seconds() == 48 * 3600
        assert [one.method for one in sim.requests] == ["POST"] * 3  # the beginning, and two pieces
        assert file.sha256_hash == b64encode(sha256(data).digest()).decode()
        assert file.name is not None
        found = await client.files.get(name=file.name)
        assert found.uri == f"https://generativelanguage.googleapis.com/v1beta/{file.name}"
        assert file.name in [one.name async for one in await client.files.list()]
        await client.files.delete(name=found.uri)
        with pytest.raises(errors.ClientError, match="may not exist"):
            await client.files.get(name=file.name)


async def test_videos_are_processed_first() -> None:
    async with Simulator() as sim, client_of(sim) as client:
        for name, end in (("a.mp4", types.FileState.ACTIVE), ("fault:error.mp4", types.FileState.FAILED)):
            config = types.UploadFileConfig(mime_type="video/mp4", display_name=name)
            file = await client.files.upload(file=io.BytesIO(b"video"), config=config)
            states = [file.state]
            while states[-1] == types.FileState.PROCESSING:
                file = await client.files.get(name=file.name or "")
                states.append(file.state)
            assert states == [types.FileState.PROCESSING, types.FileState.PROCESSING, end]
            assert (file.error is not None) == (end is types.FileState.FAILED)


@pytest.mark.parametrize(
    ("headers", "status", "problem"),
    [
        ({"x-goog-upload-command": "start"}, 400, "resumable"),
        ({"x-goog-upload-offset": "7", "x-goog-upload-command": "upload"}, 400, "goes on at offset 0"),
        ({"x-goog-upload-offset": "0", "x-goog-upload-command": "upload, finalize"}, 400, "10 bytes were announced"),
    ],
)
async def test_what_breaks_the_protocol_is_refused(headers: dict[str, str], status: int, problem: str) -> None:
    start = {
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "x-goog-upload-header-content-length": "10",
    }
    async with Simulator() as sim, httpx2.AsyncClient() as web:
        place = sim.url("google") + "/upload/v1/files"
        if "x-goog-upload-offset" in headers:
            place = (await web.post(place, headers=start, json={})).headers["x-goog-upload-url"]
        answer = await web.post(place, headers=headers, content=b"123")
        assert (answer.status_code, problem in answer.text) == (status, True)
        assert "x-goog-upload-url" not in answer.headers
        gone = await web.post(place + "x", headers=headers, content=b"")
        assert gone.status_code == 404


async def test_only_files_that_were_given_are_read() -> None:
    now = [0.0]
    async with Simulator(clock=lambda: now[0]) as sim, client_of(sim) as client:
        config = types.UploadFileConfig(mime_type="text/plain")
        file = await client.files.upload(file=io.BytesIO(b"words"), config=config)
        elsewhere = types.Part.from_uri(file_uri="gs://bucket/files/a", mime_type="text/plain")
        parts: list[Any] = [file, elsewhere]
        for part in parts:
            assert (await client.models.generate_content(model="m", contents=[part, "Read"])).text
        now[0] = 48 * 3600.0
        uri = "https://generativelanguage.googleapis.com/v1beta/files/none"
        parts = [file, types.Part.from_uri(file_uri=uri, mime_type="text/plain")]
        for part in parts:
            with pytest.raises(errors.ClientError, match="or it may not exist") as raised:
                await client.models.generate_content(model="m", contents=[part, "Read"])
            assert (raised.value.code, raised.value.status) == (403, "PERMISSION_DENIED")
