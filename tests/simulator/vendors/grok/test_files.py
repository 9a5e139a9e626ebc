"""xAI's own SDK uploads, looks at, lists and deletes files."""

import io

import grpc
import pytest

from .test_sdk import talking

pytestmark = pytest.mark.anyio


async def test_a_file_lives_until_it_is_deleted() -> None:
    data = bytes(range(256)) * 20_000
    async with talking() as (client, sim):
        told: list[int] = []
        file = await client.files.upload(
            io.BytesIO(data), filename="a.bin", on_progress=lambda sent, _total: told.append(sent), expires_after=3600
        )
        assert (file.size, file.filename, told[-1]) == (len(data), "a.bin", len(data))
        assert file.expires_at.seconds - file.created_at.seconds == 3600
        assert len(sim.requests[0].json) == 3  # the beginning, and two pieces
        assert (await client.files.get(file.id)).filename == "a.bin"
        assert file.id in [one.id for one in (await client.files.list()).data]
        assert (await client.files.delete(file.id)).deleted
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.files.get(file.id)
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_what_xai_would_refuse_is_refused() -> None:
    async with talking(api_key="other") as (client, _):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.files.upload(b"x", filename="a")
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    async with talking() as (client, _):
        with pytest.raises(grpc.aio.AioRpcError, match="between 3600 and 2592000"):
            await client.files.upload(b"x", filename="a", expires_after=1)
        file = await client.files.upload(b"", filename="a")
        assert not file.HasField("expires_at")
