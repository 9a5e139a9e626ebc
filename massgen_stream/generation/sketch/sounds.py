"""Sound from arithmetic: notes, noise and something like a voice, as samples of 16 bits.

A waveform is computed for one period and repeated: sines for every sample would take as long as the sound itself.
"""

from __future__ import annotations

import math
from array import array
from typing import Final

from .scene import Scene

SAMPLE_RATE: Final = 22_050
"""Hertz."""
SAMPLE_BYTES: Final = 2
_LOUDEST: Final = 32_000
_NOISES: Final = 1 << 13


def samples_of(seconds: float) -> int:
    """Return how many samples so many seconds are."""
    return max(0, round(seconds * SAMPLE_RATE))


def silence(count: int) -> array[int]:
    """Return nothing to hear, for *count* samples."""
    return array("h", bytes(SAMPLE_BYTES * count))


def wave(frequency: float, weights: list[float]) -> array[float]:
    """Return one period of a tone: *weights* of its first harmonics, at most 1 loud."""
    length = max(2, round(SAMPLE_RATE / frequency))
    total = sum(map(abs, weights)) or 1.0
    return array(
        "d",
        (
            sum(weight * math.sin(math.tau * (number + 1) * place / length) for number, weight in enumerate(weights))
            / total
            for place in range(length)
        ),
    )


def tone(period: array[float], count: int, volume: float, *, decay: float = 0.0, edge: float = 0.012) -> array[int]:
    """Return *count* samples of a repeated period.

    Args:
        period: See `wave`.
        count: Samples.
        volume: 0 to 1.
        decay: How fast it fades, per second.
        edge: Seconds in which it begins and ends, so that nothing clicks.
    """
    length, rim = len(period), max(1, min(samples_of(edge), count // 2))
    loud, fade = volume * _LOUDEST, math.exp(-decay / SAMPLE_RATE)
    found = array("h", bytes(SAMPLE_BYTES * count))
    for place in range(count):
        level = loud * min(1.0, place / rim, (count - place) / rim)
        found[place] = int(level * period[place % length])
        loud *= fade
    return found


def noise(scene: Scene, name: str, count: int, volume: float, *, smooth: float = 0.5) -> array[int]:
    """Return *count* samples of noise; *smooth* of 1 is a rumble, of 0 a hiss."""
    chance = scene.chance(name)
    level, values = 0.0, array("d")
    for _ in range(min(_NOISES, max(1, count))):
        level += (1 - smooth) * (chance.uniform(-1, 1) - level)
        values.append(level)
    loudest = max(map(abs, values))
    return tone(values, count, volume / max(0.05, loudest), edge=0.02)


def mixed(one: array[int], other: array[int]) -> array[int]:
    """Return two sounds of one length at the same time."""
    return array("h", (max(-32_768, min(32_767, a + b)) for a, b in zip(one, other, strict=True)))
