"""Addresses, key and errors of the Responses API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.text import TextStreamChunk
from ...ask import Again, Ask, numbered_after
from ...given import Given
from ...openai_errors import bearer_key, openai_refusal
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, BadRequest, Path, Vendor
from ...wiring import Wiring
from .asking import read_ask
from .default_answer import default_answer
from .files import Files
from .response_ask import ResponseAsk
from .response_wiring import ResponseWiring
from .stored import Stored
from .whole import whole_response

_NUMBER: Final = re.compile(rb'"sequence_number":(\d+)')
_MOST_DIGITS: Final = 15
_PLACES: Final = ("/v1", "/openai/v1", "/openai")
"""OpenAI's, and the two surfaces of Azure; at the last its client adds the version of the API to the query."""


class ResponsesAPI(Vendor):
    """Responses, made and read again, under ``/v1``."""

    protocol = "openai.responses"

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._files = Files(self.given)
        self._stored = Stored(self.given, self._files)

    def base_url(self, origin: str) -> str:
        """Return the address with ``/v1``."""
        return f"{origin}/v1"

    def paths(self) -> tuple[Path, ...]:
        """Return responses, conversations and files; a response that is whole is cancelled by doing nothing."""
        stored, files = self._stored, self._files
        responses = tuple(
            Path(method, f"{place}/responses{rest}", handle)
            for place in _PLACES
            for method, rest, handle in (
                ("POST", "", self._response),
                ("GET", "/{response_id}", self._again),
                ("DELETE", "/{response_id}", stored.delete_response),
                ("POST", "/{response_id}/cancel", self._whole_again),
            )
        )
        one = "/v1/conversations/{conversation_id}"
        return (
            *responses,
            Path("POST", "/v1/conversations", stored.new_conversation),
            Path("GET", one, stored.conversation),
            Path("DELETE", one, stored.delete_conversation),
            Path("POST", "/v1/files", files.upload),
            Path("GET", "/v1/files/{file_id}", files.told),
            Path("DELETE", "/v1/files/{file_id}", files.delete),
        )

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

    def note(self, ask: Ask, chunk: BaseStreamChunk) -> None:
        """Note a response that is stored, and the images in it."""
        if not isinstance(ask, ResponseAsk) or not ask.stored:
            return
        if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.START and chunk.response_id:
            self._stored.keep_response(chunk.response_id)
        elif isinstance(chunk, MultimodalStreamChunk) and chunk.media_id:
            self._stored.keep_item(chunk.media_id)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return the default answer, with the work of OpenAI's own tools."""
        return default_answer(ask, serial) if isinstance(ask, ResponseAsk) else super().answer(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:  # noqa: ARG002 - the stream tells the model
        """Return a ``response``."""
        return whole_response(stream)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"error": {"message", "type", "param", "code"}}``."""
        return openai_refusal(refuse, param)

    def _response(self, request: Request) -> Ask:
        if not isinstance(request.json, dict):
            raise BadRequest("We could not parse the JSON body of your request: an object is expected.")
        ask = read_ask(request.json)
        self._stored.check(request.json)
        return ask

    def _again(self, request: Request) -> Again:
        response_id = request.params["response_id"]
        self._stored.check_response(response_id)
        if request.query.get("stream") != "true":
            return Again(response_id, stream=False)
        after = request.query.get("starting_after", "-1")
        if not after.removeprefix("-").isdecimal() or len(after) > _MOST_DIGITS:
            raise BadRequest("Invalid type for 'starting_after': expected an integer.", param="starting_after")
        return Again(response_id, is_new=numbered_after(_NUMBER, int(after)))

    def _whole_again(self, request: Request) -> Again:
        self._stored.check_response(request.params["response_id"])
        return Again(request.params["response_id"], stream=False)
