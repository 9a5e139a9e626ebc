from typing import Any

import pytest

from massgen_stream.backend.parameters import Parameters, merge_lists, transport_of
from massgen_stream.errors import ConfigurationError
from massgen_stream.provider import ProviderSpec

WIRE = Parameters(
    renamed={"max_tokens": "max_output_tokens", "reasoning_effort": "reasoning.effort", "verbosity": "text.verbosity"},
    dropped={"seed": "the wire has none"},
    refused={"n": "ask several times instead"},
    special=frozenset(("tool_choice",)),
)


def body(**options: Any) -> dict[str, Any]:
    found, losses = WIRE.body(options)
    assert losses == []
    return found


def test_a_name_in_no_table_goes_in_as_it_is() -> None:
    assert body(temperature=0, brand_new={"x": [1]}) == {"temperature": 0, "brand_new": {"x": [1]}}


def test_none_asks_for_nothing_even_where_the_name_is_refused_or_dropped() -> None:
    assert body(temperature=None, n=None, seed=None) == {}


def test_renamed_options_may_be_fields_of_objects() -> None:
    assert body(max_tokens=5, reasoning_effort="low") == {"max_output_tokens": 5, "reasoning": {"effort": "low"}}


def test_an_object_that_is_given_is_completed_and_not_changed() -> None:
    given = {"summary": "auto"}
    assert body(reasoning=given, reasoning_effort="low") == {"reasoning": {"summary": "auto", "effort": "low"}}
    assert given == {"summary": "auto"}


def test_a_dropped_option_is_told() -> None:
    found, losses = WIRE.body({"seed": 1, "temperature": 1})
    assert found == {"temperature": 1}
    assert losses == ["option seed dropped: the wire has none"]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"n": 2}, "option n: ask several times instead"),
        ({"max_output_tokens": 1, "max_tokens": 2}, "option max_tokens is the same as max_output_tokens"),
        ({"reasoning": {"effort": "low"}, "reasoning_effort": "low"}, "is the same as reasoning.effort"),
        ({"timeout": 3}, "use connect_timeout, first_chunk_timeout, read_timeout and total_timeout"),
        ({"stream": False}, "always streams"),
        ({"extra_body": []}, "extra_body must be an object, not list"),
        ({"extra_headers": "a: b"}, "extra_headers must be an object, not str"),
        ({"stream_options": 1}, "stream_options must be an object, not int"),
        ({"reasoning": "high", "reasoning_effort": "low"}, "belongs into reasoning, which is no object: 'high'"),
        ({"extra_headers": {"a b": "c"}}, "extra_headers: 'a b' is no name of a header"),
        ({"extra_headers": {5: "c"}}, "extra_headers: '5' is no name of a header"),
        ({"extra_headers": {"x-a": 5}}, "the value of x-a must be a text of one line"),
        ({"user": "half \ud800"}, "option user cannot be sent: it holds half a character"),
        ({"temperature": float("nan")}, "option temperature cannot be sent: float has no JSON form"),
        ({"logit_bias": {1, 2}}, "option logit_bias cannot be sent: set has no JSON form"),
        ({"extra_body": {"x": b"1"}}, "option x cannot be sent: bytes has no JSON form"),
    ],
)
def test_what_is_refused_is_said_with_what_to_do(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        WIRE.body(options)


@pytest.mark.parametrize("value", ["secret-1\n", " secret-1", "secret-1\r\nx: y", "secret-1\x00", "secret-1\ud800"])
def test_a_header_that_cannot_be_sent_is_refused_without_its_value(value: str) -> None:
    with pytest.raises(ConfigurationError, match="x-key") as problem:
        WIRE.body({"extra_headers": {"x-key": value}})
    assert "secret-1" not in str(problem.value)


def test_headers_may_be_empty_and_of_any_script() -> None:
    headers = {"x-a": "", "X_b": "é, b"}
    assert body(extra_headers=headers) == {}
    assert transport_of({"extra_headers": headers}) == {"extra_headers": headers}


def test_a_list_without_end_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ConfigurationError, match="has no JSON form"):
        WIRE.body({"stop": endless})


def test_what_the_backend_reads_itself_is_left_out() -> None:
    options = {"tool_choice": "auto", "stream": True, "extra_headers": {"a": "b"}, "extra_query": {"c": "d"}}
    assert body(**options) == {}
    assert transport_of(options) == {"extra_headers": {"a": "b"}, "extra_query": {"c": "d"}}
    assert transport_of({"extra_headers": None, "extra_query": {}}) == {}


def test_extra_body_wins_and_is_not_looked_at() -> None:
    extra = {"n": 2, "temperature": 0.5, "seed": 1}
    assert body(temperature=0.1, extra_body=extra) == extra


def test_merged_lists_grow_and_everything_else_is_replaced() -> None:
    tools = [{"name": "mine"}]
    found: dict[str, Any] = {"tools": tools, "plugins": {"a": 1}}
    merge_lists(found, {"tools": [{"type": "web_search"}], "plugins": {"b": 2}, "new": [1]})
    assert found == {"tools": [{"name": "mine"}, {"type": "web_search"}], "plugins": {"b": 2}, "new": [1]}
    assert tools == [{"name": "mine"}]


def test_a_host_has_its_own_words_besides() -> None:
    host = ProviderSpec(
        name="h",
        title="H",
        protocol="openai.chat",
        default_model="m",
        renamed_options={"max_tokens": "limit", "user": "who"},
        dropped_options={"temperature": "fixed"},
    )
    found, losses = WIRE.at(host).body({"max_tokens": 5, "user": "me", "temperature": 1, "seed": 2, "verbosity": "low"})
    assert found == {"limit": 5, "who": "me", "text": {"verbosity": "low"}}
    assert losses == ["option temperature dropped: fixed", "option seed dropped: the wire has none"]
    assert WIRE.body({"max_tokens": 5})[0] == {"max_output_tokens": 5}
