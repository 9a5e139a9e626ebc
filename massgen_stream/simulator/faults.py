"""What can go wrong, as data.

A fault is named by one of these structs, or by text: ``cut;after=120;how=reset``, where ``429`` is short for
``status;code=429``, and ``html`` and ``json`` for ``body;type=html`` and ``body;type=json``. It is chosen, in this
order, by the header ``x-simulate-fault``, by a model whose name ends in ``fault:`` and the text
(``simulator/fault:429``), or by ``Simulator(faults=…)``: one fault for every request, or a list with one for each of
the next requests, None for a request without.

`times` bounds how often: in a list, that many requests in a row; otherwise that many requests fail and the next one
succeeds, again and again for faults chosen by header or model, once for ``Simulator(faults=…)``.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

import msgspec

from ..errors import ConfigurationError, excerpt
from .ops import Closing

HEADER: Final = "x-simulate-fault"
MODEL_MARK: Final = "fault:"


Count = Annotated[int, msgspec.Meta(ge=0)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
HttpStatus = Annotated[int, msgspec.Meta(ge=200, le=599)]


class _Fault(msgspec.Struct, frozen=True, kw_only=True, tag_field="fault", forbid_unknown_fields=True):
    times: Count | None = None


class Status(_Fault, frozen=True, kw_only=True, tag="status"):
    """An HTTP error before the stream; *retry_after* (seconds) becomes ``Retry-After``."""

    code: HttpStatus = 500
    retry_after: Seconds | None = None
    message: str | None = None


class ErrorEvent(_Fault, frozen=True, kw_only=True, tag="error"):
    """An error event after the first *after* deltas; then the stream ends."""

    after: Count = 2
    message: str = "The simulator was asked to fail in the middle of the stream."
    code: str = "server_error"


class Cut(_Fault, frozen=True, kw_only=True, tag="cut"):
    """The body stops after *after* bytes; *how* is ``end``, ``close`` (as when a server dies) or ``reset`` (by TCP)."""

    after: Count = 300
    how: Closing = "close"


class Slow(_Fault, frozen=True, kw_only=True, tag="slow"):
    """The body comes in pieces of *size* bytes with *delay* seconds between them."""

    delay: Seconds = 0.005
    size: Annotated[int, msgspec.Meta(ge=1)] = 1


class Malformed(_Fault, frozen=True, kw_only=True, tag="malformed"):
    """An event that is no JSON after the first *after* deltas; the stream goes on."""

    after: Count = 2


class Body(_Fault, frozen=True, kw_only=True, tag="body"):
    """A body of another type instead of the answer, with status *code*."""

    type: Literal["html", "json"] = "html"
    code: HttpStatus = 200


class Silence(_Fault, frozen=True, kw_only=True, tag="silence"):
    """Nothing more after *after* bytes of the body, or not even headers; the connection stays open."""

    after: Count | None = None


class Huge(_Fault, frozen=True, kw_only=True, tag="huge"):
    """A text event of *size* characters after the first delta."""

    size: Count = 2**20


class Comments(_Fault, frozen=True, kw_only=True, tag="comments"):
    """A keep-alive comment before every event; clients must not notice."""


class NoEnd(_Fault, frozen=True, kw_only=True, tag="no_end"):
    """The mark that ends the stream (``[DONE]``) is missing; clients must not mind."""


class DoubleUsage(_Fault, frozen=True, kw_only=True, tag="double_usage"):
    """The usage report comes twice, where the request asks for it."""


Fault = Status | ErrorEvent | Cut | Slow | Malformed | Body | Silence | Huge | Comments | NoEnd | DoubleUsage
FAULTS: Final[tuple[type[Fault], ...]] = (
    Status,
    ErrorEvent,
    Cut,
    Slow,
    Malformed,
    Body,
    Silence,
    Huge,
    Comments,
    NoEnd,
    DoubleUsage,
)

_SHORT: Final = {"html": {"fault": "body", "type": "html"}, "json": {"fault": "body", "type": "json"}}
_STATUS: Final = re.compile(r"[2-5]\d\d")


def parse_fault(text: str) -> Fault:
    """Return the fault that *text* names.

    Raises:
        ConfigurationError: There is no such fault or option, or a value does not fit.
    """
    name, *options = (piece.strip() for piece in text.split(";"))
    named = {"fault": "status", "code": name} if _STATUS.fullmatch(name) else _SHORT.get(name, {"fault": name})
    given = dict(option.partition("=")[::2] for option in options if option)
    return _valid({**named, **given}, text)


def checked_fault(fault: Fault) -> Fault:
    """Return *fault*.

    Raises:
        ConfigurationError: A value does not fit.
    """
    return _valid(msgspec.to_builtins(fault), fault)


def _valid(form: dict[str, str], shown: object) -> Fault:
    try:
        fault: Fault = msgspec.convert(form, Fault, strict=False)
    except msgspec.ValidationError as problem:
        known = ", ".join(str(fault.__struct_config__.tag) for fault in FAULTS)
        raise ConfigurationError(
            f"fault {excerpt(shown)!r}: {problem}; faults are {known} and any HTTP status"
        ) from None
    return fault


def fault_of_model(model: str) -> str | None:
    """Return the text of the fault that a model name asks for."""
    _, mark, text = model.rpartition(MODEL_MARK)
    return text if mark else None
