"""Options that are misspelt: told, with the likely name, and sent as they are."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from difflib import get_close_matches
from typing import Any

import pytest

from massgen_stream.backend import spelling
from massgen_stream.backend.chat_request import PARAMETERS
from massgen_stream.backend.parameters import Parameters
from massgen_stream.backend.spelling import Unknown, fields_of, likely, unknown_among
from massgen_stream.errors import ConfigurationError, ProviderError
from massgen_stream.provider import get_provider
from massgen_stream.simulator import Simulator

from .doors import Door, one_of_each_kind
from .fakes import SPEC, ScriptedBackend, Sleeper, raising, saying
from .reading import HELLO, of_type, read, types

pytestmark = pytest.mark.anyio
KINDS = [door for kind, door in one_of_each_kind().items() if not kind.startswith("grok")]
CHAT = "openai.types.chat.completion_create_params:CompletionCreateParamsBase"
HOSTS = (
    # https://docs.vllm.ai/en/latest/serving/openai_compatible_server/#extra-parameters
    *("best_of", "use_beam_search", "top_k", "min_p", "repetition_penalty", "length_penalty", "stop_token_ids"),
    *("include_stop_str_in_output", "ignore_eos", "min_tokens", "skip_special_tokens", "prompt_logprobs", "bad_words"),
    *("allowed_token_ids", "echo", "chat_template_kwargs", "mm_processor_kwargs", "priority", "cache_salt"),
    # https://openrouter.ai/docs/api/reference/parameters
    *("models", "provider", "reasoning", "transforms", "plugins", "route", "top_a", "session_id", "usage"),
    # https://docs.mistral.ai/api, https://console.groq.com/docs/api-reference, https://help.aliyun.com/zh/model-studio
    *("safe_prompt", "random_seed", "prompt_mode", "include_reasoning", "reasoning_format", "search_settings"),
    *("enable_thinking", "thinking_budget", "enable_search", "search_options", "thinking", "keep_alive", "options"),
)


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


def told(chunks: list[Any]) -> list[str]:
    return [one.detail or "" for one in of_type(chunks, "backend_status") if "option" in (one.detail or "")]


async def asked(door: Door, sim: Simulator, **options: Any) -> list[Any]:
    async with door.backend(sim.url(door.provider.name), max_retries=0) as backend:
        return await read(backend.stream_with_tools(HELLO, **options))


@pytest.mark.parametrize("door", KINDS, ids=repr)
@pytest.mark.parametrize("loaded", [True, False])
async def test_every_backend_tells_the_likely_name(
    door: Door, sim: Simulator, monkeypatch: pytest.MonkeyPatch, loaded: bool
) -> None:
    monkeypatch.setattr(Unknown, "is_readable", loaded)
    chunks = await asked(door, sim, temprature=0.5)
    assert told(chunks) == ["option temprature is unknown here and sent as it is; it is likely temperature"]
    assert types(chunks)[0] == "start"
    assert b'"temprature"' in sim.requests[-1].body


@pytest.mark.parametrize("door", KINDS, ids=repr)
async def test_what_the_sdk_knows_is_no_mistake(door: Door, sim: Simulator) -> None:
    backend = type(door.backend(sim.url(door.provider.name)))
    assert backend.request_types
    every = frozenset[str]().union(*map(fields_of, backend.request_types))
    assert len(every) > 10
    parameters = backend.parameters or Parameters()
    unknown = unknown_among(dict.fromkeys(every, 1), parameters, door.provider, backend.request_types)
    assert unknown is None or unknown.notes() == []


async def test_fields_of_hosts_are_no_mistakes() -> None:
    unknown = unknown_among(dict.fromkeys(HOSTS, 1), PARAMETERS, get_provider("vllm"), (CHAT,))
    assert unknown is not None
    assert len(unknown.names) > 30
    assert unknown.notes() == []


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("max_token", "max_tokens"),
        ("maxTokens", "max_tokens"),
        ("top-p", "top_p"),
        ("reasoning_efort", "reasoning_effort"),
        ("paralel_tool_calls", "parallel_tool_calls"),
        ("read_timout", "read_timeout"),
        ("max_retry", None),
        ("web_serch", "web_search"),
        ("media_polcy", "media_policy"),
        ("servicetier", "service_tier"),
        ("colour", None),
    ],
)
def test_likely_names(given: str, meant: str | None) -> None:
    unknown = unknown_among({given: 1}, PARAMETERS, SPEC, (CHAT,))
    assert unknown is not None
    notes: list[Any] = unknown.notes()
    assert [one.detail.rpartition(" ")[2] for one in notes] == ([] if meant is None else [meant])


def test_names_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def comparing(name: str, known: list[str], *how: Any) -> list[str]:
        compared.append(name)
        return get_close_matches(name, known, *how)

    monkeypatch.setattr(spelling, "get_close_matches", comparing)
    likely.cache_clear()
    options = {"min_p": 0.1, "chat_template_kwargs": {}, "temprature": 1}
    for _ in range(3):
        unknown = unknown_among(options, PARAMETERS, get_provider("vllm"), (CHAT,))
        assert unknown is not None
        assert len(unknown.notes()) == 1
    assert compared == [*options]
    for number in range(1000):
        likely(f"name-{number}", frozenset(("a", "b")))
    assert likely.cache_info().currsize < 1000


def test_what_is_dropped_or_refused_is_known_and_not_advised() -> None:
    tables = Parameters(dropped={"verbosity": "no"}, refused={"history": "no"}, renamed={"size": "config.length"})
    assert all(map(tables.knows, ("verbosity", "history", "size", "config", "extra_body", "media_policy")))
    assert not tables.knows("length")
    assert tables.meaningful() & {"verbosity", "history", "size", "config"} == {"size", "config"}


@pytest.mark.parametrize("options", [{}, {"temperature": 0.2, "max_tokens": 5, "stop": None}, {"x": None}])
def test_usual_options_ask_no_sdk(options: dict[str, Any]) -> None:
    assert unknown_among(options, PARAMETERS, SPEC, ("no_such_module:Type",)) is None
    assert unknown_among({"temprature": 1}, PARAMETERS, SPEC, ()) is None


@pytest.mark.parametrize("place", ["no_such_module:Type", "json:Type"])
def test_another_version_of_the_sdk_knows_better(place: str) -> None:
    unknown = unknown_among({"temprature": 1}, PARAMETERS, SPEC, (CHAT, place))
    assert unknown is not None
    assert unknown.notes() == []
    assert unknown.is_readable is (place.partition(":")[0] in sys.modules and CHAT.partition(":")[0] in sys.modules)


class Checked(ScriptedBackend):
    """As a backend whose SDK is openai's."""

    request_types = (CHAT,)


@pytest.mark.parametrize("loaded", [True, False])
async def test_it_is_told_where_the_vendor_refuses_it(monkeypatch: pytest.MonkeyPatch, loaded: bool) -> None:
    monkeypatch.setattr(Unknown, "is_readable", loaded)
    backend = Checked(raising(ProviderError("Unknown name temprature")), max_retries=0)
    chunks = await read(backend.stream_with_tools(HELLO, temprature=0.5))
    assert types(chunks) == ["start", "backend_status", "error", "done"]
    assert len(told(chunks)) == 1


async def test_it_is_told_once_however_often_it_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Unknown, "is_readable", False)
    backend = Checked(raising(ConnectionError("gone")), saying("Hi."), instruments=Sleeper().instruments())
    chunks = await read(backend.stream_with_tools(HELLO, temprature=0.5))
    assert len(told(chunks)) == 1
    assert len(backend.turns) == 2
    assert chunks[-1].finish_reason == "stop"


async def test_where_the_sdk_is_there_nothing_stands_between(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("massgen_stream.backend.base.with_notes", never)
    assert fields_of(CHAT)  # is imported now
    chunks = await read(Checked(saying("Hi.")).stream_with_tools(HELLO, temprature=0.5))
    assert len(told(chunks)) == 1
    assert told(await read(Checked(saying("Hi.")).stream_with_tools(HELLO, temperature=0.5))) == []


async def test_grok_refuses_what_its_message_has_not(sim: Simulator) -> None:
    door = next(door for kind, door in one_of_each_kind().items() if kind.startswith("grok"))
    with pytest.raises(ConfigurationError, match="temprature"):
        await asked(door, sim, temprature=0.5)


def test_nothing_is_likely_without_names() -> None:
    assert likely("temprature", frozenset()) is None
    assert likely("temprature", frozenset(), (CHAT,)) == "temperature"
    assert spelling.fields_of("json:loads") == frozenset()
