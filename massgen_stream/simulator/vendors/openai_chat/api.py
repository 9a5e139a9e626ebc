"""Addresses, key and errors of Chat Completions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ...ask import Ask
from ...body_fields import Body
from ...given import Given
from ...nested import objects_in
from ...openai_errors import bearer_key, openai_refusal
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, BadRequest, Path, Vendor
from ...wiring import Wiring
from ..openai_responses.files import Files
from .asking import read_ask
from .chat_wiring import ChatWiring
from .drawing import ChatAsk, drawn_answer
from .whole import whole_completion

_MODELS: Final = ("simulator", "simulator/fault:429;times=1", "simulator/fault:cut", "simulator/fault:slow")


class ChatAPI(Vendor):
    """Chat Completions and the list of models, under ``/v1``."""

    protocol = "openai.chat"
    names = ("openai",)
    end_mark = b"data: [DONE]\n\n"

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._files = Files(self.given)

    def base_url(self, origin: str) -> str:
        """Return the address with ``/v1``."""
        return f"{origin}/v1"

    def url(self, provider: str, origin: str) -> str:
        """Return the address with ``/v1``; two hosts have another.

        Azure's is that of the resource, to which the SDK adds the deployment. Mistral, which tells usage unasked, has a
        place of its own.
        """
        return {"azure_openai": origin, "mistral": f"{origin}/mistral/v1"}.get(provider, self.base_url(origin))

    def paths(self) -> tuple[Path, ...]:
        """Return completions, also where Azure has them, and models."""
        return (
            Path("POST", "/v1/chat/completions", self._completion),
            Path("POST", "/openai/v1/chat/completions", self._completion),
            Path("POST", "/openai/deployments/{model}/chat/completions", self._deployment),
            Path("POST", "/mistral/v1/chat/completions", self._telling_usage),
            Path("GET", "/v1/models", _models),
            Path("GET", "/v1/models/{model:path}", _model_of),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token, or Azure's ``api-key``."""
        return bearer_key(headers)

    def response_id(self, serial: int) -> str:
        """Return an id like OpenAI's."""
        return f"chatcmpl-sim-{serial}"

    def wiring(self, created: int) -> Wiring:
        """Return the encoder of one answer."""
        return ChatWiring(created)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return the default answer, with a picture where one is asked for."""
        return drawn_answer(ask, serial) if isinstance(ask, ChatAsk) else super().answer(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:
        """Return a ``chat.completion``."""
        return whole_completion(stream, ask)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"error": {"message", "type", "param", "code"}}``."""
        return openai_refusal(refuse, param)

    def _completion(self, request: Request) -> Ask:
        if not isinstance(request.json, dict):
            raise BadRequest("We could not parse the JSON body of your request: an object is expected.")
        return self._read(request.json)

    def _telling_usage(self, request: Request) -> Ask:
        return replace(self._completion(request), usage=True)

    def _deployment(self, request: Request) -> Ask:
        """Azure's: the model stands in the path, the version of the API in the query."""
        if not request.query.get("api-version"):
            raise BadRequest("Resource not found", status=404, code="404")
        if not isinstance(request.json, dict):
            raise BadRequest("We could not parse the JSON body of your request: an object is expected.")
        return self._read({**request.json, "model": request.params["model"]})

    def _read(self, body: Body) -> Ask:
        ask = read_ask(body)
        for one in objects_in(body["messages"]):
            if one.get("type") == "file" and isinstance(one.get("file"), dict):
                self._files.check(one["file"].get("file_id"), "messages")
        return ask


def _models(_request: Request) -> JSON:
    return {"object": "list", "data": [_model(name) for name in _MODELS]}


def _model_of(request: Request) -> JSON:
    return _model(request.params["model"])


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "massgen_stream"}
