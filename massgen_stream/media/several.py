"""One operation on several media."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import anyio

from ..errors import MassGenStreamError

Item = TypeVar("Item")
Result = TypeVar("Result")


async def each(
    operation: Callable[[Item], Awaitable[Result]], items: Sequence[Item], *, at_most: int | None = None
) -> list[Result | MassGenStreamError]:
    """Return what *operation* returns for each item, in their order; where it raises an error of ours, that error.

    Args:
        operation: Such as `probe`, or a function around `thumbnail` with its options.
        items: What it is called with.
        at_most: Calls at the same time; by default one for each processor.
    """
    outcomes: dict[int, Result | MassGenStreamError] = {}
    places = iter(range(len(items)))

    async def drain() -> None:
        for place in places:
            try:
                outcomes[place] = await operation(items[place])
            except MassGenStreamError as error:
                outcomes[place] = error

    async with anyio.create_task_group() as group:
        for _ in range(min(at_most or os.cpu_count() or 1, len(items))):
            group.start_soon(drain)
    return [outcomes[place] for place in range(len(items))]
