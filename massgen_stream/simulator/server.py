"""The simulator: a server on loopback that lives as long as its context."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import anyio

from ..errors import ConfigurationError, MissingExtra, UnknownProvider
from ..provider import providers
from .connections import ConnectionCount, Connections
from .engine import Engine
from .fault_plan import Faults
from .given import Given
from .listening import open_listener, origin_of
from .request import Request
from .scripts import Script
from .threads import running_in_thread
from .vendor import vendors

if TYPE_CHECKING:
    from .hosting import Hosting

_NEEDED: Final = frozenset(("starlette", "uvicorn", "h11"))


class Simulator:
    """A server that speaks the vendors' wires; no model runs behind it.

    ::

        async with Simulator() as sim:
            client = openai.AsyncOpenAI(base_url=sim.url("openai"), api_key="any")

    It runs in the event loop that enters it (asyncio), or with `threaded` in one of its own. Leaving the context ends
    every open response at once.

    Args:
        script: What it answers (see `massgen_stream.simulator.scripts`); None for default answers.
        faults: What goes wrong (see `massgen_stream.simulator.faults`).
        host: Address to listen on.
        port: Port to listen on; 0 for any free one.
        delay: Seconds before each word of a default answer.
        api_key: The only key that is accepted; None accepts any, and none.
        keep_requests: How many requests `requests` remembers.
        clock: Returns Unix seconds, for the time that answers state, and by which what it has given expires.
        lifetime: Seconds after which everything expires that it has given under an id: responses, files, jobs, media;
            None: when the vendor documents, else never.
        knows: Ids that it has not given, and that requests may refer to all the same; ``*`` and ``?`` stand for
            characters, as in file names. For requests that were made for a vendor, such as recorded ones.

    Raises:
        ConfigurationError: The script or the faults make no sense; on entering, the address cannot be had.
        MissingExtra: On entering, the libraries of the extra ``simulator`` are not installed.
    """

    def __init__(
        self,
        script: Script | None = None,
        faults: Faults = None,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        delay: float = 0.0,
        api_key: str | None = None,
        keep_requests: int = 1000,
        clock: Callable[[], float] = time.time,
        lifetime: float | None = None,
        knows: Sequence[str] = (),
    ) -> None:
        self._vendors = vendors(Given(lifetime=lifetime, knows=knows, clock=clock))
        self._engine = Engine(script, faults, delay=delay, api_key=api_key, clock=clock)
        self._host, self._port, self._keep_requests = host, port, keep_requests
        self._requests: list[Request] = []
        self._connections = Connections()
        self._origin: str | None = None
        self._hosting: Hosting | None = None
        self._task: asyncio.Task[None] | None = None

    @classmethod
    @contextmanager
    def threaded(cls, *args: Any, **options: Any) -> Generator[Self]:
        """Run a simulator in a thread and an event loop of its own; takes the arguments of the class.

        For code without an event loop, and for clients whose loop must not share its time with a server.
        """
        simulator = cls(*args, **options)
        with running_in_thread(simulator):
            yield simulator

    @property
    def origin(self) -> str:
        """Where it is: ``http://host:port``.

        Raises:
            ConfigurationError: It is not running.
        """
        if self._origin is None:
            raise ConfigurationError("the simulator is not running; enter it with `async with Simulator() as sim:`")
        return self._origin

    @property
    def requests(self) -> list[Request]:
        """The requests that came, oldest first, without secrets."""
        return list(self._requests)

    def connections(self) -> ConnectionCount:
        """Return how many responses are open now; the count also knows idle and total connections."""
        return self._connections.count()

    def urls(self) -> Mapping[str, str]:
        """Return the `base_url` of each provider that can be pointed here, in alphabetical order."""
        return dict(sorted(self._urls().items()))

    def url(self, provider: str) -> str:
        """Return the `base_url` that sends a backend, or the vendor's own SDK, here.

        Args:
            provider: Name of a provider, of a vendor's SDK (``openai``) or of a wire protocol (``openai.chat``).

        Raises:
            UnknownProvider: Nothing of that name can be pointed here; lists what can.
            ConfigurationError: The simulator is not running.
        """
        known = self._urls() | {vendor.protocol: vendor.base_url(self.origin) for vendor in self._vendors}
        if provider not in known:
            raise UnknownProvider(str(provider), list(known))
        return known[provider]

    async def __aenter__(self) -> Self:
        if self._task is not None:
            raise ConfigurationError("the simulator is already running; make another one")
        hosting_of = _load()
        listener = open_listener(self._host, self._port)
        try:
            self._hosting = hosting_of(self)
            self._origin = origin_of(listener)
            self._task = await self._hosting.start(listener)
        except BaseException:
            self._origin = None
            listener.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        hosting, task = self._hosting, self._task
        self._hosting = self._task = self._origin = None
        if hosting is None or task is None:
            return
        hosting.stop()
        with anyio.CancelScope(shield=True):
            await asyncio.wait({task})
        task.result()

    def _urls(self) -> dict[str, str]:
        urls: dict[str, str] = {}
        for vendor in self._vendors:
            names = [*vendor.names]
            names += [name for name, spec in providers().items() if spec.protocol == vendor.protocol]
            urls |= {name: vendor.url(name, self.origin) for name in names}
        return urls

    def _place(self) -> str:
        """Return host and port; empty once it is being left."""
        return (self._origin or "").rpartition("/")[2]

    def _keep(self, request: Request) -> None:
        self._requests.append(request)
        del self._requests[: -self._keep_requests or None]


def _load() -> Callable[[Simulator], Hosting]:
    """Import the server's libraries, which nothing else here needs.

    Raises:
        MissingExtra: They are not installed.
    """
    try:
        from .app import create_app  # noqa: PLC0415
        from .grpc_server import GrpcServer  # noqa: PLC0415
        from .hosting import Hosting  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in _NEEDED:
            raise MissingExtra("the simulator", "simulator") from None
        raise

    def hosting(simulator: Simulator) -> Hosting:
        connections = simulator._connections  # noqa: SLF001 - the same class
        served = simulator._vendors  # noqa: SLF001
        app = create_app(simulator._engine, served, connections, simulator.urls, simulator._keep)  # noqa: SLF001
        grpc = GrpcServer(simulator._engine, served, connections, simulator._keep, simulator._place)  # noqa: SLF001
        return Hosting(app, connections, grpc)

    return hosting
