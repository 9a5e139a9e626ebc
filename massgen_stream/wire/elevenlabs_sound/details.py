"""What ElevenLabs sends with sound: only the fields that are used.

Speech and dialogues with timestamps are lines of ``{"audio_base64", "alignment", "normalized_alignment",
"voice_segments"}`` (elevenlabs 2.78, ``StreamingAudioChunkWithTimestampsAndVoiceSegmentsResponseModel``). Music with
details is events ``{"event", "data"}``: ``composition_plan``, ``song_metadata``, ``audio_chunk``, ``word_timestamps``
and ``completion`` (https://elevenlabs.io/docs/api-reference/music/compose-detailed-stream). That page shows the form
of events by an example alone and the SDK has no types for them, so names and places that clients have met are taken
as well: ``type`` for ``event``, the event's own name, fields beside the name, ``audio_base64`` within ``data``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ..base64_text import base64_bytes
from ..faults import UnusableField, sample_of
from ..json_value import finite

Data = dict[str, Any]
PROTOCOL: Final = "elevenlabs.sound"
AUDIO: Final = "audio_chunk"
BASE64: Final = "audio_base64"
COMPLETION: Final = "completion"
ERROR: Final = "error"
_NAMES: Final = ("event", "type")
_UNNAMED: Final = ("", "message")
"""Names of events that have none."""
_SOUNDS: Final = (AUDIO, "audio")
"""Names of events that hold sound."""
_PLACES: Final = (BASE64, "audio", AUDIO)
"""Fields that hold it."""
RESERVED: Final = frozenset((*_NAMES, *_SOUNDS, *_PLACES, "data", COMPLETION, ERROR, "message", "detail", "object"))
"""Names that mean something of their own where the name of an event, or a field of a line, is read."""


class Detail(NamedTuple):
    """One event or line.

    Attributes:
        name: Name of the event; `AUDIO` where there is none.
        payload: What it holds.
    """

    name: str
    payload: Any


def detail_of(doc: Data, event_name: str) -> Detail:
    """Return what *doc* says, and under which name."""
    unnamed = AUDIO if event_name in _UNNAMED else event_name
    own = next((name for key in _NAMES if isinstance(name := doc.get(key), str)), unnamed)
    return Detail(own, doc["data"] if "data" in doc else {key: doc[key] for key in doc if key not in _NAMES})


def sound_of(detail: Detail) -> tuple[bytes, Data]:
    """Return the sound that comes with a detail, and everything else that it says.

    Raises:
        UnusableField: The sound is no text, or not base64.
    """
    name, payload = detail
    if name in _SOUNDS and not isinstance(payload, Mapping):
        payload = {BASE64: payload}
    place = next((key for key in _PLACES if payload.get(key) is not None), None) if isinstance(payload, dict) else None
    if not isinstance(payload, dict) or (place is None and name not in _SOUNDS):
        return b"", {name: finite(payload)}
    rest = {key: finite(payload[key]) for key in payload if key != place and not _is_absent(payload, key)}
    return _bytes(payload[place]) if place is not None else b"", rest


def _is_absent(payload: Data, key: str) -> bool:
    return key in _PLACES and payload[key] is None


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise _unusable(f"is {type(value).__name__}", sample_of(value))
    try:
        return base64_bytes(value, BASE64)
    except UnusableField:
        raise _unusable("is not base64", "?") from None


def _unusable(what: str, sample: object) -> UnusableField:
    return UnusableField(BASE64, what, event={"event": AUDIO, "data": {BASE64: sample}})
