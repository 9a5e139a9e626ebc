from typing import Any

import pytest

from massgen_stream.backend.formatted import Formatted
from massgen_stream.backend.parameters import Body
from massgen_stream.backend.request import FormattedRequest, offered
from massgen_stream.errors import ConfigurationError, InvalidMessage
from massgen_stream.provider.spec import ProviderSpec
from massgen_stream.stream_chunk.formatter import OpenAIChatFormatter

pytestmark = pytest.mark.anyio
FORMATTER = OpenAIChatFormatter()
HELLO: list[Any] = [{"role": "user", "content": "hi", "odd": 1}]


class Small(FormattedRequest[list[dict[str, Any]]]):
    """A request with the conversation under `said`."""

    def _conversation(self, payload: list[dict[str, Any]]) -> Body:
        return {"said": payload}


def small(body: Body, quirk: Any = None, **options: Any) -> Small:
    host = ProviderSpec(name="host", title="Host", protocol="openai.chat", default_model="m", request_quirk=quirk)
    return Small(body, Formatted(FORMATTER, HELLO, host), host, options, ["option a dropped: no"])


async def test_a_body_holds_its_fields_and_the_conversation() -> None:
    request = small({"model": "m", "said": ()}, extra_headers={"a": "b"}, user="me")
    whole = {"model": "m", "said": [{"role": "user", "content": "hi"}]}
    assert await request.body() == whole
    assert list(await request.body()) == ["model", "said"]
    assert request.transport == {"extra_headers": {"a": "b"}}
    assert [loss.partition(":")[0] for loss in request.losses] == ["option a dropped", "messages[0]"]


async def test_each_body_is_one_of_its_own() -> None:
    request = small({"model": "m"})
    first = await request.body()
    first.clear()
    assert (await request.body())["model"] == "m"


async def test_extra_body_wins_over_the_conversation() -> None:
    request = small({"model": "m", "said": "nothing"}, extra_body={"said": "nothing"})
    assert await request.body() == {"model": "m", "said": "nothing"}


async def test_the_host_has_the_last_word() -> None:
    request = small({"model": "m"}, quirk=lambda body: {"n": len(body["said"])})
    assert await request.body() == {"n": 1}


@pytest.mark.parametrize("schema", [{"minimum": float("inf")}, {"default": b"x"}, {"title": "\ud800"}])
def test_tools_without_a_json_form_are_refused_at_the_call(schema: dict[str, Any]) -> None:
    tools = [{"name": "f", "parameters": schema}]
    with pytest.raises(ConfigurationError, match="option tools cannot be sent"):
        small(offered(FORMATTER, tools, {}))


def test_what_is_offered() -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {}}}
    assert offered(FORMATTER, (), {}) == {}
    assert offered(FORMATTER, (), {"tool_choice": None}) == {}
    assert offered(FORMATTER, iter([{"name": "f", "parameters": {}}]), {"tool_choice": "required"}) == {
        "tools": [tool],
        "tool_choice": "required",
    }
    for wrong in ("f", {"name": "f"}, 5):
        with pytest.raises(InvalidMessage, match="tools: must be a list of tools"):
            offered(FORMATTER, wrong, {})  # type: ignore[arg-type]
