"""Something like a voice, where no speech synthesiser is installed: its rhythm and tune are those of the text.

Vowels are tones whose harmonics are strong where those of the vowel are (Peterson and Barney, 1952); consonants are
noise. Nobody understands it, but everybody hears when somebody speaks.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import Final, NamedTuple

from .scene import Scene
from .sounds import noise, samples_of, silence, tone, wave

_FORMANTS: Final = {
    "a": (730, 1090, 2440),
    "e": (530, 1840, 2480),
    "i": (270, 2290, 3010),
    "o": (570, 840, 2410),
    "u": (300, 870, 2240),
    "y": (390, 1990, 2550),
}
"""Hertz at which each vowel is strong."""
_VOICED: Final = frozenset("bdglmnrvwjz")
_VOWEL_SECONDS: Final = 0.13
_CONSONANT_SECONDS: Final = 0.05
_PAUSES: Final = {" ": 0.06, ",": 0.18, ";": 0.22, ":": 0.22, ".": 0.34, "!": 0.34, "?": 0.34, "\n": 0.4}
"""Seconds of silence after a word, and at the end of a clause or sentence."""
_HARMONICS: Final = 24
_BAND_HERTZ: Final = 110.0
_HIGHEST_HERTZ: Final = 3500.0


class Sound(NamedTuple):
    """One sound of speech, before it is made.

    Attributes:
        letter: The vowel, the consonant, or the sign of a pause.
        samples: How long it is.
        height: Where it is in its sentence, from 1 at the beginning down to 0.
    """

    letter: str
    samples: int
    height: float


def plan(text: str, speed: float = 1.0) -> list[Sound]:
    """Return the sounds of a text; never none."""
    found: list[Sound] = []
    for sentence in re.findall(r"[^.!?\n]+[.!?\n]*", text) or [text]:
        letters = re.findall(r"[aeiouy]+|[^\W\d_aeiouy]|\d|[\s,;:.!?]", sentence.lower())
        for place, letter in enumerate(letters):
            seconds = _seconds(letter)
            if seconds:
                found.append(Sound(letter[0], samples_of(seconds / speed), 1 - place / len(letters)))
    return found or [Sound("a", samples_of(_VOWEL_SECONDS / speed), 1.0)]


def spoken(scene: Scene, sounds: list[Sound]) -> Iterator[array[int]]:
    """Yield the samples of each sound; they are deterministic."""
    pitch = scene.chance("voice").uniform(105, 205)
    for sound in sounds:
        if sound.letter in _PAUSES:
            yield silence(sound.samples)
        elif sound.letter in _FORMANTS or sound.letter.isdigit():
            vowel = sound.letter if sound.letter in _FORMANTS else "e"
            yield tone(_vowel(vowel, pitch * (0.86 + 0.28 * sound.height)), sound.samples, 0.75)
        elif sound.letter in _VOICED:
            yield tone(_vowel("u", pitch), sound.samples, 0.35)
        else:
            yield noise(scene, sound.letter, sound.samples, 0.22, smooth=0.2)


def _seconds(letter: str) -> float:
    if letter[0] in _PAUSES:
        return _PAUSES[letter[0]]
    if letter[0] in _FORMANTS or letter.isdigit():
        return _VOWEL_SECONDS + 0.03 * min(2, len(letter) - 1)
    return _CONSONANT_SECONDS if letter.isalpha() else 0.0


def _vowel(vowel: str, pitch: float) -> array[float]:
    weights = []
    for number in range(1, _HARMONICS + 1):
        hertz = number * pitch
        if hertz > _HIGHEST_HERTZ:
            break
        near = min(abs(hertz - formant) for formant in _FORMANTS[vowel])
        weights.append((0.05 + 1 / (1 + (near / _BAND_HERTZ) ** 2)) / number**0.4)
    return wave(pitch, weights)
