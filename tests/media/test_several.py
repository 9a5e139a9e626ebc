"""One operation on several media."""

import asyncio

import pytest

from massgen_stream.errors import BrokenMedia, MassGenStreamError
from massgen_stream.media.previews import thumbnail
from massgen_stream.media.several import each

from .files import picture

pytestmark = pytest.mark.anyio


async def test_results_are_in_order_and_errors_in_their_place() -> None:
    running = most = 0

    async def operation(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01 * (5 - number))
        running -= 1
        if number == 2:
            raise BrokenMedia("two")
        return number * number

    found = await each(operation, [0, 1, 2, 3, 4], at_most=3)
    assert [found[0], found[1], str(found[2]), found[3], found[4]] == [0, 1, "two", 9, 16]
    assert most == 3
    assert await each(operation, []) == []


async def test_a_foreign_error_ends_all_of_it() -> None:
    async def operation(number: int) -> None:
        if number == 1:
            raise ZeroDivisionError
        await asyncio.sleep(60)

    with pytest.raises(ExceptionGroup) as caught:
        await each(operation, [0, 1], at_most=2)
    assert isinstance(caught.value.exceptions[0], ZeroDivisionError)


async def test_thumbnails_of_many() -> None:
    found = await each(thumbnail, [picture("PNG"), b"hello", picture("JPEG")])
    assert [isinstance(one, MassGenStreamError) for one in found] == [False, True, False]
