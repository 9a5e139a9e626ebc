"""Addresses, key and errors of Chat Completions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...ask import Ask
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, BadRequest, Path, Vendor
from ...wiring import Wiring
from .asking import read_ask
from .chat_wiring import ChatWiring
from .whole import whole_completion

_MODELS: Final = ("simulator", "simulator/fault:429;times=1", "simulator/fault:cut", "simulator/fault:slow")
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


class ChatAPI(Vendor):
    """Chat Completions and the list of models, under ``/v1``."""

    protocol = "openai.chat"
    names = ("openai",)
    end_mark = b"data: [DONE]\n\n"

    def base_url(self, origin: str) -> str:
        """Return the address with ``/v1``."""
        return f"{origin}/v1"

    def paths(self) -> tuple[Path, ...]:
        """Return completions and models."""
        return (
            Path("POST", "/v1/chat/completions", _completion),
            Path("GET", "/v1/models", _models),
            Path("GET", "/v1/models/{model:path}", _model_of),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token, or Azure's ``api-key``."""
        scheme, _, key = headers.get("authorization", "").partition(" ")
        return key.strip() if scheme.lower() == "bearer" else headers.get("api-key")

    def response_id(self, serial: int) -> str:
        """Return an id like OpenAI's."""
        return f"chatcmpl-sim-{serial}"

    def wiring(self, created: int) -> Wiring:
        """Return the encoder of one answer."""
        return ChatWiring(created)

    def whole(self, stream: bytes, ask: Ask) -> JSON:
        """Return a ``chat.completion``."""
        return whole_completion(stream, ask)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
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


def _completion(request: Request) -> Ask:
    if not isinstance(request.json, dict):
        raise BadRequest("We could not parse the JSON body of your request: an object is expected.")
    return read_ask(request.json)


def _models(_request: Request) -> JSON:
    return {"object": "list", "data": [_model(name) for name in _MODELS]}


def _model_of(request: Request) -> JSON:
    return _model(request.params["model"])


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "massgen_stream"}
