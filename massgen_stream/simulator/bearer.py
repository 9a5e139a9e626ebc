"""Where a request carries its key."""

from __future__ import annotations

from collections.abc import Mapping


def bearer_token(headers: Mapping[str, str]) -> str | None:
    """Return the bearer token; None where there is none (https://www.rfc-editor.org/rfc/rfc6750#section-2.1)."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def bearer_or(headers: Mapping[str, str], name: str) -> str | None:
    """Return the bearer token; where there is none, the key in the header called *name*."""
    token = bearer_token(headers)
    return headers.get(name) if token is None else token
