"""Events that msgspec refuses: NaN, lone surrogates, and fields of an unusual type.

A field that carries text, arguments or media must be usable, else the event is malformed. Anything else of an
unusable type is dropped and named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from ..base64_text import base64_bytes
from ..faults import unusable
from ..json_value import finite, is_finite
from ..lenient_fields import LenientFields
from ..metadata import is_whole_number
from .events import OPAQUE, PART, PARTS, WORDS, Blob, Candidate, Content, Event, FunctionCall, Part, PartialArg

Data = dict[str, Any]
Built = TypeVar("Built")
_CALL: Final = f"{PART}.functionCall"
_ARG: Final = f"{_CALL}.partialArgs[]"
_TOLD: Final = {
    "finishReason": str, "finishMessage": str, "continuationToken": str, "safetyRatings": list,
    "citationMetadata": dict, "groundingMetadata": dict, "urlContextMetadata": dict, "avgLogprobs": (int, float),
    "logprobsResult": dict,
}  # fmt: skip
_TOP: Final = {
    "usageMetadata": dict, "modelVersion": str, "responseId": str, "createTime": str, "promptFeedback": dict,
    "modelStatus": dict,
}  # fmt: skip
_SERVER_TOOLS: Final = ("executableCode", "codeExecutionResult", "toolCall", "toolResponse")
METADATA: Final = (
    *_TOP,
    *(f"candidates.{name}" for name in ("index", *_TOLD)),
    *(f"parts.{name}" for name in ("thought", *WORDS, *OPAQUE)),
    "inlineData.mimeType", "functionCall.id",
)  # fmt: skip
"""Paths of fields that are dropped and named when they cannot be used."""


class Lenient(LenientFields):
    """Builds one event from a parsed document."""

    def event(self, doc: Data) -> Event:
        """Return the event.

        Raises:
            MalformedEvent: A field that carries text, arguments or media has an unusable type.
        """
        top = {name: self._typed(doc, name, kind) for name, kind in _TOP.items()}
        return Event(candidates=_objects(doc, "candidates", "candidates", self._candidate), **top)

    def _candidate(self, doc: Data) -> Candidate:
        told = {name: self._typed(doc, name, kind, "candidates.") for name, kind in _TOLD.items()}
        content = _object(doc, "content", "candidates[].content", self._content)
        return Candidate(content=content, index=self._index(doc), **told)

    def _content(self, doc: Data) -> Content:
        return Content(_objects(doc, "parts", PARTS, self._part))

    def _part(self, doc: Data) -> Part:
        more: Data = {name: self._typed(doc, name, str, "parts.") for name in WORDS}
        more |= {name: self._typed(doc, name, dict, "parts.") for name in OPAQUE}
        more |= {name: _whole(doc, name) for name in _SERVER_TOOLS}
        return Part(
            text=_text(doc, "text", PART),
            thought=self._typed(doc, "thought", bool, "parts."),
            functionCall=_object(doc, "functionCall", _CALL, self._call),
            inlineData=_object(doc, "inlineData", f"{PART}.inlineData", self._blob),
            fileData=_whole(doc, "fileData"),
            **more,
        )

    def _blob(self, doc: Data) -> Blob:
        data = _text(doc, "data", f"{PART}.inlineData")
        return Blob(
            mimeType=self._typed(doc, "mimeType", str, "inlineData."),
            data=None if data is None else base64_bytes(data, f"{PART}.inlineData.data"),
        )

    def _call(self, doc: Data) -> FunctionCall:
        arguments = doc.get("args")
        if arguments is not None and not isinstance(arguments, dict):
            raise unusable(f"{_CALL}.args", arguments)
        return FunctionCall(
            id=self._typed(doc, "id", str, "functionCall."),
            name=_text(doc, "name", _CALL),
            args=arguments,
            partialArgs=_objects(doc, "partialArgs", f"{_CALL}.partialArgs", _argument),
            willContinue=_truth(doc, "willContinue", _CALL),
        )

    def _index(self, doc: Data) -> int | None:
        value = doc.get("index")
        if value is None or is_whole_number(value):
            return value
        self.dropped.append("candidates.index")
        return int(value) if isinstance(value, float) and value.is_integer() and value >= 0 else None


def _argument(doc: Data) -> PartialArg:
    number = doc.get("numberValue")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
        raise unusable(f"{_ARG}.numberValue", number)
    if not is_finite(number):
        raise unusable(f"{_ARG}.numberValue", str(number))
    return PartialArg(
        jsonPath=_text(doc, "jsonPath", _ARG),
        stringValue=_text(doc, "stringValue", _ARG),
        numberValue=number,
        boolValue=_truth(doc, "boolValue", _ARG),
        willContinue=_truth(doc, "willContinue", _ARG),
    )


def _truth(doc: Data, name: str, path: str) -> bool | None:
    value = doc.get(name)
    if value is not None and not isinstance(value, bool):
        raise unusable(f"{path}.{name}", value)
    return value


def _whole(doc: Data, name: str) -> Data | None:
    """Return an object that carries content; what JSON cannot hold in it is null."""
    value = doc.get(name)
    if value is not None and not isinstance(value, dict):
        raise unusable(f"{PART}.{name}", value)
    found: Data | None = finite(value)
    return found


def _object(doc: Data, name: str, path: str, build: Callable[[Data], Built]) -> Built | None:
    value = doc.get(name)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise unusable(path, value)
    return build(value)


def _objects(doc: Data, name: str, path: str, build: Callable[[Data], Built]) -> list[Built] | None:
    items = doc.get(name)
    if items is None:
        return None
    if not isinstance(items, list):
        raise unusable(path, items)
    wrong = next((item for item in items if not isinstance(item, dict | None)), None)
    if wrong is not None:
        raise unusable(f"{path}[]", wrong)
    return [build(item) for item in items if item is not None]


def _text(doc: Data, name: str, path: str) -> str | None:
    value = doc.get(name)
    if value is not None and not isinstance(value, str):
        raise unusable(f"{path}.{name}", value)
    return value
