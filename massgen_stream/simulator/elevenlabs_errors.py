"""Keys and errors of ElevenLabs' API, which are the same for all of its endpoints."""

from __future__ import annotations

from typing import Final

from .scripts import Refuse
from .vendor import JSON

KEY_HEADER: Final = "xi-api-key"
REQUEST_ID: Final = "request-id"
_UNPROCESSABLE: Final = 422
_STATUSES: Final = {
    400: "bad_request",
    401: "invalid_api_key",
    403: "missing_permissions",
    404: "not_found",
    429: "too_many_concurrent_requests",
    503: "system_busy",
}
_MESSAGES: Final = {
    401: "Invalid API key",
    429: "Too many concurrent requests.",
    503: "We are experiencing heavy traffic, please try again.",
}


def elevenlabs_refusal(refuse: Refuse, param: str | None = None) -> JSON:
    """Return ``{"detail": {"status", "message"}}``; of a body that does not fit, the list of its faults."""
    message = refuse.message or _MESSAGES.get(refuse.status, "The request was refused.")
    if refuse.status == _UNPROCESSABLE and refuse.code is None:
        return {"detail": [{"type": "value_error", "loc": ["body", param or "body"], "msg": message}]}
    status = refuse.code or _STATUSES.get(refuse.status, "internal_server_error")
    return {"detail": {"status": status, "message": message, **({"param": param} if param else {})}}
