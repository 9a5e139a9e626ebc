"""Keys and errors of OpenAI's APIs, which are the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..wire.error_kinds import error_info_of, error_message_of
from .bearer import bearer_or
from .scripts import Refuse
from .vendor import JSON

_TYPES: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    503: "service_unavailable_error",
}
_CODES: Final = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
_MESSAGES: Final = {
    401: "Incorrect API key provided.",
    403: "You are not allowed to use this model.",
    404: "The model does not exist or you do not have access to it.",
    429: "Rate limit reached. Please slow down.",
    503: "The engine is currently overloaded, please try again later.",
}
_SERVER_ERROR: Final = "The server had an error while processing your request."

_STATUS_OF_KIND: Final = {
    "authentication": 401,
    "permission": 403,
    "not_found": 404,
    "invalid_request": 400,
    "context_length": 400,
    "content_filter": 400,
    "rate_limited": 429,
    "quota": 429,
    "overloaded": 503,
    "timeout": 504,
}


def bearer_key(headers: Mapping[str, str]) -> str | None:
    """Return the bearer token, or Azure's ``api-key``."""
    return bearer_or(headers, "api-key")


def openai_refusal(refuse: Refuse, param: str | None = None) -> JSON:
    """Return ``{"error": {"message", "type", "param", "code"}}``."""
    usual = _SERVER_ERROR if refuse.status >= 500 else "The request was refused."  # noqa: PLR2004 - HTTP
    return {
        "error": {
            "message": refuse.message or _MESSAGES.get(refuse.status, usual),
            "type": _TYPES.get(refuse.status, "server_error" if refuse.status >= 500 else _TYPES[400]),  # noqa: PLR2004
            "param": param,
            "code": refuse.code or _CODES.get(refuse.status),
        }
    }


def refuse_of(problem: Any) -> Refuse:
    """Return the HTTP error for an error that a stream holds."""
    info = error_info_of({"error": problem})
    status = info.get("status") or _STATUS_OF_KIND.get(info["kind"], 500)
    code = info.get("code")
    return Refuse(status, error_message_of(problem), None if code is None else str(code))
