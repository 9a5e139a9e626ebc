"""A redirect leads wherever its server likes: keys stay with the host that they are for."""

from __future__ import annotations

import pytest

from .doors import Door, one_of_each_kind, with_aiohttp
from .reading import HELLO, of_type, read
from .server import Exchange, Plan, serving

pytestmark = pytest.mark.anyio
KEY = "sk-0123456789abcdef"
KINDS = [door for door in (*one_of_each_kind().values(), *with_aiohttp()) if door.provider.name != "grok"]


def leading(target: str) -> Plan:
    async def plan(exchange: Exchange) -> None:
        await exchange.reply(307, b"moved", location=f"{target}{exchange.path}")

    return plan


async def refusing(exchange: Exchange) -> None:
    await exchange.reply(404, {"error": {"message": "nothing here"}})


@pytest.mark.parametrize("door", KINDS, ids=repr)
async def test_a_key_does_not_go_along(door: Door) -> None:
    async with (
        serving(refusing) as other,
        serving(leading(other.url)) as server,
        door.backend(server.url, api_key=KEY) as backend,
    ):
        chunks = await read(backend.stream_with_tools(HELLO, max_retries=0))
    assert any(KEY in repr(one.headers) for one in server.exchanges)
    assert not any(KEY in one.path + repr(one.headers) for one in other.exchanges)
    (error,) = of_type(chunks, "error")
    assert (error.error_info or {})["status"] == (404 if other.exchanges else 307)
    assert chunks[-1].finish_reason == "error"
