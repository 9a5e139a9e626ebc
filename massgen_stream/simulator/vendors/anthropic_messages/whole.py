"""The message for a client that does not stream: the streamed one, put together."""

from __future__ import annotations

import json
from typing import Any, Final

from ....wire.error_kinds import error_info_of, error_message_of
from ...ask import Ask
from ...scripts import Refuse
from ...stream_documents import documents_of
from ...vendor import Refused

Data = dict[str, Any]
_STATUS_OF_KIND: Final = {
    "authentication": 401,
    "permission": 403,
    "not_found": 404,
    "invalid_request": 400,
    "context_length": 400,
    "rate_limited": 429,
    "overloaded": 529,
    "timeout": 504,
}


def whole_message(stream: bytes, ask: Ask) -> Data:
    """Return the message that the events of *stream* make.

    Raises:
        Refused: One of them is an error.
        ValueError: One of them is no JSON object, or the first one is missing.
    """
    draft = _Draft()
    for event in documents_of(stream):
        draft.feed(event)
    return draft.message(ask)


class _Draft:
    """A message while its events are put together."""

    def __init__(self) -> None:
        self._message: Data | None = None
        self._blocks: dict[int, Data] = {}
        self._inputs: dict[int, list[str]] = {}

    def feed(self, event: Data) -> None:
        kind = event.get("type")
        if kind == "error":
            raise Refused(_refuse(event))
        if kind == "message_start":
            self._message = {**event["message"]}
        elif kind == "content_block_start":
            self._blocks[event["index"]] = {**event["content_block"]}
        elif kind == "content_block_delta":
            self._add(event["index"], event["delta"])
        elif kind == "content_block_stop":
            self._blocks[event["index"]] |= _beside(event.get("content_block") or {})
        elif kind == "message_delta" and self._message is not None:
            self._message |= {name: value for name, value in event["delta"].items() if value is not None}
            self._message["usage"] = {**self._message.get("usage", {}), **event.get("usage", {})}

    def message(self, ask: Ask) -> Data:
        if self._message is None:
            raise ValueError("there is no message_start")
        for index, pieces in self._inputs.items():
            self._blocks[index]["input"] = json.loads("".join(pieces) or "{}")
        content = [self._blocks[index] for index in sorted(self._blocks)]
        return {**self._message, "model": self._message.get("model") or ask.model, "content": content}

    def _add(self, index: int, delta: Data) -> None:
        block = self._blocks[index]
        if delta["type"] == "input_json_delta":
            self._inputs.setdefault(index, []).append(delta["partial_json"])
        elif delta["type"] == "citations_delta":
            block["citations"] = [*(block.get("citations") or []), delta["citation"]]
        else:
            for name, value in delta.items():
                if name != "type":
                    block[name] = (block.get(name) or "") + value if isinstance(value, str) else value


def _beside(block: Data) -> Data:
    """What the end of a block adds to a call: the stream says it when it knows."""
    return {name: value for name, value in block.items() if name not in ("type", "id", "name", "input")}


def _refuse(event: Data) -> Refuse:
    info = error_info_of(event)
    return Refuse(_STATUS_OF_KIND.get(info["kind"], 500), error_message_of(event))
