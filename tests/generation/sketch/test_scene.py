"""What a picture shows follows from words."""

from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.generation.sketch.scene import between, scene_of
from massgen_stream.generation.sketch.things import PAINTERS


def test_words_are_seen() -> None:
    scene = scene_of("A sailboat near the LIGHTHOUSE, at night")
    assert scene.hour == "night"
    assert scene.things == {"boat", "lighthouse"}
    assert scene.has_water
    assert not scene_of("a snowy mountain").has_water


@given(st.text(max_size=30), st.integers(0, 5) | st.none())
def test_the_same_words_give_the_same_scene(prompt: str, seed: int | None) -> None:
    one, other = scene_of(prompt, seed), scene_of(prompt, seed)
    assert one == other
    assert one.things
    assert one.things <= set(PAINTERS)
    assert one.chance("a").random() == other.chance("a").random() != other.chance("b").random()
    assert scene_of(prompt, seed, 1).seed != one.seed


def test_colours_between() -> None:
    assert between((0, 10, 255), (10, 20, 255), 0.5) == (5, 15, 255)
