"""Events that msgspec refuses: NaN, lone surrogates, and fields of an unusual type.

A field that carries text, arguments or media must be usable, else the event is malformed. Anything else of an
unusable type is dropped and named.
"""

from __future__ import annotations

import json
import math
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ...errors import MalformedEvent
from .events import Audio, Choice, Custom, Delta, Event, Function, ToolCall

Data = dict[str, Any]
Built = TypeVar("Built")


def parse(payload: bytes) -> Any:
    """Return the JSON value of *payload*; NaN is allowed, as many servers' encoders write it.

    Raises:
        MalformedEvent: It is not JSON.
    """
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        raise MalformedEvent("not JSON", payload) from None


class Lenient:
    """Builds one event from a parsed document.

    Attributes:
        dropped: Paths of the fields that were dropped.
    """

    def __init__(self) -> None:
        self.dropped: list[str] = []

    def event(self, doc: Data) -> Event:
        """Return the event.

        Raises:
            MalformedEvent: A field that carries text, arguments or media has an unusable type.
        """
        return Event(
            choices=self._list(doc, "choices", "choices", self._choice),
            usage=self._data(doc, "usage"),
            error=doc.get("error"),
            created=self._typed(doc, "created", int),
            x_groq=self._data(doc, "x_groq"),
            citations=self._typed(doc, "citations", list),
            search_results=self._typed(doc, "search_results", list),
            prompt_filter_results=self._typed(doc, "prompt_filter_results", list),
            **{n: self._typed(doc, n, str) for n in ("id", "model", "system_fingerprint", "service_tier", "provider")},
            object=doc["object"] if isinstance(doc.get("object"), str) else None,
        )

    def _choice(self, doc: Data) -> Choice:
        return Choice(
            index=self._typed(doc, "index", int, "choices."),
            delta=self._object(doc, "delta", self._delta),
            message=self._object(doc, "message", self._delta),
            finish_reason=self._typed(doc, "finish_reason", str, "choices."),
            native_finish_reason=self._typed(doc, "native_finish_reason", str, "choices."),
            logprobs=self._data(doc, "logprobs", "choices."),
            usage=self._data(doc, "usage", "choices."),
            content_filter_results=self._data(doc, "content_filter_results", "choices."),
        )

    def _delta(self, doc: Data) -> Delta:
        content = doc.get("content")
        if content is not None and not isinstance(content, str | list):
            raise _unusable("content", content)
        texts = ("reasoning_content", "reasoning", "thinking", "refusal")
        return Delta(
            content=content,
            tool_calls=self._list(doc, "tool_calls", "tool_calls", self._tool_call),
            function_call=self._object(doc, "function_call", self._function),
            audio=self._object(doc, "audio", self._audio),
            images=_list_or_refuse(doc, "images"),
            reasoning_details=self._details(doc),
            annotations=self._typed(doc, "annotations", list, "delta."),
            executed_tools=self._typed(doc, "executed_tools", list, "delta."),
            extra_content=self._data(doc, "extra_content", "delta."),
            **{name: _text(doc, name) for name in texts},
        )

    def _details(self, doc: Data) -> list[Data] | None:
        details = self._typed(doc, "reasoning_details", list, "delta.")
        usable = [item for item in details or () if isinstance(item, dict)]
        return usable or None

    def _tool_call(self, doc: Data) -> ToolCall:
        return ToolCall(
            index=self._typed(doc, "index", int, "tool_calls."),
            id=self._typed(doc, "id", str, "tool_calls."),
            type=self._typed(doc, "type", str, "tool_calls."),
            function=self._object(doc, "function", self._function),
            custom=self._object(doc, "custom", lambda own: Custom(_text(own, "name"), _text(own, "input"))),
            extra_content=self._data(doc, "extra_content", "tool_calls."),
        )

    def _function(self, doc: Data) -> Function:
        arguments = doc.get("arguments")
        if arguments is not None and not isinstance(arguments, str | dict):
            raise _unusable("arguments", arguments)
        return Function(_text(doc, "name"), arguments)

    def _audio(self, doc: Data) -> Audio:
        data = _text(doc, "data")
        return Audio(
            id=self._typed(doc, "id", str, "audio."),
            data=None if data is None else base64_or_refuse(data),
            transcript=_text(doc, "transcript"),
        )

    def _typed(self, doc: Data, name: str, kind: type[Built], path: str = "") -> Built | None:
        value = doc.get(name)
        if value is None:
            return None
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)) and is_finite(value):
            return value
        self.dropped.append(path + name)
        return None

    def _data(self, doc: Data, name: str, path: str = "") -> Data | None:
        return self._typed(doc, name, dict, path)

    def _object(self, doc: Data, name: str, build: Callable[[Data], Built]) -> Built | None:
        value = doc.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _unusable(name, value)
        return build(value)

    def _list(self, doc: Data, name: str, path: str, build: Callable[[Data], Built]) -> list[Built] | None:
        items = _list_or_refuse(doc, name)
        return None if items is None else list(self._built(items, path, build))

    def _built(self, items: list[Any], path: str, build: Callable[[Data], Built]) -> Iterator[Built]:
        for item in items:
            if isinstance(item, dict):
                yield build(item)
            elif item is not None:
                raise _unusable(path, item)


def is_finite(value: Any) -> bool:
    """Return whether no number in *value* is NaN or infinite."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(map(is_finite, value.values()))
    return not isinstance(value, list) or all(map(is_finite, value))


def base64_or_refuse(text: str) -> bytes:
    """Return the bytes of base64 *text*; missing padding is added.

    Raises:
        MalformedEvent: It is not base64.
    """
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise MalformedEvent("media is not base64", text) from None


def _text(doc: Data, name: str) -> str | None:
    value = doc.get(name)
    if value is not None and not isinstance(value, str):
        raise _unusable(name, value)
    return value


def _list_or_refuse(doc: Data, name: str) -> list[Any] | None:
    value = doc.get(name)
    if value is not None and not isinstance(value, list):
        raise _unusable(name, value)
    return value


def _unusable(name: str, value: object) -> MalformedEvent:
    return MalformedEvent(f"{name} is {type(value).__name__}", value)
