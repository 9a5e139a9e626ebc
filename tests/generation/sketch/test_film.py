"""Films are made frame by frame."""

import pytest

from massgen_stream.generation.sketch.film import Film, write_film
from massgen_stream.generation.sketch.scene import scene_of
from massgen_stream.media.worker_pool import Output, Stop, Stopped


def film(seconds: float = 1.0) -> Film:
    return Film(scene_of("waves"), 64, 64, seconds)


def test_it_stops_when_nobody_waits_for_it() -> None:
    stop, made = Stop(), film()
    stop.set()
    with pytest.raises(Stopped):
        write_film(stop, Output(lambda: None), made)
    assert made.frames_done == 0


def test_how_far_it_is() -> None:
    made, output = film(0.5), Output(lambda: None)
    assert (made.frames, made.percentage) == (12, 0)
    write_film(Stop(), output, made)
    assert made.percentage == 100
    assert output.take()[4:8] == b"ftyp"


def test_the_shortest_has_a_frame() -> None:
    assert film(0.001).frames == 1
