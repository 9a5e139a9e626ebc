"""``massgen-stream simulate``: the simulator as a program."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from .server import Simulator

DEFAULT_PORT: Final = 8765
SAY: Final = partial(print, flush=True)
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def serve(
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    *,
    delay: float = 0.02,
    api_key: str | None = None,
    lifetime: float | None = None,
    knows: Sequence[str] = (),
    say: Callable[[str], None] = SAY,
) -> None:
    """Run the simulator until Ctrl-C, or SIGTERM.

    Args:
        host: Address to listen on.
        port: Port to listen on; 0 for any free one.
        delay: Seconds before each word of a default answer.
        api_key: The only key that is accepted; None accepts any.
        lifetime: Seconds for which it knows what it has given; None: as the vendors do.
        knows: Ids of elsewhere that requests may refer to.
        say: Is given each line for the terminal.

    Raises:
        ConfigurationError: The address cannot be had; says what to do.
        MissingExtra: The libraries of the extra ``simulator`` are not installed.
    """
    simulator = Simulator(
        host=host, port=port, delay=delay, api_key=api_key, keep_requests=0, lifetime=lifetime, knows=knows
    )
    try:
        asyncio.run(_serve(simulator, say))
    except KeyboardInterrupt:  # where the loop could not take the signal over
        say("")


async def _serve(simulator: Simulator, say: Callable[[str], None]) -> None:
    stopping = asyncio.Event()
    with _calling(stopping.set):
        async with simulator:
            for line in _told(simulator):
                say(line)
            await stopping.wait()


def _told(simulator: Simulator) -> Iterator[str]:
    urls = simulator.urls()
    width = max(map(len, urls))
    yield from (f"{name:<{width}}  {url}" for name, url in urls.items())
    yield ""
    yield "Point any client there, with any key, for example:"
    yield f"  export OPENAI_BASE_URL={simulator.url('openai')} OPENAI_API_KEY=any"
    yield f"Ask for the model simulator/fault:429 to see an error; {simulator.origin}/ lists more. Ctrl-C ends this."


@contextmanager
def _calling(stop: Callable[[], None]) -> Iterator[None]:
    """Call *stop* at Ctrl-C and SIGTERM, where the loop can (not on Windows, nor outside the main thread)."""
    loop = asyncio.get_running_loop()
    taken = []
    try:
        for number in _SIGNALS:
            loop.add_signal_handler(number, stop)
            taken.append(number)
    except (NotImplementedError, RuntimeError, ValueError):
        pass
    try:
        yield
    finally:
        for number in taken:
            loop.remove_signal_handler(number)
