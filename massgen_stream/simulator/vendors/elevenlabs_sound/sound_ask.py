"""What a request for sound asks for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from ...ask import Ask


class Line(msgspec.Struct, frozen=True):
    """What one voice says."""

    text: str
    voice: str


class SoundAsk(Ask, frozen=True):
    """One request.

    Attributes:
        lines: What is spoken; empty: it is a tune.
        seconds: Length of the tune.
        form: How the sound is coded, in ElevenLabs' word.
        details: How it comes: ``bytes``, ``lines`` or ``events``.
        timed: Whether events tell the times of words.
        plan: The composition plan of a tune.
        speed: Of speech; 1 is normal.
    """

    lines: tuple[Line, ...] = ()
    seconds: float = 0
    form: str = "mp3_44100_128"
    details: str = "bytes"
    timed: bool = False
    plan: Mapping[str, Any] = MappingProxyType({})
    speed: float = 1.0
