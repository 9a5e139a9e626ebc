"""Clients that stay open: who shares one, when each is closed, and that one connection serves a chain of media."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.generation import MediaClients, generate_media
from massgen_stream.simulator import Simulator

from .fakes import instruments
from .reading import finals, read

pytestmark = pytest.mark.anyio


class Vendor:
    """Opens and closes clients, and keeps count."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.faults = 0

    def lent(self, clients: MediaClients, name: str) -> Any:
        async def opening() -> str:
            await asyncio.sleep(0)
            if self.faults:
                self.faults -= 1
                raise OSError("no way")
            self.opened.append(name)
            return name

        async def closing(client: str) -> None:
            await asyncio.sleep(0)
            self.closed.append(client)
            if client.startswith("bad"):
                raise OSError(client)

        return clients.lent(name, opening, closing)


async def test_media_share_a_client_and_its_opening() -> None:
    vendor = Vendor()

    async def used(clients: MediaClients) -> None:
        async with vendor.lent(clients, "a") as client:
            assert client == "a"
            await asyncio.sleep(0)

    async with MediaClients() as clients:
        await asyncio.gather(*(used(clients) for _ in range(5)))
        await used(clients)
        assert (vendor.opened, vendor.closed) == (["a"], [])
    assert vendor.closed == ["a"]


async def test_a_client_in_use_is_not_surplus() -> None:
    vendor = Vendor()
    async with MediaClients(most=1) as clients:
        async with vendor.lent(clients, "a"):
            async with vendor.lent(clients, "b"):
                assert vendor.closed == []
            assert vendor.closed == ["b"]
        assert vendor.closed == ["b"]
    assert vendor.closed == ["b", "a"]


@given(st.integers(1, 4), st.lists(st.sampled_from("abcdef"), max_size=30))
def test_the_one_not_used_for_the_longest_time_goes_first(most: int, names: list[str]) -> None:
    async def used() -> None:
        vendor, latest = Vendor(), list[str]()
        async with MediaClients(most) as clients:
            for name in names:
                async with vendor.lent(clients, name):
                    pass
                latest = [*(one for one in latest if one != name), name][-most:]
                assert Counter(vendor.opened) - Counter(vendor.closed) == Counter(latest)
        assert Counter(vendor.opened) == Counter(vendor.closed)

    asyncio.run(used())


async def test_an_opening_that_failed_is_forgotten() -> None:
    vendor = Vendor()
    vendor.faults = 1
    async with MediaClients() as clients:
        with pytest.raises(OSError, match="no way"):
            async with vendor.lent(clients, "a"):
                pass
        async with vendor.lent(clients, "a"):
            pass
    assert vendor.closed == ["a"]


async def test_what_came_to_nothing_takes_nobodys_place() -> None:
    vendor = Vendor()
    async with MediaClients(most=1) as clients:
        async with vendor.lent(clients, "good"):
            pass
        vendor.faults = 2
        for name in ("x", "y"):
            with pytest.raises(OSError, match="no way"):
                async with vendor.lent(clients, name):
                    pass
        assert vendor.closed == []


async def test_one_that_fails_to_close_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    vendor = Vendor()
    async with MediaClients(most=1) as clients:
        for name in ("a", "bad", "c"):
            async with vendor.lent(clients, name):
                pass
        assert vendor.closed == ["a", "bad"]
    assert vendor.closed == ["a", "bad", "c"]
    assert [record.getMessage() for record in caplog.records] == ["the client of a vendor was not closed in order: bad"]


async def test_after_the_end_a_client_is_closed_behind_its_user() -> None:
    vendor, clients = Vendor(), MediaClients()
    async with vendor.lent(clients, "a"):
        await clients.aclose()
        assert vendor.closed == []
    assert vendor.closed == ["a"]
    async with vendor.lent(clients, "late"):
        pass
    assert vendor.closed == ["a", "late"]


async def test_an_opening_that_nobody_waits_for_is_closed_too() -> None:
    vendor, clients = Vendor(), MediaClients()

    async def used() -> None:
        async with vendor.lent(clients, "a"):
            raise AssertionError("it was cancelled")

    task = asyncio.create_task(used())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await clients.aclose()
    assert (task.cancelled(), vendor.opened, vendor.closed) == (True, ["a"], ["a"])


async def test_a_cancelled_user_leaves_nothing_open() -> None:
    vendor, clients = Vendor(), MediaClients(most=0)

    async def used() -> None:
        async with vendor.lent(clients, "a"):
            await asyncio.sleep(60)

    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as group:
            group.start_soon(used)
            await anyio.wait_all_tasks_blocked()
            scope.cancel()
    await clients.aclose()
    assert vendor.closed == ["a"]


def test_another_loop_opens_its_own() -> None:
    vendor, clients = Vendor(), MediaClients()

    async def once() -> None:
        async with vendor.lent(clients, "a"):
            pass

    asyncio.run(once())
    asyncio.run(once())
    assert vendor.opened == ["a", "a"]


HOSTS = {
    "openai": ("openai", "image", 0), "google": ("gemini", "image", 0), "grok": ("xai", "image", 0),
    "openrouter": ("openrouter", "image", 0), "stable_diffusion": ("stable_diffusion", "image", 0),
    "replicate": ("replicate", "image", 1), "elevenlabs": ("elevenlabs", "audio", 0),
}  # fmt: skip
"""Place at the simulator, medium, and how many downloads it takes, which have connections of their own."""


@pytest.mark.parametrize("backend", HOSTS)
async def test_one_connection_serves_a_chain(backend: str, tmp_path: Path) -> None:
    place, mode, downloads = HOSTS[backend]
    async with Simulator() as sim, MediaClients() as clients:
        given: Any = {"backend_type": backend, "base_url": sim.url(place), "api_key": "sk-test-0123456789"}
        given |= {"environ": {}, "instruments": instruments(), "output_dir": tmp_path, "clients": clients}
        (first,) = finals(await read(generate_media("a lighthouse", mode, **given)))
        connected = sim.connections().total
        (second,) = finals(await read(generate_media("with fog", mode, **given, **_basis(first))))
        assert second.path != first.path
        assert (sim.connections(), sim.connections().total) == (0, connected + downloads)


def _basis(medium: Any) -> dict[str, Any]:
    if medium.media_type == "audio":
        return {}
    return {"continue_from": medium.continuation_id} if medium.continuation_id else {"input_images": [medium.path]}


async def test_without_them_nothing_stays_open() -> None:
    async with Simulator() as sim:
        given: Any = {"backend_type": "openai", "base_url": sim.url("openai"), "api_key": "sk-test", "environ": {}}
        await read(generate_media("a lighthouse", **given, instruments=instruments()))
        for _ in range(100):
            if not sim.connections().idle:
                break
            await asyncio.sleep(0.01)
        assert (sim.connections(), sim.connections().idle) == (0, 0)


async def test_parts_of_a_batch_share_a_client() -> None:
    async with Simulator() as sim:
        given: Any = {"backend_type": "openai", "base_url": sim.url("openai"), "api_key": "sk-test", "environ": {}}
        stream = generate_media(["one", "two", "three"], **given, concurrency=1, instruments=instruments())
        assert len(finals(await read(stream))) == 3
        assert sim.connections().total == 1
