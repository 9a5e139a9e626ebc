import asyncio
from typing import Any

import pytest

from massgen_stream.backend.once import OncePerLoop


class Workshop:
    def __init__(self) -> None:
        self.made = 0
        self.broken = False
        self.go = asyncio.Event()

    async def make(self) -> int:
        await self.go.wait()
        if self.broken:
            raise ValueError("broken")
        self.made += 1
        return self.made


@pytest.mark.anyio
async def test_concurrent_first_uses_make_one() -> None:
    shop = Workshop()
    once = OncePerLoop(shop.make)
    users = [asyncio.ensure_future(once.get()) for _ in range(5)]
    await asyncio.sleep(0)
    shop.go.set()
    assert await asyncio.gather(*users) == [1] * 5
    assert await once.get() == 1


@pytest.mark.anyio
async def test_a_cancelled_user_does_not_disturb_the_others() -> None:
    shop = Workshop()
    once = OncePerLoop(shop.make)
    first, second = asyncio.ensure_future(once.get()), asyncio.ensure_future(once.get())
    await asyncio.sleep(0)
    first.cancel()
    shop.go.set()
    assert await second == 1
    assert first.cancelled()


@pytest.mark.anyio
async def test_a_failed_making_is_tried_again() -> None:
    shop = Workshop()
    shop.go.set()
    shop.broken = True
    once = OncePerLoop(shop.make)
    with pytest.raises(ValueError, match="broken"):
        await once.get()
    shop.broken = False
    assert await once.get() == 1


@pytest.mark.anyio
async def test_a_failure_that_nobody_waited_for_is_silent() -> None:
    shop = Workshop()
    shop.broken = True
    once = OncePerLoop(shop.make)
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    user = asyncio.ensure_future(once.get())
    await asyncio.sleep(0)
    user.cancel()
    with pytest.raises(asyncio.CancelledError):
        await user
    shop.go.set()
    await asyncio.sleep(0.01)
    assert told == []
    assert await once.take() is None


@pytest.mark.anyio
async def test_taking_it_makes_room_for_another() -> None:
    shop = Workshop()
    shop.go.set()
    once = OncePerLoop(shop.make)
    assert await once.take() is None
    assert await once.get() == 1
    assert await once.take() == 1
    assert await once.take() is None
    assert await once.get() == 2


def test_another_loop_gets_its_own() -> None:
    made: list[int] = []

    async def make() -> int:
        made.append(1)
        return len(made)

    once = OncePerLoop(make)
    assert [asyncio.run(once.get()), asyncio.run(once.get())] == [1, 2]
