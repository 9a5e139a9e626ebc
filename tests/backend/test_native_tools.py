from typing import Any

import pytest

from massgen_stream.backend.native_tools import split_native_tools
from massgen_stream.errors import ConfigurationError
from massgen_stream.provider.spec import NativeTool, ProviderSpec

HOST = ProviderSpec(
    name="host",
    title="Host",
    protocol="openai.chat",
    default_model="m",
    native_tools={
        "web_search": NativeTool({"type": "web_search"}),
        "code_execution": NativeTool({"type": "code", "container": {"type": "auto"}}, key="container"),
        "maps": NativeTool({"enabled": True}, field="maps_options", listed=False),
    },
)


def split(**options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return split_native_tools(options, HOST)


def test_tools_join_one_list() -> None:
    found, rest = split(web_search=True, code_execution=True, temperature=1)
    assert found == {"tools": [{"type": "web_search"}, {"type": "code", "container": {"type": "auto"}}]}
    assert rest == {"temperature": 1}


def test_a_tool_may_be_a_field_of_its_own() -> None:
    assert split(maps={"radius": 5})[0] == {"maps_options": {"enabled": True, "radius": 5}}


def test_settings_go_beside_ours_or_into_their_object() -> None:
    (search,) = split(web_search={"domains": ["x.org"], "type": "web_search_2026"})[0]["tools"]
    assert search == {"type": "web_search_2026", "domains": ["x.org"]}
    (code,) = split(code_execution={"memory": "4g"})[0]["tools"]
    assert code == {"type": "code", "container": {"type": "auto", "memory": "4g"}}
    assert HOST.native_tools["code_execution"].settings == {"type": "code", "container": {"type": "auto"}}


@pytest.mark.parametrize("value", [False, None])
def test_false_and_none_ask_for_nothing(value: object) -> None:
    assert split(web_search=value, file_search=value) == ({}, {})


@pytest.mark.parametrize(("name", "kind"), [("enable_web_search", "web_search"), ("enable_code_interpreter", "code")])
def test_the_names_of_the_origin(name: str, kind: str) -> None:
    found, rest = split(**{name: True})
    assert found["tools"][0]["type"] == kind
    assert rest == {}


@pytest.mark.parametrize("later", [True, False, None, {"domains": ["x.org"]}])
def test_of_two_names_of_one_tool_the_later_one_counts(later: Any) -> None:
    assert split(enable_web_search={"depth": 1}, web_search=later) == split(web_search=later)


def test_a_tool_that_the_provider_has_not() -> None:
    with pytest.raises(
        ConfigurationError, match="host has no native tool shell; it has: web_search, code_execution, maps"
    ):
        split(shell=True)
    bare = ProviderSpec(name="bare", title="Bare", protocol="openai.chat", default_model="m")
    with pytest.raises(ConfigurationError, match="bare has no native tool web_search; it has: none"):
        split_native_tools({"web_search": True}, bare)


@pytest.mark.parametrize("value", ["yes", 1, 0, [True]])
def test_a_value_that_is_neither_true_nor_settings(value: object) -> None:
    with pytest.raises(ConfigurationError, match="option web_search must be true or an object of settings, not "):
        split(web_search=value)
