"""The answer to a client that does not stream: the streamed answer, put together."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

from ...ask import Ask
from ...openai_errors import refuse_of
from ...stream_documents import documents_of
from ...vendor import Refused

Data = dict[str, Any]
_NAMES: Final = frozenset(("id", "type", "role", "name", "index"))
"""Strings that are sent whole; all others come in pieces."""


def whole_completion(stream: bytes, ask: Ask) -> Data:
    """Return the ``chat.completion`` that the events of *stream* make.

    Raises:
        Refused: One of them is an error.
        ValueError: One of them is no JSON object.
    """
    whole: Data = {"object": "chat.completion", "model": ask.model, "choices": []}
    choices: dict[int, _Choice] = {}
    for event in documents_of(stream):
        if "error" in event:
            raise Refused(refuse_of(event["error"]))
        whole |= {name: value for name, value in event.items() if name not in ("object", "choices")}
        for piece in event.get("choices") or ():
            index = piece.get("index") or 0
            choices.setdefault(index, _Choice(index)).feed(piece)
    whole["choices"] = [choice.whole() for _, choice in sorted(choices.items())]
    return whole


class _Pieces(list[str]):
    """A text that is still growing."""


class _Choice:
    """One choice while its events are put together."""

    def __init__(self, index: int) -> None:
        self._index = index
        self._message: Data = {"role": "assistant", "content": None, "refusal": None}
        self._rest: Data = {"finish_reason": None, "logprobs": None}

    def feed(self, piece: Mapping[str, Any]) -> None:
        delta = dict(piece.get("delta") or {})
        for part in delta.pop("tool_calls", ()):
            self._add_call(part)
        _add(self._message, delta)
        _add(self._rest, {"logprobs": piece.get("logprobs")})
        self._rest |= {k: v for k, v in piece.items() if k not in ("delta", "index", "logprobs") and v is not None}

    def _add_call(self, part: Mapping[str, Any]) -> None:
        """Add to the call at its index, which whole answers do not tell; here it is the place in the list."""
        calls = self._message.setdefault("tool_calls", [])
        index = part.get("index", len(calls))
        if index >= len(calls):
            calls.append({})
        _add(calls[min(index, len(calls) - 1)], {name: value for name, value in part.items() if name != "index"})

    def whole(self) -> Data:
        message = _plain(self._message)
        if not message["content"] and (message.get("tool_calls") or message["refusal"]):
            message["content"] = None
        rest = _plain(self._rest)
        return {"index": self._index, "message": message, **rest, "finish_reason": rest["finish_reason"] or "stop"}


def _add(target: Data, delta: Mapping[str, Any]) -> None:
    """Append *delta*: texts and lists grow, objects are joined, the rest is replaced."""
    for name, value in delta.items():
        known = target.get(name)
        if isinstance(value, str) and name not in _NAMES:
            target[name] = known = known if isinstance(known, _Pieces) else _Pieces()
            known.append(value)
        elif isinstance(value, list):
            target[name] = (known if isinstance(known, list) else []) + value
        elif isinstance(value, dict):
            target[name] = known = known if isinstance(known, dict) else {}
            _add(known, value)
        elif value is not None:
            target[name] = value


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, _Pieces):
        return _base64(value) if name == "data" else "".join(value)
    if isinstance(value, dict):
        return {key: _plain(item, key) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _base64(pieces: _Pieces) -> str:
    """Each piece of audio ends with its own padding, so it is the bytes that are joined."""
    return b64encode(b"".join(map(b64decode, pieces))).decode()
