"""xAI's own SDK uploads, looks at, lists and deletes files."""

import io

import grpc
import pytest
from xai_sdk.chat import file as attached
from xai_sdk.chat import user

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


async def test_only_files_that_were_given_are_read() -> None:
    async with talking() as (client, _):
        file = await client.files.upload(b"words", filename="a.txt")
        for file_id in (file.id, "file_0"):
            chat = client.chat.create("m", messages=[user("Read", attached(file_id))])
            if file_id == file.id:
                assert (await chat.sample()).content
                continue
            with pytest.raises(grpc.aio.AioRpcError, match="No file with id 'file_0'") as caught:
                await chat.sample()
            assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_only_responses_that_were_stored_are_continued() -> None:
    now = [0.0]
    async with talking(clock=lambda: now[0]) as (client, _):
        stored = await client.chat.create("m", messages=[user("Hi")], store_messages=True).sample()
        unstored = await client.chat.create("m", messages=[user("Hi")]).sample()

        async def continued(response_id: str) -> str:
            chat = client.chat.create("m", messages=[user("And?")], previous_response_id=response_id)
            return str((await chat.sample()).content)

        assert await continued(stored.id)
        now[0] = 30 * 86_400.0
        for response_id in (unstored.id, stored.id, "r-0"):
            with pytest.raises(grpc.aio.AioRpcError, match=f"Response with id={response_id} not found") as caught:
                await continued(response_id)
            assert caught.value.code() is grpc.StatusCode.NOT_FOUND
