from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest

import massgen_stream.provider
from massgen_stream.errors import UnknownProvider
from massgen_stream.provider import GROUP, ProviderSpec, choose_provider, discovery, get_provider, providers

HOST = """
from massgen_stream.provider.spec import ProviderSpec

SPEC = ProviderSpec(
    name="{name}", title="Dropped", protocol="openai.chat", default_model="m",
    base_url="http://127.0.0.1:1/v1", api_key_env=("DROPPED_KEY",), priority={priority},
)
"""
Drop = Callable[..., None]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    providers.cache_clear()
    yield
    providers.cache_clear()


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    """Drops a module into the package, as a new file would."""
    monkeypatch.setattr(massgen_stream.provider, "__path__", [*massgen_stream.provider.__path__, str(tmp_path)])

    def write(name: str, text: str) -> None:
        (tmp_path / f"{name}.py").write_text(text)
        providers.cache_clear()

    return write


def plug_in(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]) -> None:
    found = EntryPoints(EntryPoint(name, value, GROUP) for name, value in entries)
    monkeypatch.setattr(discovery, "entry_points", lambda group: found.select(group=group))


def in_order(*names: str) -> bool:
    """Whether the hosts exist and follow each other, with others between them."""
    places = [list(providers()).index(name) for name in names]
    return places == sorted(places)


PLUGGED = ProviderSpec(name="plugged", title="Plugged", protocol="openai.chat", default_model="m")
TAKEN = ProviderSpec(name="groq", title="Not Groq", protocol="openai.chat", default_model="m")
NO_SPEC = 5


def test_the_hosts_of_this_package() -> None:
    assert in_order("chatcompletion", "openrouter", "groq", "ollama", "simulator")
    assert all(name == spec.name for name, spec in providers().items())


def test_one_new_file_is_one_new_host(drop: Drop) -> None:
    drop("dropped", HOST.format(name="dropped", priority=25))
    assert get_provider("dropped").title == "Dropped"
    assert in_order("openrouter", "dropped", "groq")
    assert choose_provider({"DROPPED_KEY": "k"}) == get_provider("dropped")


@pytest.mark.anyio
async def test_a_dropped_host_streams(drop: Drop) -> None:
    from massgen_stream.backend import create_backend

    from ..backend.reading import HELLO, read, text
    from ..backend.server import answering, serving

    drop("dropped_too", HOST.format(name="dropped_too", priority=None))
    async with serving(answering("hi")) as server, create_backend("dropped_too", base_url=server.url) as backend:
        assert text(await read(backend.stream_with_tools(HELLO))) == "hi"


def test_a_module_without_a_spec_is_no_host(drop: Drop) -> None:
    before = set(providers())
    drop("no_host", "SPEC = 5\n")
    assert set(providers()) == before


def test_a_plug_in(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, ("plugged", f"{__name__}:PLUGGED"))
    assert get_provider("plugged") is PLUGGED


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("no.such.module:SPEC", "ModuleNotFoundError"),
        (f"{__name__}:NOTHING", "AttributeError"),
        (f"{__name__}:NO_SPEC", "it is a int, not a ProviderSpec"),
        (f"{__name__}:TAKEN", "the name 'groq' is taken"),
    ],
)
def test_a_broken_plug_in_is_reported_and_left_out(monkeypatch: pytest.MonkeyPatch, value: str, problem: str) -> None:
    plug_in(monkeypatch, ("broken", value), ("plugged", f"{__name__}:PLUGGED"))
    with pytest.warns(RuntimeWarning, match=problem) as caught:
        found = providers()
    assert "broken" in str(caught[0].message)
    assert found["groq"].title == "Groq"
    assert "plugged" in found


def test_an_unknown_provider_is_told_what_exists() -> None:
    with pytest.raises(UnknownProvider, match=r"unknown provider 'nobody'; use one of: .*groq.*openrouter"):
        get_provider("nobody")


def test_the_first_provider_with_a_key_is_chosen() -> None:
    assert choose_provider({}) is None
    assert choose_provider({"PATH": "/bin", "GROQ_API_KEY": ""}) is None
    both: dict[str, Any] = {"GROQ_API_KEY": "g", "OPENROUTER_API_KEY": "o"}
    assert choose_provider(both) == get_provider("openrouter")
    assert choose_provider({**both, "OPENAI_API_KEY": "x"}) == get_provider("openai")
