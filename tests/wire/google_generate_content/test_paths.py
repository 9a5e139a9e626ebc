from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.wire.google_generate_content.paths import parsed_path, path_text


@given(st.lists(st.text() | st.integers(0, 10**9 - 1), min_size=1))
def test_a_path_is_read_back(segments: list[Any]) -> None:
    assert parsed_path(path_text(segments)) == segments


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("$.recipe.steps[0].amount", ["recipe", "steps", 0, "amount"]),
        ("$['a.b']['it\\'s \"q\"']", ["a.b", 'it\'s "q"']),
        ('$["a\\u00e9"][12]', ["aé", 12]),
        ("$.größe-1", ["größe-1"]),
    ],
)
def test_paths(path: str, segments: list[Any]) -> None:
    assert parsed_path(path) == segments


@pytest.mark.parametrize(
    "path", ["", "$", "a", "$a", "$.", "$..a", "$.a[", "$.a[x]", "$[-1]", "$.a]", '$["\\x"]', "$.*.["]
)
def test_what_is_no_path_of_one_value(path: str) -> None:
    assert parsed_path(path) is None
