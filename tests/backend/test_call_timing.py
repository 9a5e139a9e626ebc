from massgen_stream.backend import Instruments
from massgen_stream.backend.call_timing import CallTimer, CallTiming

from .fakes import ScriptedBackend, saying


class Clock:
    now = 10.0

    def __call__(self) -> float:
        return self.now


def test_one_call() -> None:
    clock = Clock()
    timer = CallTimer(clock, lambda: 1000.0 + clock.now)
    timer.start("m-1")
    clock.now += 2
    timer.first_token()
    clock.now += 3
    timer.first_token()
    clock.now += 5
    call = timer.end(success=True)
    assert call == CallTiming(model="m-1", started=1010.0, time_to_first_token=2.0, duration=10.0, success=True)
    assert timer.calls == [call]


def test_a_call_that_failed_before_its_first_token() -> None:
    timer = CallTimer(Clock(), Clock())
    timer.start("m-1")
    call = timer.end(success=False, error="busy")
    assert call is not None
    assert (call.time_to_first_token, call.duration, call.success, call.error) == (None, 0.0, False, "busy")


def test_without_a_call_nothing_is_timed() -> None:
    timer = CallTimer(Clock(), Clock())
    timer.first_token()
    assert timer.end(success=True) is None
    assert timer.calls == []


def test_a_call_that_begins_ends_the_one_before() -> None:
    timer = CallTimer(Clock(), Clock())
    timer.start("first")
    timer.start("second")
    timer.end(success=True)
    assert [(call.model, call.success, call.error) for call in timer.calls] == [
        ("first", False, "another call began"),
        ("second", True, None),
    ]


def test_old_calls_are_forgotten() -> None:
    timer = CallTimer(Clock(), Clock())
    for number in range(CallTimer.MOST + 5):
        timer.start(f"m-{number}")
        timer.end(success=True)
    assert len(timer.calls) == CallTimer.MOST
    assert timer.calls[0].model == "m-5"


def test_the_methods_of_the_origin() -> None:
    clock = Clock()
    backend = ScriptedBackend(saying("a"), instruments=Instruments(clock=clock, wall_clock=clock))
    backend.start_api_call_timing("m-1")
    clock.now += 1
    backend.record_first_token()
    clock.now += 1
    call = backend.end_api_call_timing()
    assert call == CallTiming(model="m-1", started=10.0, time_to_first_token=1.0, duration=2.0, success=True)
    backend.start_api_call_timing("m-1")
    failed = backend.end_api_call_timing(success=False, error="busy")
    assert failed is not None
    assert failed.error == "busy"
    assert backend.calls.calls == [call, failed]
