"""What one vendor's API adds to the simulator, and how the APIs are found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from .answers import answer
from .ask import Again, Ask
from .given import Given
from .request import Request
from .scripts import Refuse
from .wiring import Wiring

JSON = Mapping[str, Any]


class Result(NamedTuple):
    """A document that is an answer of its own, so that faults meet it.

    Attributes:
        document: The document.
        model: Model id, as asked for; empty where the request names none.
        headers: Further headers: names in lower case, and values.
    """

    document: JSON
    model: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Reply(NamedTuple):
    """A document that answers with headers of its own.

    Attributes:
        document: The document.
        headers: Names in lower case, and values.
    """

    document: JSON
    headers: tuple[tuple[str, str], ...]


class File(NamedTuple):
    """A medium that is downloaded; faults meet it.

    Attributes:
        data: Its bytes.
        mime_type: Its type.
    """

    data: bytes
    mime_type: str


class Path(NamedTuple):
    """One address that an API serves.

    Attributes:
        method: HTTP method.
        path: Path as Starlette writes it: ``/v1/models/{model:path}``.
        handle: Returns what the request asks for, or the JSON document that answers it; may raise `BadRequest`.
            With `Again`, it asks for an answer that was kept.
        is_public: Whether it needs no key.
    """

    method: str
    path: str
    handle: Callable[[Request], Ask | Again | Result | Reply | File | JSON]
    is_public: bool = False


class Rpc(NamedTuple):
    """One method of a gRPC API; its messages are handled in their JSON form.

    Attributes:
        path: As ``/package.Service/Method``.
        handle: As `Path.handle`.
        module: Module of the types of its messages, imported when it is first called.
        request: Name of the request's type in it, which may have dots.
        response: Name of the answer's type.
        streams: Whether the answer is a stream of messages.
        gathers: Whether the request is one; its handler gets the list of them.
    """

    path: str
    handle: Callable[[Request], Ask | Again | Result | JSON]
    module: str
    request: str
    response: str
    streams: bool = False
    gathers: bool = False


class BadRequest(Exception):
    """The client's request is refused.

    Attributes:
        message: What is wrong.
        param: The field at fault.
        status: HTTP status.
        code: The vendor's code, where one fits.
    """

    def __init__(self, message: str, *, param: str | None = None, status: int = 400, code: str | None = None) -> None:
        super().__init__(message)
        self.message, self.param, self.status, self.code = message, param, status, code


class Vendor(ABC):
    """One API as one simulator serves it. Each package in `vendors` has the class of one, called ``VENDOR``.

    Args:
        given: The ids that the simulator has given; None: it has given none yet.

    Attributes:
        given: See the argument.
        protocol: The wire protocol, as in `massgen_stream.wire.PROTOCOLS`.
        names: Names that `Simulator.url` knows besides those of the providers that speak the protocol.
        content_type: MIME type of a streamed answer.
        end_mark: Bytes that end a streamed answer.
        comment: Bytes that a client skips in a stream.
        malformed: An event that cannot be read.
        request_id_header: Header that tells the id of a request.
        key_header: Header in which its clients send their key.
        client_header: Header that its clients send with every request, where there is one.
    """

    protocol: str
    names: tuple[str, ...] = ()
    content_type: str = "text/event-stream; charset=utf-8"
    end_mark: bytes = b""
    comment: bytes = b": keep-alive\n\n"
    malformed: bytes = b'data: {"simulated": "malformed"\n\n'
    request_id_header: str = "x-request-id"
    key_header: str = "authorization"
    client_header: str = ""

    def __init__(self, given: Given | None = None) -> None:
        self.given = given or Given()

    @abstractmethod
    def base_url(self, origin: str) -> str:
        """Return what a client's `base_url` must be, for a server at *origin* (``http://host:port``)."""

    def url(self, provider: str, origin: str) -> str:  # noqa: ARG002 - most providers of an API differ in nothing
        """Return what *provider*'s `base_url` must be."""
        return self.base_url(origin)

    @abstractmethod
    def paths(self) -> tuple[Path, ...]:
        """Return the addresses that the API serves."""

    def rpcs(self) -> tuple[Rpc, ...]:
        """Return the methods of a gRPC API, which the simulator's one port serves as well."""
        return ()

    @abstractmethod
    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the API key that *headers* (names in lower case) hold, from where the API puts it."""

    @abstractmethod
    def response_id(self, serial: int) -> str:
        """Return the id of the answer to request number *serial*."""

    @abstractmethod
    def wiring(self, created: int) -> Wiring:
        """Return the encoder of one streamed answer, made at *created* (Unix seconds)."""

    def wiring_of(self, ask: Ask, created: int) -> Wiring:  # noqa: ARG002 - most streams begin without looking back
        """Return the encoder of the answer to *ask*; for streams that tell something of the request first."""
        return self.wiring(created)

    def content_type_of(self, ask: Ask) -> str:  # noqa: ARG002 - most answers are events
        """Return the MIME type of the streamed answer to *ask*."""
        return self.content_type

    def note(self, ask: Ask, chunk: BaseStreamChunk) -> None:  # noqa: B027 - most answers cannot be named again
        """Note what *chunk* of the answer to *ask* gives the client that it may name again."""

    def server_work(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:  # noqa: ARG002 - most have no such tools
        """Return what a default answer says of tools that the vendor runs itself: between reasoning and text."""
        return ()

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return the default answer to request number *serial*, with the `server_work`."""
        said = deque(answer(ask, serial))
        while said[0].type is ChunkType.REASONING:
            yield said.popleft()
        yield from self.server_work(ask, serial)
        yield from said

    @abstractmethod
    def whole(self, stream: bytes, ask: Ask) -> JSON:
        """Return the answer that a client gets which does not stream, made of the streamed one.

        Raises:
            Refused: The stream holds an error.
            ValueError: *stream* cannot be read; the client gets it as it is.
        """

    @abstractmethod
    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return the body of an error."""


class Refused(Exception):
    """An error in a stream that is not streamed.

    Attributes:
        refuse: The HTTP error that the client gets.
    """

    def __init__(self, refuse: Refuse) -> None:
        super().__init__(refuse)
        self.refuse = refuse


def vendors(given: Given | None = None) -> tuple[Vendor, ...]:
    """Return every API that there is a package for, as the simulator serves it that has given those ids."""
    given = given or Given()
    return tuple(kind(given) for kind in _kinds())


@cache
def _kinds() -> tuple[type[Vendor], ...]:
    package = import_module(".vendors", __package__)
    modules = (import_module(f"{package.__name__}.{module.name}") for module in iter_modules(package.__path__))
    return tuple(module.VENDOR for module in modules)
