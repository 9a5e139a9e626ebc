"""Time, chance and ids, as arguments: tests give their own."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import uuid4


class Instruments(NamedTuple):
    """What a backend would otherwise take from its surroundings.

    Attributes:
        clock: Seconds that never go back.
        wall_clock: Unix seconds.
        sleep: Waits so many seconds.
        jitter: Random in [0, 1).
        new_id: A new id for a stream.
    """

    clock: Callable[[], float] = time.monotonic
    wall_clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    jitter: Callable[[], float] = random.random
    new_id: Callable[[], str] = lambda: uuid4().hex
