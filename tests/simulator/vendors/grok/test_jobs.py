"""Jobs go on with each look, and are forgotten when there are too many."""

import pytest

from massgen_stream.simulator.vendor import BadRequest
from massgen_stream.simulator.vendors.grok import jobs
from massgen_stream.simulator.vendors.grok.jobs import Job, Jobs


def job(model: str = "m") -> Job:
    return Job(model, 6, 256, 144)


def test_each_look_is_a_quarter() -> None:
    known = Jobs()
    request_id = known.begin(job())
    assert [known.look(request_id).percentage for _ in range(6)] == [0, 25, 50, 75, 100, 100]


def test_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_MOST_JOBS", 2)
    known = Jobs()
    ids = [known.begin(job()) for _ in range(3)]
    assert len(set(ids)) == 3
    with pytest.raises(BadRequest, match="No deferred request"):
        known.look(ids[0])
    assert known.look(ids[1]).looks == known.look(ids[2]).looks == 1


def test_a_model_says_how_it_ends() -> None:
    failure = job("simulator/fault:error;code=expired").failure
    assert failure is not None
    assert failure.code == "expired"
    assert (job().failure, job("simulator/fault:429").failure) == (None, None)
