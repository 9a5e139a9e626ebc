"""What a failed gRPC call tells: its status, its details, and the metadata at its end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from .status_error import StatusError, told_by_body

# https://grpc.github.io/grpc/core/md_doc_statuscodes.html and the HTTP statuses that Google maps them to.
_STATUS: Final[Mapping[str, int]] = {
    "CANCELLED": 499,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "UNAUTHENTICATED": 401,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
}
_UNREACHABLE: Final = (
    "failed to connect to all addresses",
    "dns resolution failed",
    "hostname lookup error:",  # of its resolver: "errors resolving HOST: [field:hostname lookup error:…]"
    "no address added",
)
"""Nothing but these words of its core tells a call that was never sent."""
_BROKEN: Final = (
    "socket closed",
    "connection reset",
    "recvmsg:",
    "sendmsg:",
    "broken pipe",
    "stream removed",
    "goaway",
    "rst_stream",
    "endpoint closing",
    "end of tcp stream",
    "cancelling all calls",
    "keepalive watchdog timeout",
    "ping timeout",
    "transport closed",
)
"""What gRPC's core says itself, with the same codes that a server may send."""

_NO_GRPC: Final = ("data frame with end_stream flag received", "no status received")
"""What it says of an answer that ends as none of gRPC does, such as a page with status 200."""
_OF_HTTP: Final = re.compile(r"received http2 header with status: ([45]\d\d)")
"""What it says of another page; its own code is the same for a busy server and a gateway, which may have asked it:
https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md."""
_TOO_LARGE: Final = "message larger than max"


def told_by_grpc(error: Any, now: float) -> StatusError:
    """Return what a failed call tells.

    Args:
        error: ``grpc.aio.AioRpcError``, or what looks like it.
        now: Unix seconds, for waits that the server gives as a date.
    """
    code = getattr(_asked(error, "code"), "name", "UNKNOWN")
    details = str(_asked(error, "details") or "")
    said = details.lower()
    if any(mark in said for mark in _UNREACHABLE):
        told = {"kind": "transport", "retryable": True}
        return StatusError(f"cannot reach the server: {details}", told, is_unsent=True)
    if any(mark in said for mark in _NO_GRPC):
        return StatusError(f"the answer cannot be read: {details}", {"kind": "protocol", "retryable": False})
    if any(mark in said for mark in _BROKEN):
        return StatusError(f"the connection broke: {details}", {"kind": "transport", "retryable": True})
    if code == "RESOURCE_EXHAUSTED" and _TOO_LARGE in said:
        kind = "invalid_request" if "sent" in said else "protocol"
        return StatusError(f"a message is too large for the API: {details}", {"kind": kind, "retryable": False})
    page = _OF_HTTP.fullmatch(said)
    if page is not None:
        return told_by_body({"message": details}, int(page[1]), _metadata(error), now)
    return told_by_body({"code": code, "message": details or code}, _STATUS.get(code), _metadata(error), now)


def _asked(error: Any, name: str) -> Any:
    answer = getattr(error, name, None)
    return answer() if callable(answer) else None


def _metadata(error: Any) -> dict[str, str]:
    """Text of the metadata at the start and the end of a call; how long to wait, as gRPC says it, under HTTP's name."""
    found: dict[str, str] = {}
    for name in ("initial_metadata", "trailing_metadata"):
        found |= {str(key).lower(): value for key, value in _asked(error, name) or () if isinstance(value, str)}
    if found.get(
        "grpc-retry-pushback-ms", ""
    ).isdecimal():  # https://github.com/grpc/proposal/blob/master/A6-client-retries.md
        found.setdefault("retry-after-ms", found["grpc-retry-pushback-ms"])
    return found
