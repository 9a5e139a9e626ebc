"""When something was said, by whom, and in which language: one form for every vendor of transcripts.

The place is ``provider_data["transcript"]`` of `content` chunks, and of the text parts that are built of them::

    {
        "segments": [{"id", "text", "start_seconds", "end_seconds", "speaker"}],
        "words": [{"text", "start_seconds", "end_seconds", "speaker", "kind"}],
        "languages": ["en"],
        "duration_seconds": 5.49,
    }

Each field is there if the vendor said it; times count from the beginning of the recording. `kind` is given for what is
no word, such as ElevenLabs' ``audio_event``; a word has its capitals and its punctuation where the vendor gives both
forms. Marks of channels follow each other. Everything else that a vendor says of a segment or a word (probabilities,
tokens) is in its own object, in the `complete_response` chunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..json_value import is_finite
from .channels import flat

Data = dict[str, Any]
TRANSCRIPT: Final = "transcript"
"""The key in `provider_data`."""

_TEXT: Final = ("punctuated_word", "text", "word", "transcript")
_SPEAKER: Final = ("speaker", "speaker_id")
_NO_WORDS: Final = ("spacing",)
"""What ElevenLabs lists between words."""


def marks_of(doc: Mapping[str, Any]) -> Data:
    """Return the marks of a whole transcript as a vendor sent it; empty if it has none."""
    doc = flat(doc)
    segments = [mark for item in _items(doc, "segments") if (mark := segment_mark(item))]
    words = [mark for item in _items(doc, "words") if (mark := _word_mark(item))]
    durations = (_seconds(doc.get("duration")), _seconds(doc.get("audio_duration_secs")))
    found = {
        "segments": segments,
        "words": words,
        "languages": _languages(doc),
        "duration_seconds": next((number for number in durations if number is not None), None),
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def segment_mark(item: Mapping[str, Any]) -> Data:
    """Return the mark of one segment."""
    own = item.get("id")
    known = {"id": own} if isinstance(own, str | int) and not isinstance(own, bool) else {}
    return known | _said(item)


def segment_of(mark: Mapping[str, Any]) -> Data:
    """Return the fields that say the mark of a segment again."""
    names = {"id": "id", "text": "text", "start_seconds": "start", "end_seconds": "end", "speaker": "speaker"}
    return {names[name]: value for name, value in mark.items() if name in names}


def _word_mark(item: Mapping[str, Any]) -> Data:
    kind = item.get("type")
    if kind in _NO_WORDS:
        return {}
    return _said(item) | ({"kind": kind} if isinstance(kind, str) and kind != "word" else {})


def _said(item: Mapping[str, Any]) -> Data:
    found = {
        "text": _first_text(item, _TEXT),
        "start_seconds": item.get("start") if _is_number(item.get("start")) else None,
        "end_seconds": item.get("end") if _is_number(item.get("end")) else None,
        "speaker": _speaker(item),
    }
    return {name: value for name, value in found.items() if value is not None}


def _languages(doc: Mapping[str, Any]) -> list[str]:
    several = doc.get("languages")
    if isinstance(several, list):
        codes = [item.get("code") if isinstance(item, dict) else item for item in several]
        return [code for code in codes if isinstance(code, str) and code]
    one = _first_text(doc, ("language", "language_code"))
    return [one] if one else []


def _items(doc: Mapping[str, Any], name: str) -> list[Data]:
    items = doc.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _first_text(item: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((value for name in names if isinstance(value := item.get(name), str)), None)


def _speaker(item: Mapping[str, Any]) -> str | None:
    """Return who speaks; Deepgram numbers speakers."""
    number = item.get("speaker")
    is_numbered = isinstance(number, int) and not isinstance(number, bool)
    return str(number) if is_numbered else _first_text(item, _SPEAKER)


def _seconds(value: object) -> float | None:
    """Return a length; OpenAI has documented it as text, and some hosts send it so."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return value if _is_number(value) else None  # type: ignore[return-value]  # a number, as was seen


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)
