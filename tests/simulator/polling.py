from collections.abc import Callable

import anyio

PATIENCE_SECONDS = 5
STEP_SECONDS = 0.002


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what the other end of a socket makes true; fails when it never does."""
    with anyio.fail_after(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - sockets tell nobody
            await anyio.sleep(STEP_SECONDS)
