"""Events that msgspec refuses: NaN, lone surrogates, and fields of an unusual type.

A field that carries text, arguments or media must be usable, else the event is malformed. Anything else of an
unusable type is dropped and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from ..base64_text import base64_bytes
from ..faults import DELTA, unusable
from ..lenient_fields import LenientFields
from ..metadata import index_of, is_whole_number
from .events import Audio, Choice, Custom, Delta, Event, Function, ToolCall

Data = dict[str, Any]
Built = TypeVar("Built")
_CHAT_FIELDS: Final = ("choices", "usage", "x_groq", "citations", "search_results", "prompt_filter_results")
_CALL: Final = f"{DELTA}.tool_calls[]"


def is_chat_event(doc: Data) -> bool:
    """Return whether *doc* is an event of a chat stream, and not one that we know nothing of."""
    return doc.get("object") == "chat.completion.chunk" or any(doc.get(name) is not None for name in _CHAT_FIELDS)


class Lenient(LenientFields):
    """Builds one event from a parsed document."""

    def event(self, doc: Data) -> Event:
        """Return the event.

        Raises:
            MalformedEvent: A field that carries text, arguments or media has an unusable type.
        """
        return Event(
            choices=self._objects(doc, "choices", "choices", self._choice),
            usage=self._data(doc, "usage"),
            error=doc.get("error"),
            created=self._typed(doc, "created", int),
            x_groq=self._data(doc, "x_groq"),
            citations=self._typed(doc, "citations", list),
            search_results=self._typed(doc, "search_results", list),
            prompt_filter_results=self._typed(doc, "prompt_filter_results", list),
            **{n: self._typed(doc, n, str) for n in ("id", "model", "system_fingerprint", "service_tier", "provider")},
        )

    def _choice(self, doc: Data) -> Choice:
        return Choice(
            index=self._index(doc, "choices."),
            delta=self._object(doc, "delta", DELTA, self._delta),
            message=self._object(doc, "message", "choices[].message", self._delta),
            finish_reason=self._typed(doc, "finish_reason", str, "choices."),
            native_finish_reason=self._typed(doc, "native_finish_reason", str, "choices."),
            logprobs=self._data(doc, "logprobs", "choices."),
            usage=self._data(doc, "usage", "choices."),
            content_filter_results=self._data(doc, "content_filter_results", "choices."),
        )

    def _delta(self, doc: Data) -> Delta:
        return Delta(
            content=self._content(doc),
            reasoning_content=_text(doc, "reasoning_content"),
            reasoning=_text(doc, "reasoning"),
            thinking=_text(doc, "thinking"),
            refusal=_text(doc, "refusal"),
            tool_calls=self._objects(doc, "tool_calls", f"{DELTA}.tool_calls", self._tool_call),
            function_call=self._function(doc, "function_call", f"{DELTA}.function_call"),
            audio=self._object(doc, "audio", f"{DELTA}.audio", self._audio),
            images=_list(doc, "images", f"{DELTA}.images"),
            reasoning_details=self._details(doc),
            annotations=self._typed(doc, "annotations", list, "delta."),
            executed_tools=self._typed(doc, "executed_tools", list, "delta."),
            extra_content=self._data(doc, "extra_content", "delta."),
        )

    def _content(self, doc: Data) -> str | list[Any] | None:
        content = doc.get("content")
        if content is None or isinstance(content, str):
            return content
        if not isinstance(content, list):
            raise unusable(f"{DELTA}.content", content)
        parts: list[Any] | None = self._typed(doc, "content", list, "delta.")
        return parts

    def _details(self, doc: Data) -> list[Data] | None:
        details = self._typed(doc, "reasoning_details", list, "delta.") or []
        usable = [item for item in details if isinstance(item, dict)]
        if len(usable) < len(details):
            self.dropped.append("delta.reasoning_details")
        return usable

    def _tool_call(self, doc: Data) -> ToolCall:
        return ToolCall(
            index=self._index(doc, "tool_calls."),
            id=self._typed(doc, "id", str, "tool_calls."),
            type=self._typed(doc, "type", str, "tool_calls."),
            function=self._function(doc, "function", f"{_CALL}.function"),
            custom=self._object(doc, "custom", f"{_CALL}.custom", _custom),
            extra_content=self._data(doc, "extra_content", "tool_calls."),
        )

    def _function(self, doc: Data, name: str, path: str) -> Function | None:
        def build(own: Data) -> Function:
            arguments = own.get("arguments")
            if arguments is not None and not isinstance(arguments, str | dict):
                raise unusable(f"{path}.arguments", arguments)
            return Function(_text(own, "name", path), arguments)

        return self._object(doc, name, path, build)

    def _audio(self, doc: Data) -> Audio:
        data = _text(doc, "data", f"{DELTA}.audio")
        return Audio(
            id=self._typed(doc, "id", str, "audio."),
            data=None if data is None else base64_bytes(data, f"{DELTA}.audio.data"),
            transcript=_text(doc, "transcript", f"{DELTA}.audio"),
        )

    def _index(self, doc: Data, path: str) -> int | None:
        """An index of the wrong type is told, but still tells choices and calls apart where it can."""
        value = doc.get("index")
        if value is not None and not is_whole_number(value):
            self.dropped.append(f"{path}index")
        return index_of(value)

    def _data(self, doc: Data, name: str, path: str = "") -> Data | None:
        found: Data | None = self._typed(doc, name, dict, path)
        return found

    def _object(self, doc: Data, name: str, path: str, build: Callable[[Data], Built]) -> Built | None:
        value = doc.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise unusable(path, value)
        return build(value)

    def _objects(self, doc: Data, name: str, path: str, build: Callable[[Data], Built]) -> list[Built] | None:
        items = _list(doc, name, path)
        return None if items is None else list(_built(items, f"{path}[]", build))


def _built(items: list[Any], path: str, build: Callable[[Data], Built]) -> Iterator[Built]:
    for item in items:
        if isinstance(item, dict):
            yield build(item)
        elif item is not None:
            raise unusable(path, item)


def _custom(doc: Data) -> Custom:
    return Custom(_text(doc, "name", f"{_CALL}.custom"), _text(doc, "input", f"{_CALL}.custom"))


def _text(doc: Data, name: str, path: str = DELTA) -> str | None:
    value = doc.get(name)
    if value is not None and not isinstance(value, str):
        raise unusable(f"{path}.{name}", value)
    return value


def _list(doc: Data, name: str, path: str) -> list[Any] | None:
    value = doc.get(name)
    if value is not None and not isinstance(value, list):
        raise unusable(path, value)
    return value
