"""A small tune, or the sound of a place, that goes with a scene."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Final

from .scene import Scene
from .sounds import mixed, noise, samples_of, silence, tone, wave

_SCALE: Final = (0, 2, 4, 7, 9, 12, 14, 16)
"""Half tones of a pentatonic scale: any two of them sound well together."""
_KEYS: Final = {"night": 196.0, "dusk": 220.0, "dawn": 246.9, "day": 261.6, "storm": 174.6, "snow": 293.7}
"""Hertz of the lowest note."""
_BEAT_SECONDS: Final = 0.4
_PLUCKED: Final = [1.0, 0.5, 0.25, 0.12]
_SOFT: Final = [1.0, 0.2]


def tune(scene: Scene, seconds: float) -> Iterator[array[int]]:
    """Yield a tune of exactly *seconds*, beat by beat."""
    chance, base = scene.chance("tune"), _KEYS[scene.hour]
    left, place, beat = samples_of(seconds), 3, 0
    while left > 0:
        count = min(left, samples_of(_BEAT_SECONDS))
        place = max(0, min(len(_SCALE) - 1, place + chance.choice((-2, -1, -1, 0, 1, 1, 2))))
        played = chance.random() < 0.85 or beat % 4 == 0  # noqa: PLR2004 - a rest now and then
        pitch = base * 2 ** (_SCALE[place] / 12)
        lead = tone(wave(pitch, _PLUCKED), count, 0.5, decay=5.0) if played else silence(count)
        bass = tone(wave(base / 2 * (1.5 if beat // 4 % 2 else 1.0), _SOFT), count, 0.25)
        yield mixed(lead, bass)
        left, beat = left - count, beat + 1


def surroundings(scene: Scene, seconds: float) -> Iterator[array[int]]:
    """Yield what the place sounds like, for exactly *seconds*: waves, rain, wind."""
    left, number = samples_of(seconds), 0
    smooth = 0.94 if scene.has_water else 0.5 if scene.hour == "storm" else 0.97
    while left > 0:
        count = min(left, samples_of(2.0))
        yield noise(scene, f"gust {number}", count, 0.3 + 0.2 * (number % 2), smooth=smooth)
        left, number = left - count, number + 1
