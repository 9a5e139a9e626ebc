from typing import Any

import pytest

from massgen_stream.backend.stop_texts import stop_texts
from massgen_stream.errors import ConfigurationError


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, None),
        ({"stop": None, "stop_sequences": None}, None),
        ({"stop": "END"}, ["END"]),
        ({"stop": ("a", "b")}, ["a", "b"]),
        ({"stop_sequences": ["a"]}, ["a"]),
        ({"stop": []}, []),
    ],
)
def test_a_text_or_a_list_of_texts(options: dict[str, Any], found: list[str] | None) -> None:
    assert stop_texts(options) == found


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"stop": "a", "stop_sequences": ["b"]}, "leave one out"),
        ({"stop": 5}, "a text or a list of texts"),
        ({"stop": ["a", 5]}, "a text or a list of texts"),
        ({"stop_sequences": {"a": 1}}, "a text or a list of texts"),
    ],
)
def test_what_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        stop_texts(options)
