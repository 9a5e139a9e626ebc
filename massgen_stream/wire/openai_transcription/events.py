"""The events and the document of the Transcription API: only the fields we use.

https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event; compatible hosts add ``model``
(Mistral), ``language_code`` and words with a ``type`` (ElevenLabs). Mistral's stream has events of its own
(mistralai 2, `TranscriptionStreamEvents`): deltas whose text is ``text``, segments with a ``speaker_id`` and no id,
and the language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ...errors import MalformedEvent
from ..faults import UnusableField
from ..json_value import is_finite

Data = dict[str, Any]
PROTOCOL: Final = "openai.transcription"
DELTA: Final = "transcript.text.delta"
SEGMENT: Final = "transcript.text.segment"
TRANSCRIBED: Final = "transcript.text.done"
LANGUAGE: Final = "transcription.language"
KINDS: Final[Mapping[str, str]] = {
    **{kind: kind for kind in (DELTA, SEGMENT, TRANSCRIBED, LANGUAGE)},
    "transcription.text.delta": DELTA,
    "transcription.segment": SEGMENT,
    "transcription.done": TRANSCRIBED,
}
"""Types of events, to what they are."""

_SAMPLES: Final[Mapping[str, Any]] = {"int": 0, "float": 0.5, "bool": True, "list": [], "dict": {}}


class Event(msgspec.Struct, gc=False):
    """An event in its usual form; of all but deltas it only tells the type."""

    type: str | None = None
    delta: str | None = None
    segment_id: str | None = None
    logprobs: list[Any] | None = None
    model: str | None = None
    usage: dict[str, Any] | None = None
    error: Any = None
    id: str | int | None = None
    start: float | None = None
    end: float | None = None
    duration: float | None = None
    audio_duration_secs: float | None = None
    speaker: str | None = None
    language: str | None = None
    language_code: str | None = None
    audio_language: str | None = None
    languages: list[Any] | None = None
    segments: list[Any] | None = None
    words: list[Any] | None = None


decode_event = msgspec.json.Decoder(Event).decode
"""Decode an event whose fields have the usual types; raises what msgspec raises."""

_NUMBER: Final = (int, float)
METADATA: Final[Mapping[str, tuple[type, ...]]] = {
    "segment_id": (str,),
    "logprobs": (list,),
    "model": (str,),
    "usage": (dict,),
    "id": (str, int),
    "start": _NUMBER,
    "end": _NUMBER,
    "duration": (*_NUMBER, str),
    "audio_duration_secs": _NUMBER,
    "speaker": (str, int),
    "language": (str,),
    "language_code": (str,),
    "audio_language": (str,),
    "languages": (list,),
    "segments": (list,),
    "words": (list,),
}
"""Fields that are dropped where they are unusable, and the types of usable ones."""


class UnusableText(UnusableField):
    """Text that cannot be used.

    Attributes:
        event: The smallest event with the same fault; the encoder says it again.
    """

    def __init__(self, kind: str, name: str, value: object) -> None:
        found = type(value).__name__
        MalformedEvent.__init__(self, f"{kind}: {name} is {found}")
        self.event = {"type": kind, name: _SAMPLES.get(found)}


def text_of(doc: Data, kind: str, name: str) -> str:
    """Return text, empty if there is none.

    Raises:
        UnusableText: It is no text.
    """
    value = doc.get(name)
    if value is not None and not isinstance(value, str):
        raise UnusableText(kind, name, value)
    return value or ""


def without_unusable(doc: Data) -> tuple[Data, list[str]]:
    """Return the document without unusable metadata, and the names of the fields that were dropped."""
    dropped = [name for name, kinds in METADATA.items() if name in doc and not _is_usable(doc[name], kinds)]
    return {name: value for name, value in doc.items() if name not in dropped}, dropped


def _is_usable(value: object, kinds: tuple[type, ...]) -> bool:
    return value is None or (isinstance(value, kinds) and not isinstance(value, bool) and is_finite(value))
