"""The answer to a client that does not stream: the streamed messages, put together."""

from __future__ import annotations

import json
from typing import Any, Final

from ...scripts import Refuse
from ...vendor import Refused
from .codes import STATUSES

Data = dict[str, Any]
_TEXTS: Final = ("content", "reasoning_content", "encrypted_content")
_LISTS: Final = ("tool_calls", "citations")


def whole_response(stream: bytes) -> Data:
    """Return the JSON form of the ``GetChatCompletionResponse`` that the lines of *stream* make.

    Raises:
        Refused: One of them is an error.
        ValueError: One of them is no JSON object.
    """
    whole: Data = {}
    outputs: dict[int, Data] = {}
    for document in map(json.loads, filter(None, stream.split(b"\n"))):
        if document.keys() == {"error"}:
            said = document["error"]
            raise Refused(Refuse(STATUSES.get(said["code"], 500), said["message"]))
        for piece in document.get("outputs", ()):
            _add(outputs.setdefault(piece.get("index", 0), {"message": {}}), piece)
        lists = {
            name: [*whole.get(name, ()), *document[name]] for name in ("citations", "output_files") if name in document
        }
        whole |= {**document, **lists}
    found = [{**output, "index": index} for index, output in sorted(outputs.items())]
    return {**whole, "outputs": found}


def _add(output: Data, piece: Data) -> None:
    message, delta = output["message"], piece.get("delta", {})
    message |= {"role": delta["role"]} if "role" in delta else {}
    message |= {name: message.get(name, "") + delta[name] for name in _TEXTS if name in delta}
    message |= {name: [*message.get(name, ()), *delta[name]] for name in _LISTS if name in delta}
    output |= {name: piece[name] for name in ("finish_reason", "logprobs") if name in piece}
