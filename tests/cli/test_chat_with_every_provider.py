"""``massgen-stream chat --provider NAME`` against the simulator, for every provider and each of its APIs."""

from collections.abc import Iterator

import pytest

from massgen_stream.simulator import Simulator, text

from ..backend.doors import Door, doors
from .commands import run_here


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    with Simulator.threaded([text("It "), text("rains.")]) as simulator:
        yield simulator


@pytest.mark.parametrize("door", doors(), ids=repr)
def test_a_provider_answers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sim: Simulator, door: Door
) -> None:
    for name in door.provider.api_key_env:
        monkeypatch.setenv(name, "any")
    api = ["--api", door.api] if door.api else []
    place = ["--provider", door.provider.name, "--base-url", sim.url(door.provider.name)]
    ran = run_here(capsys, "chat", *place, *api, "Hello")
    assert (ran.code, ran.out) == (0, "It rains.\n")
    assert ran.err.startswith(f"massgen-stream: {door.provider.name} at ")


def test_an_api_that_a_provider_has_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run_here(capsys, "chat", "--provider", "gemini", "--api", "telepathy", "Hello")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip().endswith("gemini has no api 'telepathy'; it has: generate_content, interactions")


@pytest.mark.parametrize("door", [door for door in doors() if door.protocol != "openai.chat"], ids=repr)
def test_reasoning_is_shown_where_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, door: Door
) -> None:
    for name in door.provider.api_key_env:
        monkeypatch.setenv(name, "any")
    api = ["--api", door.api] if door.api else []
    with Simulator.threaded() as sim:
        place = ["--provider", door.provider.name, "--base-url", sim.url(door.provider.name)]
        plain = run_here(capsys, "chat", *place, *api, "Hello")
        ran = run_here(capsys, "chat", *place, *api, "--reasoning", "Hello")
    assert ran.code == 0
    assert len(ran.err.splitlines()) > len(plain.err.splitlines())
