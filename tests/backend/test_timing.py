import pytest

from massgen_stream.backend.timing import Stopwatch, StreamTiming


def test_nothing_is_known_before_the_first_read() -> None:
    assert Stopwatch().timing() == StreamTiming()


def test_figures() -> None:
    watch = Stopwatch()
    watch.started, watch.first, watch.text, watch.latest, watch.chunks = 10.0, 11.0, 11.5, 13.0, 5
    timing = watch.timing()
    assert (timing.time_to_first_chunk, timing.time_to_first_text, timing.total, timing.chunks) == (1.0, 1.5, 3.0, 5)
    assert timing.chunks_per_second == pytest.approx(2.0)


def test_one_chunk_has_no_rate() -> None:
    watch = Stopwatch()
    watch.started, watch.first, watch.latest, watch.chunks = 10.0, 11.0, 11.0, 1
    assert watch.timing().chunks_per_second is None
