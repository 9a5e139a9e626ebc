"""Numbers as people read them."""

import pytest

from massgen_stream.cli.screen.figures import count_text, seconds_text, size_text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1536, "1.5 kB"),
        (99_949, "99.9 kB"),
        (123_456, "123 kB"),
        (999_600, "1.0 MB"),
        (5e9, "5.0 GB"),
        (5e15, "5000 TB"),
    ],
)
def test_sizes(size: float, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0004, "0 ms"),
        (0.2124, "212 ms"),
        (0.9996, "1.00 s"),
        (12.345, "12.35 s"),
        (99.996, "1 min 40 s"),
        (-1, "0 ms"),
    ],
)
def test_seconds(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


def test_counts() -> None:
    assert count_text(999) == "999"
    assert count_text(1234567) == "1 234 567".replace(" ", "\N{NARROW NO-BREAK SPACE}")
