"""Formats of sound: what the first bytes of a stream show, and what vendors call them."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Any, Final

from ..errors import ConfigurationError
from ..stream_chunk.multimodal import MediaMetadata

Data = dict[str, Any]
MAGIC_BYTES: Final = 12
"""So many first bytes tell a format."""

TEXT_BYTES: Final = 32
"""If so many first bytes are text, all of them are: of samples not even one in 10**13 begins so."""

_MAGIC: Final = (
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
    (b"FORM", "audio/aiff"),
    (b"caff", "audio/x-caf"),
)
_PCM: Final = "audio/pcm"
OPENAI_PCM: Final[Data] = {"mime_type": _PCM, "sample_rate": 24_000, "channels": 1}
"""Samples without a header: 16 bit, 24 kHz, mono (https://platform.openai.com/docs/guides/text-to-speech)."""

FORMATS: Final[Mapping[str, Data]] = {
    "mp3": {"mime_type": "audio/mpeg"},
    "opus": {"mime_type": "audio/ogg"},
    "aac": {"mime_type": "audio/aac"},
    "flac": {"mime_type": "audio/flac"},
    "wav": {"mime_type": "audio/wav"},
    "pcm": OPENAI_PCM,
    "ulaw": {"mime_type": "audio/x-mulaw", "sample_rate": 8000, "channels": 1},
    "alaw": {"mime_type": "audio/x-alaw", "sample_rate": 8000, "channels": 1},
}
"""What OpenAI calls formats, and ElevenLabs before the first underscore."""

_OPTIONS: Final = (("rate", "sample_rate"), ("channels", "channels"))
"""Parameters of MIME types of samples, and what we call them."""
_MAX_DIGITS: Final = 9
_ADTS_LAYER: Final = 0x06
_SYNC: Final = 0xE0
_CONTROLS: Final = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), 127)))


def told_format(name: str) -> Data:
    """Return what a format's *name* tells: MIME type and, of samples, rate and channels.

    Args:
        name: As in a request: ``mp3``, ``pcm``, ElevenLabs' ``pcm_16000`` or ``mp3_44100_128``; or a MIME type, such
            as a header has it: ``audio/L16;rate=24000`` (https://www.rfc-editor.org/rfc/rfc2586).

    Raises:
        ConfigurationError: There is no such format.
    """
    if "/" in name:
        numbers = ((ours, option_of(name, option)) for option, ours in _OPTIONS)
        return {"mime_type": name} | {ours: number for ours, number in numbers if number is not None}
    word, _, options = name.lower().partition("_")
    if word not in FORMATS:
        raise ConfigurationError(f"unknown audio format {name!r:.40}; use one of {', '.join(FORMATS)}, or a MIME type")
    known = FORMATS[word]
    rate = options.partition("_")[0]
    return {**known, "sample_rate": int(rate)} if "sample_rate" in known and rate.isdecimal() else dict(known)


def option_of(mime_type: str, name: str) -> int | None:
    """Return a number among the parameters of a MIME type; None if it says none."""
    for option in mime_type.split(";")[1:]:
        key, _, value = option.partition("=")
        value = value.strip()
        if key.strip().lower() == name and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS:
            return int(value)
    return None


def shown_format(head: bytes) -> str | None:
    """Return the MIME type that the first `MAGIC_BYTES` show; None if they show none."""
    if head[:4] == b"RIFF":
        return "audio/wav" if head[8:12] in (b"WAVE", b"") else None
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    if len(head) > 1 and head[0] == 0xFF and head[1] & _SYNC == _SYNC:  # noqa: PLR2004 - a frame's sync word
        return _frame(head)
    return next((mime_type for magic, mime_type in _MAGIC if head.startswith(magic)), None)


def sound_metadata(head: bytes, told: Data | None) -> MediaMetadata:
    """Return what is known of sound that begins with *head*; what was *told* counts where its bytes show nothing."""
    shown = shown_format(head)
    if shown is None:
        return MediaMetadata(**(told or OPENAI_PCM))
    return MediaMetadata(**(told if told and told["mime_type"] == shown else {"mime_type": shown}))


def is_text(head: bytes) -> bool:
    """Return whether the beginning of a body is UTF-8 without control characters: an event stream, JSON, a page."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return _CONTROLS.isdisjoint(text)


def _frame(head: bytes) -> str | None:
    """Return what a frame of MPEG sound is: ADTS has layer 0; layer and bit rate of MP3 are never all zeros or ones.

    https://www.iso.org/standard/53943.html (AAC), http://www.mp3-tech.org/programmer/frame_header.html
    """
    if head[1] & 0xF6 == 0xF0:  # noqa: PLR2004 - sync word of twelve bits, layer 0
        return "audio/aac"
    if not head[1] & _ADTS_LAYER or head[1] & 0x18 == 0x08:  # noqa: PLR2004 - reserved version
        return None
    return None if len(head) > 2 and head[2] & 0xF0 in (0x00, 0xF0) else "audio/mpeg"  # noqa: PLR2004 - bit rate
