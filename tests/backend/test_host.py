import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from massgen_stream.backend.host import LaunchedHost

pytestmark = pytest.mark.anyio


async def test_it_is_started_and_stopped_in_one_task() -> None:
    tasks: list[object] = []

    @asynccontextmanager
    async def launch() -> AsyncGenerator[str, None]:
        tasks.append(asyncio.current_task())
        yield "http://127.0.0.1:1/v1"
        tasks.append(asyncio.current_task())

    host = await LaunchedHost.start(launch)
    assert host.base_url == "http://127.0.0.1:1/v1"
    await asyncio.ensure_future(host.aclose())
    assert len(tasks) == 2
    assert tasks[0] is tasks[1] is not asyncio.current_task()


class Broken(AbstractAsyncContextManager[str]):
    async def __aenter__(self) -> str:
        raise OSError("the port is taken")

    async def __aexit__(self, *_: object) -> None: ...


async def test_a_host_that_does_not_start_says_why() -> None:
    with pytest.raises(OSError, match="the port is taken"):
        await LaunchedHost.start(Broken)
