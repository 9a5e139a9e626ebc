"""Addresses, key and errors of the Responses API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from ....stream_chunk.base import BaseStreamChunk
from ...ask import Again, Ask, numbered_after
from ...openai_errors import bearer_key, openai_refusal
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, BadRequest, Path, Vendor
from ...wiring import Wiring
from .asking import read_ask
from .default_answer import default_answer
from .files import delete, upload
from .response_ask import ResponseAsk
from .response_wiring import ResponseWiring
from .whole import whole_response

_NUMBER: Final = re.compile(rb'"sequence_number":(\d+)')
_MOST_DIGITS: Final = 15
_PLACES: Final = ("/v1", "/openai/v1", "/openai")
"""OpenAI's, and the two surfaces of Azure; at the last its client adds the version of the API to the query."""


class ResponsesAPI(Vendor):
    """Responses, made and read again, under ``/v1``."""

    protocol = "openai.responses"

    def base_url(self, origin: str) -> str:
        """Return the address with ``/v1``."""
        return f"{origin}/v1"

    def paths(self) -> tuple[Path, ...]:
        """Return making, reading and cancelling, and files; a response that is whole is cancelled by doing nothing."""
        responses = tuple(
            Path(method, f"{place}/responses{rest}", handle)
            for place in _PLACES
            for method, rest, handle in (
                ("POST", "", _response),
                ("GET", "/{response_id}", _again),
                ("POST", "/{response_id}/cancel", _whole_again),
            )
        )
        return (*responses, Path("POST", "/v1/files", upload), Path("DELETE", "/v1/files/{file_id}", delete))

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token, or Azure's ``api-key``."""
        return bearer_key(headers)

    def response_id(self, serial: int) -> str:
        """Return an id like OpenAI's."""
        return f"resp_sim_{serial}"

    def wiring(self, created: int) -> Wiring:
        """Return the encoder of an answer to no particular request."""
        return ResponseWiring(ResponseAsk("simulator"), created)

    def wiring_of(self, ask: Ask, created: int) -> Wiring:
        """Return the encoder of the answer to *ask*."""
        return ResponseWiring(ask, created) if isinstance(ask, ResponseAsk) else self.wiring(created)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return the default answer, with the work of OpenAI's own tools."""
        return default_answer(ask, serial) if isinstance(ask, ResponseAsk) else super().answer(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:  # noqa: ARG002 - the stream tells the model
        """Return a ``response``."""
        return whole_response(stream)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"error": {"message", "type", "param", "code"}}``."""
        return openai_refusal(refuse, param)


def _response(request: Request) -> Ask:
    if not isinstance(request.json, dict):
        raise BadRequest("We could not parse the JSON body of your request: an object is expected.")
    return read_ask(request.json)


def _again(request: Request) -> Again:
    response_id = request.params["response_id"]
    if request.query.get("stream") != "true":
        return Again(response_id, stream=False)
    after = request.query.get("starting_after", "-1")
    if not after.removeprefix("-").isdecimal() or len(after) > _MOST_DIGITS:
        raise BadRequest("Invalid type for 'starting_after': expected an integer.", param="starting_after")
    return Again(response_id, is_new=numbered_after(_NUMBER, int(after)))


def _whole_again(request: Request) -> Again:
    return Again(request.params["response_id"], stream=False)
