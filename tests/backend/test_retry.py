import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.backend import RetryPolicy

RETRYABLE = {"kind": "server", "retryable": True}


def test_delays_double_up_to_a_limit() -> None:
    policy = RetryPolicy(max_retries=9, budget_seconds=1e9)
    assert [policy.next_delay(n, RETRYABLE, 0) for n in range(1, 8)] == [0.5, 1, 2, 4, 8, 8, 8]


def test_jitter_takes_off_up_to_everything() -> None:
    assert RetryPolicy().next_delay(1, RETRYABLE, 0, jitter=0.75) == pytest.approx(0.125)
    assert RetryPolicy().next_delay(1, RETRYABLE, 0, jitter=0.999) == pytest.approx(0.0, abs=0.001)


def test_the_vendors_own_delay_is_honoured() -> None:
    info = {**RETRYABLE, "retry_after_seconds": 12.5}
    assert RetryPolicy().next_delay(1, info, 0, jitter=0.9) == 12.5


@pytest.mark.parametrize(
    ("attempt", "info", "elapsed"),
    [
        (3, RETRYABLE, 0.0),  # the last of three attempts
        (1, {"kind": "quota", "retryable": False}, 0.0),
        (1, {}, 0.0),
        (1, {**RETRYABLE, "retry_after_seconds": 31}, 0.0),
        (1, RETRYABLE, 29.6),
    ],
)
def test_it_gives_up(attempt: int, info: dict[str, object], elapsed: float) -> None:
    assert RetryPolicy().next_delay(attempt, info, elapsed) is None


def test_no_retries_and_no_budget() -> None:
    assert RetryPolicy(max_retries=0).next_delay(1, RETRYABLE, 0) is None
    assert RetryPolicy(budget_seconds=0).next_delay(1, RETRYABLE, 0) is None


@given(
    attempt=st.integers(1, 10**6),
    elapsed=st.floats(0, 100),
    jitter=st.floats(0, 1, exclude_max=True),
    after=st.none() | st.floats(0, 100),
    retries=st.integers(0, 10**6),
    budget=st.floats(0, 100),
)
def test_a_further_attempt_always_begins_within_the_budget(
    *, attempt: int, elapsed: float, jitter: float, after: float | None, retries: int, budget: float
) -> None:
    policy = RetryPolicy(max_retries=retries, budget_seconds=budget)
    delay = policy.next_delay(attempt, {**RETRYABLE, "retry_after_seconds": after}, elapsed, jitter)
    if delay is not None:
        assert delay >= 0
        assert attempt <= retries
        assert elapsed + delay <= budget
