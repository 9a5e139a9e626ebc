"""Sound from arithmetic."""

from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.generation.sketch.music import surroundings, tune
from massgen_stream.generation.sketch.scene import scene_of
from massgen_stream.generation.sketch.sounds import SAMPLE_RATE, mixed, samples_of, silence, tone, wave
from massgen_stream.generation.sketch.voice import plan, spoken

SCENE = scene_of("a storm at sea")


def test_a_tone_has_its_height() -> None:
    sound = tone(wave(441.0, [1.0]), SAMPLE_RATE, 0.5)
    crossings = sum(1 for one, other in pairwise(sound) if one < 0 <= other)
    assert crossings == pytest.approx(441, abs=3)
    assert 15_000 < max(sound) <= 16_000
    assert abs(sound[0]) < 100


def test_a_tone_fades() -> None:
    sound = tone(wave(441.0, [1.0]), SAMPLE_RATE, 1.0, decay=8.0)
    assert max(sound[-2000:]) < max(sound[1000:3000]) / 100


@given(st.floats(0.01, 0.9))
def test_music_is_as_long_as_it_is_asked_to_be(seconds: float) -> None:
    for made in (tune(SCENE, seconds), surroundings(SCENE, seconds)):
        assert sum(map(len, made)) == samples_of(seconds)


def test_two_sounds_at_once_do_not_overflow() -> None:
    loud = array("h", [32_000, -32_000, 5])
    assert list(mixed(loud, loud)) == [32_767, -32_768, 10]
    assert list(silence(2)) == [0, 0]


@given(st.text(max_size=40))
def test_speech_is_as_long_as_it_is_planned(text: str) -> None:
    sounds = plan(text)
    assert sum(map(len, spoken(SCENE, sounds))) == sum(sound.samples for sound in sounds) > 0
    assert all(0 <= sound.height <= 1 for sound in sounds)
