"""The one error tree.

The first split answers "whose fault is it, and does trying again make sense?"::

    MassGenStreamError
    ├── UsageError                 yours: the call was wrong, nothing was sent
    │   ├── UnknownProvider
    │   ├── UnknownProtocol
    │   ├── ConfigurationError
    │   │   ├── MissingKey
    │   │   └── MissingExtra
    │   ├── InvalidChunk
    │   ├── InvalidMessage
    │   ├── UnresolvedMedia
    │   └── UnencodableValue
    ├── WireError                  theirs: bytes that break the protocol
    │   ├── MalformedChunk
    │   ├── MalformedEvent
    │   ├── EventTooLarge
    │   └── Truncated
    ├── ProviderError              theirs: an answer we cannot use
    │   └── JobEnded               their job brings no medium, as they say
    ├── TransportError             nobody answered
    └── MediaError                 media that is broken, too large or unreachable
        ├── MediaMismatch          declared as one type, and shown by its bytes to be another
        ├── BrokenMedia            empty, cut off or corrupt
        ├── UnsafeMedia            made to harm its reader: a bomb, two formats in one file
        ├── MediaOverLimit         more than what its receiver takes
        └── UnreachableMedia       not there, not allowed, or kept by somebody who does not give it
            ├── GoneMedia          it was made, and its maker does not keep it any more
            └── PrivateAddress     its address leads beyond the public internet

Errors keep fields and build their text. No text holds a secret, and no payload of more than
`EXCERPT_CHARACTERS`. Errors raised by vendors while a stream is read are `error` chunks, not exceptions.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Sequence
from functools import partial

EXCERPT_CHARACTERS = 80
_UTF8_BYTES = 4
_INTEGER_BITS = 256


class _Bounded(reprlib.Repr):
    """Shows a container without walking all of it; str() of a deep one, or of a huge integer, would itself fail."""

    def repr_int(self, x: int, level: int) -> str:
        return super().repr_int(x, level) if x.bit_length() <= _INTEGER_BITS else "<huge integer>"


_BOUNDED = _Bounded()


def excerpt(value: object) -> str:
    """Return at most `EXCERPT_CHARACTERS` of *value*, printable and on one line."""
    if isinstance(value, bytes | bytearray | memoryview):
        text = bytes(value[: _UTF8_BYTES * (EXCERPT_CHARACTERS + 1)]).decode("utf-8", "replace")
    elif isinstance(value, dict | list | tuple | int):
        text = _BOUNDED.repr(value)
    else:
        text = str(value)
    text = "".join(c if c.isprintable() else " " for c in text[: EXCERPT_CHARACTERS + 1])
    return text if len(text) <= EXCERPT_CHARACTERS else text[: EXCERPT_CHARACTERS - 1] + "…"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


class MassGenStreamError(Exception):
    """Base of every error this package raises on purpose."""


class UsageError(MassGenStreamError):
    """The caller asked for something that cannot be done; fix the call."""


class UnknownProvider(UsageError):
    """No provider has this name.

    Attributes:
        name: The name that was asked for.
        known: Every name that exists.
    """

    def __init__(self, name: str, known: Sequence[str] = ()) -> None:
        super().__init__(name, known)
        self.name, self.known = name, tuple(known)

    def __str__(self) -> str:
        return f"unknown provider {excerpt(self.name)!r}; use one of: {_listed(self.known)}"


class UnknownProtocol(UsageError):
    """No wire protocol has this name.

    Attributes:
        name: The name that was asked for.
        known: Every name that exists.
    """

    def __init__(self, name: str, known: Sequence[str] = ()) -> None:
        super().__init__(name, known)
        self.name, self.known = name, tuple(known)

    def __str__(self) -> str:
        return f"unknown wire protocol {excerpt(self.name)!r}; use one of: {_listed(self.known)}"


class ConfigurationError(UsageError):
    """An option, address or environment value is missing or wrong.

    Attributes:
        problem: One line: what is wrong and what to do.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem


class MissingKey(ConfigurationError):
    """A named provider has no API key.

    Attributes:
        provider: The provider's name.
        variable: The environment variable that would hold the key.
    """

    def __init__(self, provider: str, variable: str) -> None:
        super().__init__(f"{provider} needs an API key; set {variable} (in Python: api_key=...)")
        self.provider, self.variable = provider, variable

    def __reduce__(self) -> tuple[type[MissingKey], tuple[str, str]]:
        return type(self), (self.provider, self.variable)


class MissingExtra(ConfigurationError):
    """A part of the package needs a library that is not installed.

    Attributes:
        feature: What was asked for.
        extra: The extra that installs the library.
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an extra library; install it with: pip install 'massgen-stream[{extra}]'")
        self.feature, self.extra = feature, extra

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        return type(self), (self.feature, self.extra)


class InvalidChunk(UsageError):
    """A chunk breaks the rules of its type.

    Attributes:
        chunk_type: The type's name.
        faults: Every fault, one line each.
    """

    def __init__(self, chunk_type: str, faults: Sequence[str]) -> None:
        super().__init__(chunk_type, faults)
        self.chunk_type, self.faults = chunk_type, tuple(faults)

    def __str__(self) -> str:
        return f"invalid {excerpt(self.chunk_type)} chunk: " + "; ".join(self.faults)


class InvalidMessage(UsageError):
    """A message, part or tool is not in the neutral form.

    Attributes:
        where: Its place, such as ``messages[2].content[0]``.
        problem: What is wrong and what is expected.
    """

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where, self.problem = where, problem

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


class UnresolvedMedia(UsageError):
    """A media part must be read, fetched or uploaded before it can be formatted.

    Attributes:
        where: The part's place, such as ``messages[0].content[1]``.
        problem: What is wrong and what to do.
    """

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where, self.problem = where, problem

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


class UnencodableValue(UsageError):
    """A chunk holds a value that has no JSON or MessagePack form.

    Attributes:
        where: The value's place, such as ``usage.raw.cost``.
        problem: Why it has no form.
    """

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where, self.problem = where, problem

    def __str__(self) -> str:
        return f"cannot encode {excerpt(self.where)}: {self.problem}"


class WireError(MassGenStreamError):
    """Bytes that break their protocol."""


class MalformedChunk(WireError):
    """An encoded chunk cannot be decoded.

    Attributes:
        problem: What is wrong.
        data: A short excerpt of the input.
    """

    def __init__(self, problem: str, data: object = "") -> None:
        super().__init__(problem, data)
        self.problem, self.data = problem, excerpt(data)

    def __str__(self) -> str:
        return f"malformed chunk: {self.problem}" + (f" in {self.data!r}" if self.data else "")


class MalformedEvent(WireError):
    """An event of a vendor's stream cannot be read.

    Attributes:
        problem: What is wrong.
        data: A short excerpt of the event.
    """

    def __init__(self, problem: str, data: object = "") -> None:
        super().__init__(problem, data)
        self.problem, self.data = problem, excerpt(data)

    def __str__(self) -> str:
        return f"malformed event: {self.problem}" + (f" in {self.data!r}" if self.data else "")


class EventTooLarge(WireError):
    """One event is larger than the limit.

    Attributes:
        limit_bytes: The limit; raise it with ``max_event_bytes``.
    """

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes

    def __str__(self) -> str:
        return f"an event is larger than {self.limit_bytes} bytes; raise max_event_bytes to accept it"


class Truncated(WireError):
    """The input ended before the documented end of its protocol.

    Attributes:
        problem: What was missing.
    """

    def __init__(self, problem: str = "the stream ended before its documented end") -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem


class ProviderError(MassGenStreamError):
    """A provider answered with an error, or with something that cannot be used.

    Attributes:
        message: The provider's message, shortened.
        provider: Its name, where known.
        kind: One of the error kinds of the vocabulary (``rate_limited``, ``server`` …).
        status: The HTTP status, where there was one.
        code: The provider's own code.
        retryable: Whether asking again may help.
        retry_after_seconds: Seconds until the provider wants to hear from us; None if it did not say.
        raw: The provider's error object.
    """

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        kind: str = "unknown",
        status: int | None = None,
        code: str | int | None = None,
        retryable: bool = False,
        retry_after_seconds: float | None = None,
        raw: object = None,
    ) -> None:
        super().__init__(message)
        self.message, self.provider, self.kind = message, provider, kind
        self.status, self.code, self.retryable = status, code, retryable
        self.retry_after_seconds, self.raw = retry_after_seconds, raw

    def __str__(self) -> str:
        return self.message


class JobEnded(ProviderError):
    """A job brings no medium, as its vendor says: it failed, was refused or cancelled, or has expired."""


class TransportError(MassGenStreamError):
    """Nobody answered, or the connection broke.

    Attributes:
        problem: What happened.
        kind: ``transport`` or ``timeout``.
        retryable: Whether trying again may help.
    """

    def __init__(self, problem: str, *, kind: str = "transport", retryable: bool = True) -> None:
        super().__init__(problem)
        self.problem, self.kind, self.retryable = problem, kind, retryable

    def __str__(self) -> str:
        return self.problem


class MediaError(MassGenStreamError):
    """Media that is broken, too large, of the wrong kind, or unreachable.

    Attributes:
        problem: What is wrong, with limit and value where there are any.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem


class MediaMismatch(MediaError):
    """A medium is declared as one type, and its bytes are another.

    Attributes:
        declared: The MIME type that was said.
        found: The MIME type that the bytes show; None: they are of no known type.
    """

    def __init__(self, declared: str, found: str | None) -> None:
        shown = f"are {excerpt(found)}" if found else "do not begin like that"
        super().__init__(f"declared as {excerpt(declared)}, but its bytes {shown}; declare what it is, or nothing")
        self.declared, self.found = declared, found

    def __reduce__(self) -> tuple[type[MediaMismatch], tuple[str, str | None]]:
        return type(self), (self.declared, self.found)


class BrokenMedia(MediaError):
    """A medium is empty, cut off or corrupt."""


class UnsafeMedia(MediaError):
    """A medium would take far more than its size, or passes for two things at once."""


class MediaOverLimit(MediaError):
    """Media is more than what its receiver takes.

    Attributes:
        breaches: One line for each limit, with its name, its figure and the value found.
    """

    def __init__(self, breaches: Sequence[str]) -> None:
        super().__init__("; ".join(breaches))
        self.breaches = tuple(breaches)

    def __reduce__(self) -> tuple[type[MediaOverLimit], tuple[tuple[str, ...]]]:
        return type(self), (self.breaches,)


class UnreachableMedia(MediaError):
    """A medium is not where it should be, or must not be read from there.

    Attributes:
        status: The HTTP status, where there was one.
    """

    def __init__(self, problem: str, *, status: int | None = None) -> None:
        super().__init__(problem)
        self.status = status


class GoneMedia(UnreachableMedia):
    """A medium was made, and its maker does not keep it any more."""


class PrivateAddress(UnreachableMedia):
    """A URL leads beyond the public internet, where nobody may make us look for them.

    Attributes:
        host: The name, or the address itself.
        address: Where it leads.
        option: What allows it.
        where: Place of the medium in a request; empty: it is in none.
    """

    def __init__(
        self, host: str, address: str, *, option: str = "allow_private of FetchOptions", where: str = ""
    ) -> None:
        place = f"{where}: " if where else ""
        leads = "" if host == address else f"leads to {excerpt(address)}, which "
        super().__init__(f"{place}{excerpt(host)} {leads}is not on the public internet; allow it with {option}")
        self.host, self.address, self.option, self.where = host, address, option, where

    def __reduce__(self) -> tuple[partial[PrivateAddress], tuple[str, str]]:
        return partial(type(self), option=self.option, where=self.where), (self.host, self.address)
