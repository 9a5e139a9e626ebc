import pytest

from massgen_stream.backend import StreamLimits
from massgen_stream.errors import ConfigurationError


def test_limits_are_taken_out_of_options() -> None:
    limits, rest = StreamLimits().taking({"total_timeout": 5, "temperature": 0.5, "source": "agent-1"})
    assert (limits.total_timeout, limits.source, rest) == (5, "agent-1", {"temperature": 0.5})
    again, _ = limits.taking({"max_retries": 0})
    assert (again.total_timeout, again.max_retries) == (5, 0)


def test_none_takes_a_limit_away() -> None:
    assert StreamLimits().taking({"read_timeout": None})[0].read_timeout is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("total_timeout", 0),
        ("total_timeout", -1),
        ("read_timeout", "5"),
        ("connect_timeout", True),
        ("first_chunk_timeout", float("nan")),
        ("total_timeout", float("inf")),
        ("max_retries", -1),
        ("max_retries", 1.5),
        ("max_retries", True),
        ("max_retries", None),
        ("retry_budget", -0.1),
        ("retry_budget", None),
        ("source", 7),
    ],
)
def test_a_wrong_limit_is_named(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=name):
        StreamLimits().taking({name: value})
