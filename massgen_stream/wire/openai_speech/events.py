"""The events of a speech stream: only the fields we use (https://platform.openai.com/docs/api-reference/audio).

Mistral calls the field of the sound ``audio_data``, and answers with one document of it where no stream was asked for
(mistralai 2, `SpeechResponse` and `SpeechStreamAudioDelta`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ...errors import MalformedEvent
from ..base64_text import base64_bytes
from ..faults import UnusableField
from ..json_value import finite

Data = dict[str, Any]
DELTA: Final = "speech.audio.delta"
SPOKEN: Final = "speech.audio.done"
DATA: Final = "audio_data"
_PLACES: Final = ("audio", DATA)
"""Fields that hold sound."""
_SAMPLES: Final[Mapping[str, Any]] = {"int": 0, "float": 0.5, "bool": True, "list": [], "dict": {}}


class Event(msgspec.Struct, gc=False):
    """An event; its sound is base64 on the wire."""

    type: str | None = None
    audio: bytes | None = None
    audio_data: bytes | None = None
    usage: dict[str, Any] | None = None
    error: Any = None


decode_event = msgspec.json.Decoder(Event).decode
"""Decode an event whose fields have the usual types; raises what msgspec raises."""


class UnusableSound(UnusableField):
    """Sound that cannot be used.

    Attributes:
        event: The smallest event with the same fault; the encoder says it again.
    """

    def __init__(self, name: str, what: str, sample: object) -> None:
        MalformedEvent.__init__(self, f"{name} {what}")
        self.event = {"type": DELTA, name: sample}


def lenient_event(doc: Data) -> tuple[Event, list[str]]:
    """Return the event of a parsed document, and the names of the fields that were dropped, wholly or in part.

    Raises:
        UnusableSound: Its sound is no text, or not base64.
    """
    sound = next((data for name in _PLACES if (data := _bytes(doc, name))), b"")
    said = doc.get("usage")
    usage: Data | None = finite(said) if isinstance(said, dict) else None
    return Event(audio=sound, usage=usage), [] if usage is said else ["usage"]


def _bytes(doc: Data, name: str) -> bytes:
    text = doc.get(name)
    if text is not None and not isinstance(text, str):
        kind = type(text).__name__
        raise UnusableSound(name, f"is {kind}", _SAMPLES.get(kind))
    try:
        return base64_bytes(text or "", name)
    except UnusableField:
        raise UnusableSound(name, "is not base64", "?") from None
