"""A request as the simulator keeps it: for tests to look at, without secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec

HIDDEN: Final = "(hidden)"
_SECRET: Final = frozenset(("authorization", "proxy-authorization", "cookie"))
_OPEN: Final = frozenset(("idempotency-key",))
_SECRET_ENDINGS: Final = ("key", "token", "secret")


class Request(msgspec.Struct, frozen=True):
    """One request that came.

    Attributes:
        method: HTTP method.
        path: Path without the query.
        headers: By name in lower case; the values of keys, tokens and cookies are `HIDDEN`.
        params: What the path holds where the API has a placeholder.
        query: What follows the ``?``; values of keys are `HIDDEN`.
        body: The body as it came.
        json: The body, decoded; None where it is no JSON.
    """

    method: str
    path: str
    headers: Mapping[str, str] = {}
    params: Mapping[str, str] = {}
    query: Mapping[str, str] = {}
    body: bytes = b""
    json: Any = None

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}, {len(self.body)} bytes>"


def read_json(body: bytes) -> Any:
    """Return the decoded *body*; None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """Return *headers* with lower-case names and the values of secrets hidden."""
    return {name.lower(): HIDDEN if _is_secret(name.lower()) else value for name, value in headers.items()}


def _is_secret(name: str) -> bool:
    return name in _SECRET or (name.endswith(_SECRET_ENDINGS) and name not in _OPEN)
