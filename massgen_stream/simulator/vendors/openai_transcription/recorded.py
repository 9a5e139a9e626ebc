"""What a recording is: looked at with PyAV where it is installed, else as far as the standard library can."""

from __future__ import annotations

import io
import wave
from importlib.util import find_spec
from typing import Any, Final

from ....errors import MediaError
from ....media.decoding_limits import DecodingLimits
from ....media.detection import Detected, detect
from ....media.local_file import LocalFile
from ...forms import Field
from ...vendor import BadRequest
from .transcription_ask import Recorded

_ENDINGS: Final = ("flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm")


def recorded(file: Field) -> Recorded:
    """Return what came.

    Raises:
        BadRequest: It is no recording.
    """
    name = file.filename or ""
    try:
        found = detect(file.data, mime_type=file.content_type, filename=name)
        if name.rpartition(".")[2].lower() not in _ENDINGS or found.mime_type.partition("/")[0] not in (
            "audio",
            "video",
        ):
            raise BadRequest(f"Invalid file format. Supported formats: {list(_ENDINGS)}", param="file")
        facts = _facts(found, file.data)
    except MediaError:
        message = "Audio file might be corrupted or unsupported"
        raise BadRequest(message, param="file", code="invalid_value") from None
    return Recorded(name, found.mime_type, len(file.data), **facts)


def _facts(found: Detected, data: bytes) -> dict[str, Any]:
    if found.mime_type == "audio/wav":
        try:
            with wave.open(io.BytesIO(data)) as sound:
                rate, frames = sound.getframerate(), sound.getnframes()
                return {"seconds": frames / rate, "sample_rate": rate, "channels": sound.getnchannels()}
        except (wave.Error, EOFError, ZeroDivisionError):
            pass  # compressed, or of many channels: the other way knows
    return _facts_of_decoder(found, data) if find_spec("av") is not None else {}


def _facts_of_decoder(found: Detected, data: bytes) -> dict[str, Any]:
    from ....media.av_recordings import heard_stream, opened_recording, seconds_of  # noqa: PLC0415 - PyAV is an extra

    file = LocalFile(kind=found.kind, mime_type=found.mime_type, shown=found.shown, size_bytes=len(data), data=data)
    with opened_recording(file, DecodingLimits()) as container:
        heard = heard_stream(container)
        seconds = seconds_of(container)
        if heard is None:
            return {"seconds": seconds}
        context = heard.codec_context
        return {"seconds": seconds, "sample_rate": context.sample_rate, "channels": context.channels}
