"""Status codes of gRPC for HTTP statuses and for kinds of errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

STATUSES: Final[Mapping[str, int]] = {
    "INVALID_ARGUMENT": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "CANCELLED": 499,
    "INTERNAL": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
"""https://cloud.google.com/apis/design/errors#handling_errors."""

_CODES: Final = {status: code for code, status in STATUSES.items()} | {408: "DEADLINE_EXCEEDED", 502: "UNAVAILABLE"}
_OF_KINDS: Final[Mapping[str, str]] = {
    "authentication": "UNAUTHENTICATED",
    "permission": "PERMISSION_DENIED",
    "not_found": "NOT_FOUND",
    "invalid_request": "INVALID_ARGUMENT",
    "context_length": "INVALID_ARGUMENT",
    "content_filter": "INVALID_ARGUMENT",
    "rate_limited": "RESOURCE_EXHAUSTED",
    "quota": "RESOURCE_EXHAUSTED",
    "overloaded": "UNAVAILABLE",
    "timeout": "DEADLINE_EXCEEDED",
}


def code_of_status(status: int) -> str:
    """Return the code for an HTTP status."""
    return _CODES.get(status) or ("INTERNAL" if status >= 500 else "INVALID_ARGUMENT")  # noqa: PLR2004 - HTTP


def code_of_error(info: Mapping[str, Any]) -> str:
    """Return the code for an `error_info`: that which it names, else that of its kind."""
    code = str(info.get("code"))
    return code if code in STATUSES else _OF_KINDS.get(str(info.get("kind")), "INTERNAL")
