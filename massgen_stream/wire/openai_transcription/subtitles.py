"""Transcripts as subtitles: SubRip, and WebVTT (https://www.w3.org/TR/webvtt1/#file-structure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

Data = dict[str, Any]
SUBTITLES: Final = ("srt", "vtt")
"""Formats of the answer that are files."""
_TIME: Final = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})"
_TIMES: Final = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}.*")
_VOICE: Final = re.compile(r"<v(?:\.[^ >]*)?[ \t]+([^>]*)>")
_TAG: Final = re.compile(r"</?[a-z][^>]*>")
_BLANK: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def cues_of(text: str) -> list[Data]:
    """Return the cues: ``id``, ``start`` and ``end`` in seconds, ``text``, and ``speaker`` where WebVTT names one."""
    blocks = _BLANK.split(text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return [cue for block in blocks if (cue := _cue(block)) is not None]


def subtitles_in(response: Mapping[str, Any]) -> str | None:
    """Return the file that the vendor made, as it came, of the `response` of a transcript; None where it made none."""
    body = response.get("body")
    return body if response.get("format") in SUBTITLES and isinstance(body, str) else None


def _cue(block: str) -> Data | None:
    lines = block.split("\n")
    for place, line in enumerate(lines[:2]):  # one line before the times is the cue's name
        times = _TIMES.fullmatch(line)
        if times is not None:
            name = {"id": lines[0].strip()} if place else {}
            start, end = _seconds(*times.groups()[:4]), _seconds(*times.groups()[4:])
            return {**name, "start": start, "end": end, **_said("\n".join(lines[place + 1 :]))}
    return None


def _said(payload: str) -> Data:
    voice = _VOICE.search(payload)
    speaker = {"speaker": voice[1].strip()} if voice else {}
    return {"text": _TAG.sub("", payload), **speaker}


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return (int(hours or 0) * 3600_000 + int(minutes) * 60_000 + int(seconds) * 1000 + int(thousandths)) / 1000
