"""Generators are found, and the origin's tables are made of what they declare."""

import subprocess
import sys
from pathlib import Path

import pytest

from massgen_stream import generation
from massgen_stream.errors import UnknownProvider
from massgen_stream.generation import registry, vendors
from massgen_stream.generation.config import OPTIONS
from massgen_stream.generation.registry import generators, generators_of, has_api_key
from massgen_stream.stream_chunk.kinds import MediaType

MODULE = """
from massgen_stream.generation import Generator, Offer
from massgen_stream.generation.vendors.local import LocalImage
from massgen_stream.provider import ProviderSpec
from massgen_stream.stream_chunk.kinds import MediaType


class Crayon(Generator):
    name = "crayon"
    title = "Crayon"
    aliases = ("chalk",)
    host = ProviderSpec(name="crayon", title="Crayon", protocol="none", default_model="", api_key_env=("CRAYON_KEY",))
    offers = {MediaType.IMAGE: Offer(default_model="wax-1", priority=7)}

    async def generate(self, order, turn):
        if False:
            yield
"""


def tables() -> tuple[object, ...]:
    return generation.BACKEND_API_KEYS, generation.DEFAULT_MODELS, generation.BACKEND_PRIORITY


@pytest.mark.parametrize("one", generators(), ids=lambda one: one.__name__)
def test_a_generator_declares_what_it_is(one: type[generation.Generator]) -> None:
    assert one.name
    assert one.title
    assert one.offers
    assert one.__doc__
    for kind, offer in one.offers.items():
        assert kind in (MediaType.IMAGE, MediaType.VIDEO, MediaType.AUDIO)
        assert offer.default_model
        assert offer.options <= OPTIONS, offer.options - OPTIONS
        assert "continue_from" not in offer.options, "declare continuation, the prefix of its ids"
        assert offer.knows_model(offer.default_model)


def test_the_local_engine_is_last_and_needs_no_key() -> None:
    assert [places[-1] for places in generation.BACKEND_PRIORITY.values()] == ["local"] * 3
    assert generation.BACKEND_API_KEYS["local"] == ()
    assert has_api_key("local", {})
    assert {one.name for one in generators_of("local")} == {"local"}


def test_the_tables_are_read_only() -> None:
    for table in (*tables(), generation.DEFAULT_MODELS["local"]):
        with pytest.raises(TypeError):
            table["x"] = 1  # type: ignore[index]


def test_one_class_in_one_module_is_a_generator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crayon.py").write_text(MODULE)
    monkeypatch.setattr(vendors, "__path__", [*vendors.__path__, str(tmp_path)])
    found = generators.__wrapped__()
    monkeypatch.setattr(registry, "generators", lambda: found)
    try:
        assert registry.api_keys.__wrapped__()["crayon"] == ("CRAYON_KEY",)
        assert registry.default_models.__wrapped__()["crayon"] == {MediaType.IMAGE: "wax-1"}
        places = registry.priorities.__wrapped__()[MediaType.IMAGE]
        assert places.index("crayon") < places.index("local")
        assert has_api_key("chalk", {"CRAYON_KEY": "k"})
        assert not has_api_key("crayon", {"CRAYON_KEY": " "})
        assert [one.__name__ for one in generators_of("chalk")] == ["Crayon"]
        assert [one.__name__ for one in found].count("LocalImage") == 1
    finally:
        sys.modules.pop("massgen_stream.generation.vendors.crayon", None)


def test_looking_for_generators_loads_no_library_that_only_some_need() -> None:
    code = "import sys; from massgen_stream.generation import explain_media as e; e(environ={}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"PIL", "av", "numpy", "openai", "anthropic", "google.genai", "xai_sdk", "elevenlabs", "httpx", "httpx2"}
    assert not heavy & set(done.stdout.split())


def test_a_name_that_does_not_exist() -> None:
    assert not has_api_key("nobody")
    with pytest.raises(UnknownProvider, match="unknown provider 'nobody'"):
        generators_of("nobody")
    with pytest.raises(AttributeError, match="has no attribute 'NOTHING'"):
        registry.NOTHING  # noqa: B018
