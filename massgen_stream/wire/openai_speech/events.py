"""The events of a speech stream: only the fields we use (https://platform.openai.com/docs/api-reference/audio)."""

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
_SAMPLES: Final[Mapping[str, Any]] = {"int": 0, "float": 0.5, "bool": True, "list": [], "dict": {}}


class Event(msgspec.Struct, gc=False):
    """An event; `audio` is base64 on the wire."""

    type: str | None = None
    audio: bytes | None = None
    usage: dict[str, Any] | None = None
    error: Any = None


decode_event = msgspec.json.Decoder(Event).decode
"""Decode an event whose fields have the usual types; raises what msgspec raises."""


class UnusableSound(UnusableField):
    """Sound that cannot be used.

    Attributes:
        event: The smallest event with the same fault; the encoder says it again.
    """

    def __init__(self, what: str, sample: object) -> None:
        MalformedEvent.__init__(self, f"audio {what}")
        self.event = {"type": DELTA, "audio": sample}


def lenient_event(doc: Data) -> tuple[Event, list[str]]:
    """Return the event of a parsed document, and the names of the fields that were dropped, wholly or in part.

    Raises:
        UnusableSound: Its sound is no text, or not base64.
    """
    audio, said = doc.get("audio"), doc.get("usage")
    if audio is not None and not isinstance(audio, str):
        kind = type(audio).__name__
        raise UnusableSound(f"is {kind}", _SAMPLES.get(kind))
    usage: Data | None = finite(said) if isinstance(said, dict) else None
    return Event(audio=_bytes(audio or ""), usage=usage), [] if usage is said else ["usage"]


def _bytes(text: str) -> bytes:
    try:
        return base64_bytes(text, "audio")
    except UnusableField:
        raise UnusableSound("is not base64", "?") from None
