"""Events of a streamed response, in the order in which OpenAI sends them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.text import TextStreamChunk
from ....wire.openai_responses import ResponsesEncoder
from .item_ends import ItemEnds
from .response_ask import ResponseAsk

Data = dict[str, Any]
_T = ChunkType
_DATA: Final = b"\ndata: "
_ITEM_DONE: Final = b"event: response.output_item.done\n"
_STATES: Final = (
    b"event: response.created\n", b"event: response.in_progress\n", b"event: response.queued\n",
    b"event: response.completed\n", b"event: response.incomplete\n", b"event: response.failed\n",
)  # fmt: skip
_NUMBER: Final = re.compile(rb'"sequence_number":\d+')
_FIRST, _SECOND = b'"sequence_number":1', b'"sequence_number":2'
_OBLIGED: Final = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}


class ResponseWiring:
    """Encodes one answer: repeats what the request said, and gathers the output for the last event.

    Args:
        ask: The request.
        created: When the answer was made, in Unix seconds.
    """

    def __init__(self, ask: ResponseAsk, created: int) -> None:
        self._ask, self._ends = ask, ItemEnds(ask)
        self._encoder = ResponsesEncoder()
        self._encoder.created_at, self._encoder.custom_tools = created, ask.custom
        self._output: dict[int, Data] = {}
        self._usage: Data | None = None
        self._failure: TextStreamChunk | None = None
        self._head: Data = {}

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield the events for *chunk*."""
        for one in self._ends.feed(chunk):
            if isinstance(one, TextStreamChunk):
                one = self._noted(one)
            said = list(self._dressed(self._encoder.encode(one)))
            yield from self._queued(said) if one.type is _T.START and self._ask.kept else said

    def close(self) -> bytes:
        """Return what belongs after the last chunk: an error is followed by the failed response."""
        if self._failure is None:
            return b"".join(self._dressed(self._encoder.close()))
        info = self._failure.error_info or {}
        error = {"code": info.get("code") or "server_error", "message": self._failure.error}
        failed = TextStreamChunk(type=_T.COMPLETE_RESPONSE, response={**self._head, "status": "failed", "error": error})
        done = TextStreamChunk(type=_T.DONE, finish_reason="error", raw_finish_reason="failed")
        said = self._encoder.encode(failed) + self._encoder.encode(done) + self._encoder.close()
        return b"".join(self._dressed(said))

    def _queued(self, start: list[bytes]) -> list[bytes]:
        """The beginning of an answer that waits for its turn: created, queued, in progress."""
        status = TextStreamChunk(type=_T.BACKEND_STATUS, status="info", detail="queued")
        created, begun, queued = [*start, *self._dressed(self._encoder.encode(status))]
        created = created.replace(b'"status":"in_progress"', b'"status":"queued"', 1)
        return [created, _NUMBER.sub(_FIRST, queued, count=1), _NUMBER.sub(_SECOND, begun, count=1)]

    def _noted(self, chunk: TextStreamChunk) -> TextStreamChunk:
        """Remember what belongs into the last event."""
        if chunk.type is _T.ERROR:
            self._failure = chunk
        elif chunk.type is _T.USAGE:
            self._usage = chunk.usage
        elif chunk.type is _T.DONE:
            self._failure = None
            return chunk if chunk.usage or not self._usage else replace(chunk, usage=self._usage)
        return chunk

    def _dressed(self, said: bytes) -> Iterator[bytes]:
        for event in said.split(b"\n\n"):
            if event.startswith(_ITEM_DONE):
                document = json.loads(event.partition(_DATA)[2])
                self._output[document["output_index"]] = document["item"]
            elif event.startswith(_STATES):
                event = self._state(event)
            if event:
                yield event + b"\n\n"

    def _state(self, event: bytes) -> bytes:
        """An event that holds the response as it is."""
        name, _, data = event.partition(_DATA)
        document = json.loads(data)
        if "response" not in document:
            return event
        response = document["response"] | self._ask.echo
        response["output"] = [self._output[index] for index in sorted(self._output)] or response.get("output", [])
        if isinstance(response.get("usage"), dict):
            response["usage"] = _with_details(response["usage"])
        self._head = {key: value for key, value in response.items() if key != "output"}
        return name + _DATA + json.dumps({**document, "response": response}, separators=(",", ":")).encode()


def _with_details(usage: Data) -> Data:
    """The figures that every report of OpenAI has."""
    return {**usage, **{name: {**least, **(usage.get(name) or {})} for name, least in _OBLIGED.items()}}
