"""Events that msgspec refuses: NaN, lone surrogates, base64 with odd padding, fields of an unusual type.

A field that carries text or a picture must be usable, else the event is malformed. Anything else of an unusable type
is dropped and named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from ...errors import MalformedEvent
from ..base64_text import base64_bytes
from ..faults import UnusableField
from ..lenient_fields import LenientFields
from .events import COMPLETED, ENVELOPE, Event, Picture

Data = dict[str, Any]
_SAMPLES: Final[Mapping[str, Any]] = {"int": 0, "float": 0.5, "bool": True, "str": "?", "list": [], "dict": {}}
_NUMBERS: Final = ("created", "created_at")
_TABLES: Final = ("svg_usage", "usage")
_PICTURE_WORDS: Final = ("revised_prompt", "media_type", "mime_type")
_WORDS: Final = (*(name for name in ENVELOPE if name not in (*_NUMBERS, *_TABLES)), "phase")
METADATA: Final = frozenset((*_NUMBERS, *_TABLES, *_PICTURE_WORDS, *_WORDS, "partial_image_index"))
"""What is dropped where it is unusable."""


class UnusablePicture(UnusableField):
    """A field that carries text or a picture has an unusable value.

    Attributes:
        event: The smallest event with the same fault; the encoder says it again.
    """

    def __init__(self, path: str, what: str, sample: object) -> None:
        MalformedEvent.__init__(self, f"{path} {what}")
        name = path.removesuffix("[]")
        self.event = {"type": COMPLETED, name: sample if name == path else [sample]}


class Lenient(LenientFields):
    """Builds an event from a parsed document."""

    def event(self, doc: Data) -> Event:
        """Return the event.

        Raises:
            MalformedEvent: A field that carries text or a picture has an unusable type.
        """
        items = doc.get("data")
        if items is not None and not isinstance(items, list):
            raise _unusable("data", items)
        return Event(
            **self._picture(doc),
            data=None if items is None else [self._item(item) for item in items],
            text=_text(doc, "text"),
            partial_image_index=self._index(doc, "partial_image_index"),
            **{name: self._typed(doc, name, str) for name in _WORDS},
            **{name: self._typed(doc, name, int) for name in _NUMBERS},
            **{name: self._typed(doc, name, dict) for name in _TABLES},
        )

    def _item(self, item: Any) -> Picture:
        if not isinstance(item, dict):
            raise _unusable("data[]", item)
        return Picture(**self._picture(item))

    def _picture(self, doc: Data) -> Data:
        known: Data = {name: self._typed(doc, name, str) for name in _PICTURE_WORDS}
        text = _text(doc, "b64_json") or ""
        if text[:5].lower() == "data:":
            mime_type, known["b64_json"] = split_data_url(text, "b64_json")
            known["media_type"] = known["media_type"] or mime_type or None
        elif text:
            known["b64_json"] = _bytes(text, "b64_json", "?")
        return {**known, "url": _text(doc, "url")}

    def _index(self, doc: Data, name: str) -> int | None:
        value: int | None = self._typed(doc, name, int)
        if value is not None and value < 0:
            self.dropped.append(name)
            return None
        return value


def split_data_url(url: str, path: str) -> tuple[str, bytes]:
    """Return MIME type, empty if it names none, and bytes of a data URL (https://www.rfc-editor.org/rfc/rfc2397).

    Raises:
        UnusablePicture: It holds no data.
    """
    comma = url.find(",")
    if comma < 0:
        raise UnusablePicture(path, "is a data URL without data", "data:")
    mime_type, *options = url[5:comma].split(";")
    if "base64" in options:
        return mime_type, _bytes(url, path, "data:;base64,?", start=comma + 1)
    return mime_type, unquote_to_bytes(url[comma + 1 :].encode("utf-8", "replace"))


def _bytes(text: str, path: str, sample: str, *, start: int = 0) -> bytes:
    try:
        return base64_bytes(text, path, start=start)
    except UnusableField:
        raise UnusablePicture(path, "is not base64", sample) from None


def _text(doc: Data, name: str) -> str | None:
    value = doc.get(name)
    if value is not None and not isinstance(value, str):
        raise _unusable(name, value)
    return value


def _unusable(path: str, value: object) -> UnusablePicture:
    kind = type(value).__name__
    return UnusablePicture(path, f"is {kind}", _SAMPLES.get(kind))
