import pytest

from massgen_stream.errors import ConfigurationError
from massgen_stream.simulator.fault_plan import FaultPlan, Faults
from massgen_stream.simulator.faults import Cut, Fault, Status


def drawn(faults: Faults, number: int) -> list[Fault | None]:
    plan = FaultPlan(faults)
    return [plan.next(None, "m") for _ in range(number)]


def test_one_fault_meets_every_request() -> None:
    assert drawn("429", 3) == [Status(code=429)] * 3


def test_times_bounds_how_many_requests_it_meets() -> None:
    assert drawn(Cut(times=2), 4) == [Cut(times=2)] * 2 + [None] * 2


def test_a_list_has_one_for_each_request() -> None:
    assert drawn(["cut", None, Status(code=500, times=2)], 6) == [
        Cut(),
        None,
        *[Status(code=500, times=2)] * 2,
        None,
        None,
    ]


def test_header_wins_over_model_and_model_over_the_plan() -> None:
    plan = FaultPlan("500")
    assert plan.next("429", "simulator/fault:503") == Status(code=429)
    assert plan.next(None, "simulator/fault:503") == Status(code=503)
    assert plan.next(None, "simulator") == Status(code=500)


def test_named_faults_with_times_end_in_a_success_and_begin_again() -> None:
    plan = FaultPlan()
    fault = Status(code=503, times=2)
    assert [plan.next(None, "x/fault:503;times=2") for _ in range(6)] == [fault, fault, None, fault, fault, None]


def test_a_fault_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError):
        FaultPlan(["cut", "oops"])
    with pytest.raises(ConfigurationError):
        FaultPlan().next("oops", "m")
    with pytest.raises(ConfigurationError):
        FaultPlan().named("oops")
