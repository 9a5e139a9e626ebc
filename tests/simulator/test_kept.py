from massgen_stream.simulator.ask import Again
from massgen_stream.simulator.kept import MOST_KEPT, KeptAnswers
from massgen_stream.simulator.ops import Close, Op, Wait

OPS: list[Op] = [b"data: 1\n\n", Wait(0.0), b"data: 2\n\ndata: 3\n\ndata: 4\n\n", b"data: 5"]


def after(number: int) -> Again:
    return Again("r", is_new=lambda event: int(event.split()[-1]) > number)


def test_events_that_were_sent_together_are_looked_at_one_by_one() -> None:
    kept = KeptAnswers()
    assert list(kept.keep("r", iter(OPS))) == OPS
    assert kept.again(after(0)) == OPS
    assert kept.again(after(2)) == [Wait(0.0), b"data: 3\n\ndata: 4\n\n", b"data: 5"]
    assert kept.again(after(5)) == [Wait(0.0)]


def test_what_is_no_bytes_is_kept() -> None:
    kept = KeptAnswers()
    kept.keep("r", iter([Close("end")]))
    assert kept.again(after(9)) == [Close("end")]


def test_the_oldest_are_forgotten() -> None:
    kept = KeptAnswers()
    for number in range(MOST_KEPT + 1):
        kept.keep(str(number), iter([]))
    assert kept.again(Again("0")) is None
    assert kept.again(Again("1")) == []
