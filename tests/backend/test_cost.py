import subprocess
import sys
from typing import Any

import pytest

from massgen_stream.backend import ChatCompletionsBackend
from massgen_stream.backend.cost import Cost, Priced, cost_of, reported_cost, usage_cost
from massgen_stream.errors import MissingExtra
from massgen_stream.provider import ProviderSpec
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.narrow import content, done, start

from .fakes import ScriptedBackend, raising, yielding
from .reading import HELLO, read

GROQ = "https://api.groq.com/openai/v1"
USAGE = {"input_tokens": 1000, "all_input_tokens": 1000, "output_tokens": 100, "all_output_tokens": 100}
KNOWN = {"usage": USAGE, "model": "openai/gpt-oss-120b", "base_url": GROQ}


def test_list_prices() -> None:
    found = usage_cost(**KNOWN)  # type: ignore[arg-type]
    assert found is not None
    assert found.source == "prices"
    assert found.input_usd is not None
    assert found.output_usd is not None
    assert 0 < found.usd < 0.01
    assert found.usd == pytest.approx(found.input_usd + found.output_usd)


def test_the_sums_count_where_a_vendor_leaves_something_out() -> None:
    anthropic = "https://api.anthropic.com"
    plain = usage_cost({"input_tokens": 100, "output_tokens": 1}, "claude-sonnet-5-5", anthropic)
    usage = {"input_tokens": 100, "all_input_tokens": 1100, "cached_input_tokens": 1000, "output_tokens": 1}
    cached = usage_cost(usage, "claude-sonnet-5-5", anthropic)
    assert plain is not None
    assert cached is not None
    assert plain.usd < cached.usd < plain.usd * 3  # a cached token is cheaper than another, and not free


@pytest.mark.parametrize(
    ("details", "usd"),
    [
        ({"cost": 0.25}, 0.25),
        ({"cost": 0}, 0.0),
        ({"cost": {"input_tokens_cost": 0.1, "total_cost": 0.3}}, 0.3),
        ({"cost_in_usd_ticks": 12_000_000_000}, 1.2),
        ({"cost": True, "cost_in_usd_ticks": 10_000_000_000}, 1.0),
        ({"cost": "much"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_what_the_vendor_reports(details: Any, usd: float | None) -> None:
    usage = {**USAGE, "details": details}
    assert reported_cost(usage) == usd
    if usd is not None:
        assert usage_cost(usage, KNOWN["model"], GROQ) == Cost(usd=usd, source="reported")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        {"model": "no-such-model"},
        {"model": None},
        {"base_url": "http://127.0.0.1:8000/v1"},
        {"base_url": None},
        {"usage": {}},
        {"usage": {"details": {}}},
        {"usage": {**USAGE, "cached_input_tokens": 5000}},
    ],
)
def test_what_nobody_knows_has_no_price(other: dict[str, Any]) -> None:
    assert usage_cost(**{**KNOWN, **other}) is None


def test_prices_are_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    with pytest.raises(MissingExtra, match=r"massgen-stream\[cost\]"):
        usage_cost(**KNOWN)  # type: ignore[arg-type]
    assert usage_cost({"details": {"cost": 1}}, None, None) == Cost(usd=1.0, source="reported")


@pytest.mark.anyio
async def test_an_estimate_stays_one() -> None:
    found = await cost_of(Priced(usage=USAGE, model="openai/gpt-oss-120b", base_url=GROQ, estimated=True))
    assert found is not None
    assert found.estimated


HOST = ProviderSpec(
    name="p", title="P", protocol="openai.chat", default_model="openai/gpt-oss-120b", base_url=GROQ, key_required=False
)


@pytest.mark.anyio
async def test_the_cost_of_a_stream() -> None:
    script = yielding(
        start(model="openai/gpt-oss-20b"), content("a"), done("stop", usage=USAGE, usage_source="reported")
    )
    stream = ScriptedBackend(script, provider=HOST).stream_with_tools(HELLO)
    assert await stream.cost() is None
    await read(stream)
    expected = usage_cost(USAGE, "openai/gpt-oss-20b", GROQ)
    assert expected is not None
    assert await stream.cost() == expected  # of the model that answered, not of the one that was asked


@pytest.mark.anyio
async def test_a_stream_that_was_cut_has_the_cost_of_its_estimate() -> None:
    script = raising(OSError("gone"), start(), content("a" * 4000))
    stream = ScriptedBackend(script, provider=HOST).stream_with_tools(HELLO)
    await read(stream)
    found = await stream.cost()
    assert found is not None
    assert found.estimated
    assert found.usd > 0


@pytest.mark.anyio
async def test_openai_has_prices_without_an_address_and_the_simulator_has_none() -> None:
    async with Simulator() as sim, ChatCompletionsBackend("simulator", base_url=sim.url("simulator")) as backend:
        stream = backend.stream_with_tools(HELLO, model="gpt-6.1-terra")
        await read(stream)
        assert await stream.cost() is None
    script = yielding(start(), content("a"), done("stop", usage=USAGE, usage_source="reported"))

    class AtHome(ScriptedBackend):
        home = ChatCompletionsBackend.home

    nowhere = ProviderSpec(
        name="q", title="Q", protocol="openai.chat", default_model="gpt-6.1-terra", key_required=False
    )
    stream = AtHome(script, provider=nowhere).stream_with_tools(HELLO)
    await read(stream)
    assert await stream.cost() is not None


def test_nothing_is_imported_unless_asked() -> None:
    code = (
        "import sys, massgen_stream.backend.cost, massgen_stream.backend.stream;"
        "print(sorted({'genai_prices', 'httpx2', 'openai'} & sys.modules.keys()))"
    )
    done_ = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done_.stdout.strip() == "[]"
