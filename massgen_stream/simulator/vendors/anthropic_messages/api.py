"""Addresses, key and errors of the Messages API (https://platform.claude.com/docs/en/api/errors)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ...answers.tokens import tokens_of
from ...ask import Ask
from ...bearer import bearer_or
from ...given import Given
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, BadRequest, Path, Vendor
from ...wiring import Wiring
from .asking import counted_ask, read_ask
from .files import Files
from .messages_wiring import MessagesWiring
from .server_work import work_of
from .whole import whole_message

_MODELS: Final = ("simulator", "simulator/fault:529;times=1", "simulator/fault:cut", "simulator/fault:slow")
_TYPES: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_MESSAGES: Final = {
    401: "invalid x-api-key",
    403: "You are not allowed to use this model.",
    404: "The model does not exist.",
    429: "This request would exceed your rate limit. Please slow down.",
    529: "Overloaded",
}
_SERVER_ERROR: Final = "Internal server error"
_LEAST_SERVER_ERROR: Final = 500
_KEY_REFUSED: Final = 401


class MessagesAPI(Vendor):
    """Messages, streamed and whole, the count of their tokens, and the list of models."""

    protocol = "anthropic.messages"
    names = ("anthropic",)
    malformed = b'event: content_block_delta\ndata: {"simulated": "malformed"\n\n'
    request_id_header = "request-id"
    key_header = "anthropic-version"  # the key is where others have it; this only Anthropic's clients send

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._files = Files(self.given)

    def base_url(self, origin: str) -> str:
        """Return the bare address; the SDK adds ``/v1``."""
        return origin

    def paths(self) -> tuple[Path, ...]:
        """Return messages, the count of tokens, files and models."""
        return (
            Path("POST", "/v1/messages", self._message),
            Path("POST", "/v1/messages/count_tokens", _count),
            Path("POST", "/v1/files", self._files.upload),
            Path("DELETE", "/v1/files/{file_id}", self._files.delete),
            Path("GET", "/v1/models", _models),
            Path("GET", "/v1/models/{model:path}", _model_of),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token, or the older ``x-api-key``."""
        return bearer_or(headers, "x-api-key")

    def response_id(self, serial: int) -> str:
        """Return an id like Anthropic's."""
        return f"msg_sim_{serial}"

    def wiring(self, created: int) -> Wiring:  # noqa: ARG002 - messages tell no time
        """Return the encoder of one answer."""
        return MessagesWiring(0)

    def wiring_of(self, ask: Ask, created: int) -> Wiring:  # noqa: ARG002 - the same
        """Return the encoder of one answer, which tells the size of the request first."""
        return MessagesWiring(tokens_of(ask.input_characters, ask.input_media))

    def server_work(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return calls, results and citations of the tools that Anthropic runs."""
        return work_of(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:
        """Return a message."""
        return whole_message(stream, ask)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:  # noqa: ARG002 - the message names it
        """Return ``{"type": "error", "error": {"type", "message"}}``."""
        server = refuse.status >= _LEAST_SERVER_ERROR
        kind = _TYPES.get(refuse.status, "api_error" if server else _TYPES[400])
        usual = _MESSAGES.get(refuse.status, _SERVER_ERROR if server else "The request was refused.")
        own = refuse.status == _KEY_REFUSED and refuse.code == "invalid_api_key"
        message = usual if own else refuse.message or usual
        return {"type": "error", "error": {"type": kind, "message": message}}

    def _message(self, request: Request) -> Ask:
        ask = read_ask(_body(request))
        self._files.check(_body(request)["messages"])
        return ask


def _count(request: Request) -> JSON:
    ask = counted_ask(_body(request))
    return {"input_tokens": tokens_of(ask.input_characters, ask.input_media)}


def _models(_request: Request) -> JSON:
    return {
        "data": [_model(name) for name in _MODELS],
        "has_more": False,
        "first_id": _MODELS[0],
        "last_id": _MODELS[-1],
    }


def _model_of(request: Request) -> JSON:
    return _model(request.params["model"])


def _model(name: str) -> dict[str, Any]:
    return {"type": "model", "id": name, "display_name": name, "created_at": "1970-01-01T00:00:00Z"}


def _body(request: Request) -> JSON:
    if not isinstance(request.json, dict):
        raise BadRequest("The request body is not valid JSON: an object is expected.")
    return request.json
