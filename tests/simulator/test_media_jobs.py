"""Jobs go on with each look, and are forgotten when there are too many."""

import pytest

from massgen_stream.simulator.given import Given, Ids
from massgen_stream.simulator.media_jobs import Job, Jobs
from massgen_stream.simulator.vendor import BadRequest


def job(model: str = "m") -> Job:
    return Job(model, 6, 256, 144)


def jobs() -> Jobs:
    return Jobs(Given().ids("jobs"))


def test_each_look_is_a_quarter() -> None:
    known = jobs()
    request_id = known.begin(job())
    assert [known.look(request_id).percentage for _ in range(6)] == [0, 25, 50, 75, 100, 100]


def test_the_oldest_is_forgotten() -> None:
    known = Jobs(Ids(Given(), most=2))
    ids = [known.begin(job()) for _ in range(3)]
    assert len(set(ids)) == 3
    with pytest.raises(BadRequest, match="no job"):
        known.look(ids[0])
    assert known.look(ids[1]).looks == known.look(ids[2]).looks == 1


def test_a_job_has_the_id_that_is_given_until_it_is_deleted() -> None:
    known = jobs()
    assert known.begin(job(), "film-1") == "film-1"
    assert known.at("film-1").looks == 0
    known.forget("film-1")
    for gone in (known.at, known.look, known.forget):
        with pytest.raises(BadRequest, match="no job with id 'film-1'"):
            gone("film-1")
    assert known.expired("film-1") is None


def test_a_job_whose_time_is_over_is_none_any_more() -> None:
    now = [100.0]
    known = Jobs(Given(clock=lambda: now[0]).ids("jobs"), seconds=10)
    begun = job()
    job_id = known.begin(begun)
    assert (begun.ends, known.at(job_id), known.expired(job_id)) == (110.0, begun, None)
    now[0] = 110.0
    for gone in (known.at, known.look, known.forget):
        with pytest.raises(BadRequest, match="no job"):
            gone(job_id)
    assert known.expired(job_id) is begun


def test_what_has_an_id_and_is_no_job_is_none() -> None:
    given = Given()
    given.ids("jobs").give("v1", "an answer")
    with pytest.raises(BadRequest, match="no job"):
        Jobs(given.ids("jobs")).at("v1")


def test_a_model_says_how_it_ends() -> None:
    failure = job("simulator/fault:error;code=expired").failure
    assert failure is not None
    assert failure.code == "expired"
    assert (job().failure, job("simulator/fault:429").failure) == (None, None)
