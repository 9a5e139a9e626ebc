"""Addresses, key and errors of generateContent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ...answers.tokens import tokens_of
from ...ask import Ask
from ...bearer import bearer_token
from ...given import Given
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, BadRequest, Path, Vendor
from ...wiring import Wiring
from .answering import default_answer
from .asking import GoogleAsk, read_ask
from .files import Files
from .transcribing import transcript_answer
from .whole import whole_response
from .whole_calls import GenerateContentWiring

_MODELS: Final = ("simulator", "simulator/fault:429;times=1", "simulator/fault:cut", "simulator/fault:slow")
_STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""https://cloud.google.com/apis/design/errors#handling_errors"""
_MESSAGES: Final = {
    401: "API key not valid. Please pass a valid API key.",
    403: "The caller does not have permission",
    404: "The model is not found, or is not supported for generateContent.",
    429: "You exceeded your current quota. Please retry later.",
    503: "The model is overloaded. Please try again later.",
}
_INVALID_KEY: Final = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
}
CLOUD_PREFIXES: Final = (
    "/v1/publishers/google/models",
    "/v1beta1/publishers/google/models",
    "/v1/projects/{project}/locations/{location}/publishers/google/models",
    "/v1beta1/projects/{project}/locations/{location}/publishers/google/models",
)
"""Google Cloud in express mode, and with a project."""
_PREFIXES: Final = ("/v1/models", "/v1beta/models", *CLOUD_PREFIXES)
"""The Developer API, and Google Cloud."""


class GenerateContentAPI(Vendor):
    """Answers in a stream and as a whole, counts of tokens, and the list of models."""

    protocol = "google.generate_content"
    names: tuple[str, ...] = ("google",)
    key_header = "x-goog-api-key"
    client_header = "x-goog-api-client"

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._files = Files(self.given)

    def base_url(self, origin: str) -> str:
        """Return the bare address, to which Google's SDK adds the version."""
        return origin

    def paths(self) -> tuple[Path, ...]:
        """Return the methods of a model under each prefix, the models, and files."""
        return (*(path for prefix in _PREFIXES for path in self._paths(prefix)), *self._files.paths())

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the key in Google's header, or the token of Google Cloud."""
        return headers.get(self.key_header) or bearer_token(headers)

    def response_id(self, serial: int) -> str:
        """Return an id like Google's."""
        return f"sim{serial:08d}"

    def wiring(self, created: int) -> Wiring:  # noqa: ARG002 - Google tells no time
        """Return the encoder of one answer."""
        return GenerateContentWiring()

    def wiring_of(self, ask: Ask, created: int) -> Wiring:  # noqa: ARG002 - Google tells no time
        """Return the encoder of the answer to *ask*, with arguments in pieces where it asks for them."""
        return GenerateContentWiring(pieces=isinstance(ask, GoogleAsk) and ask.streams_arguments)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return the default answer with signatures, pictures, and what Google's own tools did; or a transcript."""
        if isinstance(ask, GoogleAsk) and ask.transcription is not None:
            return transcript_answer(ask)
        return default_answer(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:
        """Return a ``GenerateContentResponse``."""
        return whole_response(stream, ask)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:  # noqa: ARG002 - the message names it
        """Return ``{"error": {"code", "message", "status", "details"}}``."""
        usual = "An internal error has occurred." if refuse.status >= 500 else "The request was refused."  # noqa: PLR2004
        error: dict[str, Any] = {
            "code": refuse.status,
            "message": refuse.message or _MESSAGES.get(refuse.status, usual),
            "status": refuse.code if refuse.code in _STATUS.values() else _status_of(refuse.status),
        }
        details = [_INVALID_KEY] if refuse.code == "invalid_api_key" else []
        if refuse.retry_after is not None:
            retry_info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{refuse.retry_after:g}s"}
            details = [*details, retry_info]
        return {"error": {**error, **({"details": details} if details else {})}}

    def _paths(self, prefix: str) -> tuple[Path, ...]:
        named = prefix + "/{model:path}"
        listed = "models" if prefix.endswith(("/v1/models", "/v1beta/models")) else "publisherModels"
        return (
            Path("POST", named + ":streamGenerateContent", partial(self._generate, stream=True)),
            Path("POST", named + ":generateContent", partial(self._generate, stream=False)),
            Path("POST", named + ":countTokens", _count),
            Path("GET", prefix, partial(_models, name=listed)),
            Path("GET", named, _model_of),
        )

    def _generate(self, request: Request, *, stream: bool) -> Ask:
        ask = read_ask(_body(request), request.params["model"], stream=stream)
        self._files.check(request.json)
        return ask


def _status_of(status: int) -> str:
    return _STATUS.get(status, "INTERNAL" if status >= 500 else "FAILED_PRECONDITION")  # noqa: PLR2004 - HTTP


def _body(request: Request) -> Mapping[str, Any]:
    if not isinstance(request.json, dict):
        raise BadRequest("Invalid JSON payload received. An object is expected.")
    return request.json


def _count(request: Request) -> JSON:
    body = _body(request)
    inner = body.get("generateContentRequest")
    ask = read_ask(inner if isinstance(inner, dict) else body, request.params["model"], stream=False)
    return {"totalTokens": tokens_of(ask.input_characters, ask.input_media)}


def _models(_request: Request, *, name: str) -> JSON:
    return {name: [_model(model) for model in _MODELS]}


def _model_of(request: Request) -> JSON:
    return _model(request.params["model"])


def _model(name: str) -> dict[str, Any]:
    return {
        "name": f"models/{name}",
        "version": "1",
        "displayName": name,
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    }
