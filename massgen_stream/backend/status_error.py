"""What an exception tells that carries an answer: a status, headers, a body."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ..errors import excerpt
from ..wire.error_kinds import error_info_of, error_message_of
from ..wire.scrub import scrub
from .retry_after import retry_after_seconds

_BODY_CHARACTERS: Final = 65_536
"""As much of a body that is no JSON as `raw` keeps."""
_TITLE: Final = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_REFUSED: Final = 300
"""The least status that is no success."""
REQUEST_IDS: Final = ("x-request-id", "request-id", "x-amzn-requestid", "apim-request-id", "cf-ray")
"""Headers in which vendors tell their id of a request."""


class StatusError(NamedTuple):
    """A failure in our words.

    Attributes:
        message: One line.
        info: The `error_info`, without the provider.
        request_id: The vendor's id of the request, where it named one.
        is_unsent: Whether the request cannot have been taken, since there was no connection for it.
    """

    message: str
    info: dict[str, Any]
    request_id: str | None = None
    is_unsent: bool = False


def told_by_response(error: Any, now: float) -> StatusError:
    """What an exception with a `response` tells: status, body, headers."""
    response = error.response
    try:
        body: Any = response.content
    except RuntimeError:  # httpx: the body was never read
        body = getattr(error, "body", None)
    return told_by_body(body, int(response.status_code), response.headers, now)


def told_by_status(error: Any, now: float) -> StatusError:
    """What an exception tells that has the figures itself, under one of the usual names."""
    status = next(
        (v for name in ("status_code", "status", "code") if isinstance(v := getattr(error, name, None), int)), None
    )
    body = next((v for name in ("body", "details", "message") if (v := getattr(error, name, None))), None) or str(error)
    return told_by_body(body, status, getattr(error, "headers", None) or {}, now)


def told_by_google(error: Any, now: float) -> StatusError:
    """What an exception of Google's SDK tells: its response has the headers, where it is one of HTTP."""
    response = getattr(error, "response", None)
    return told_by_response(error, now) if hasattr(response, "status_code") else told_by_status(error, now)


def told_by_body(body: Any, status: int | None, headers: Mapping[str, str], now: float) -> StatusError:
    """What an answer tells: its body, decoded or not, its HTTP status and its headers."""
    said = _decoded(body)
    headers = {str(name).lower(): value for name, value in headers.items()}
    info = error_info_of(said, status=status)
    if status is not None and status < _REFUSED:  # an SDK could not read an answer that was none of an error
        info["kind"] = "protocol"
    wait = retry_after_seconds(headers, now)
    if wait is not None:
        info["retry_after_seconds"] = wait
    if headers.get("x-should-retry") in ("true", "false"):  # the header of OpenAI and Anthropic that settles it
        info["retryable"] = headers["x-should-retry"] == "true"
    if said in (None, ""):
        info.pop("raw", None)
    request_id = next((headers[name] for name in REQUEST_IDS if headers.get(name)), None)
    return StatusError(_message(said, status), info, request_id)


def _decoded(body: Any) -> Any:
    """The body as JSON where it is, else as bounded text."""
    if body is None or isinstance(body, dict | list):
        return body
    if not isinstance(body, str | bytes):
        body = str(body)
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    try:
        return json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text[:_BODY_CHARACTERS].strip()


def _message(said: Any, status: int | None) -> str:
    if isinstance(said, dict | list) and said:
        return error_message_of(said)
    prefix = f"HTTP {status}" if status else "the request failed"
    if said in (None, "", {}, []):
        return f"{prefix} without a body"
    title = _TITLE.search(str(said)[:_BODY_CHARACTERS])
    return f"{prefix}: {excerpt(scrub(title[1].strip() if title else str(said)))}"
