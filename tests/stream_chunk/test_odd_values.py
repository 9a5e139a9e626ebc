import pytest

from massgen_stream.stream_chunk.odd_values import dicts_in, key_of, number_of, shown, text_of


def test_only_text_is_text() -> None:
    assert text_of("a") == "a"
    assert text_of(b"a") == text_of(None) == text_of(["a"]) == ""


def test_only_text_and_integers_are_keys() -> None:
    assert (key_of("a"), key_of(3)) == ("a", 3)
    assert key_of([]) is key_of(1.5) is key_of(None) is None


def test_only_finite_numbers_are_numbers() -> None:
    assert (number_of(1), number_of(1.5), number_of(10**400)) == (1, 1.5, 10**400)
    assert number_of(float("nan")) is number_of(float("-inf")) is number_of("1") is None


def test_dictionaries_of_a_list() -> None:
    assert dicts_in([{"a": 1}, 2, {}]) == [{"a": 1}, {}]
    assert dicts_in({"a": 1}) == dicts_in(None) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [("a\nb", "'a b'"), (7, "7"), (1.5, "1.5"), (None, "None"), (10**500, "a huge integer"), ([1], "list")],
)
def test_every_value_can_be_shown(value: object, text: str) -> None:
    assert shown(value) == text


def test_integers_that_python_refuses_to_print_are_shown() -> None:
    assert shown(-(10**5000)) == "a huge integer"


def test_long_text_is_cut() -> None:
    assert len(shown("x" * 1000)) < 90
