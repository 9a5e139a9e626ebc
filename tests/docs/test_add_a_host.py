"""The file of the tutorial, dropped into the package, is found everywhere, with no other edit."""

import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

import massgen_stream.provider
from massgen_stream.backend import BACKEND_CAPABILITIES, ChatCompletionsBackend, create_backend
from massgen_stream.backend.capabilities import validate_backend_config
from massgen_stream.cli import main
from massgen_stream.errors import UnknownProvider
from massgen_stream.provider import choose_provider, get_provider, providers
from massgen_stream.simulator import Simulator

from ..backend.reading import HELLO, of_type, read, text
from .test_pages import ROOT, blocks

FILE = blocks(ROOT / "docs" / "add_a_host.md")[0]


@pytest.fixture(autouse=True)
def dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tutorial's file in the folder of providers; away again afterwards."""
    (tmp_path / "acme.py").write_text(FILE)
    monkeypatch.setattr(massgen_stream.provider, "__path__", [*massgen_stream.provider.__path__, str(tmp_path)])
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    providers.cache_clear()
    yield
    providers.cache_clear()


def test_names_and_the_automatic_choice() -> None:
    assert "acme" in providers()
    assert get_provider("acme").title == "Acme"
    chosen = choose_provider({"ACME_API_KEY": "k"})
    assert chosen is None  # it names no priority
    with pytest.raises(UnknownProvider, match="acme"):
        get_provider("nobody")


@pytest.mark.anyio
async def test_it_streams_with_its_quirk_tools_and_losses() -> None:
    async with Simulator() as sim, create_backend("acme", base_url=sim.url("acme")) as backend:
        assert isinstance(backend, ChatCompletionsBackend)
        chunks = await read(backend.stream_with_tools(HELLO, web_search=True, reasoning_effort="none", seed=1))
        sent = sim.requests[0].json
    assert text(chunks)
    assert chunks[0].provider == "acme"
    (loss,) = of_type(chunks, "backend_status")
    assert loss.detail == "option seed dropped: Acme refuses it (https://docs.acme.example/chat)"
    assert sent["model"] == "acme-2-large"
    assert (sent["think"], sent["tools"]) == (False, [{"type": "web_search"}])


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["providers"]) == 0
    assert "ACME_API_KEY (not set)" in capsys.readouterr().out
    assert main(["providers", "acme"]) == 0
    assert "image (up to 8 MiB)" in capsys.readouterr().out
    assert main(["chat", "--provider", "acme", "Hello"]) == 2
    assert "acme needs an API key; set ACME_API_KEY" in capsys.readouterr().err
    with Simulator.threaded() as sim:
        assert main(["chat", "--provider", "acme", "--base-url", sim.url("acme"), "Hello"]) == 0
    assert "acme at" in capsys.readouterr().err


def test_capabilities_and_configurations() -> None:
    found = BACKEND_CAPABILITIES["acme"]
    assert found.models == ("acme-2-large", "acme-1")
    assert found.model_release_dates == {"acme-2-large": "2026-10", "acme-1": "2026-02"}
    assert found.supported_capabilities == {"web_search", "image_understanding", "reasoning"}
    assert validate_backend_config("acme", {"enable_web_search": True}) == []
    assert validate_backend_config("acme", {"shell": True}) == [
        "acme does not support shell; its native tools: web_search"
    ]


def test_the_documentation() -> None:
    write = runpy.run_path(str(ROOT / "docs" / "provider_pages.py"))["provider_pages"]
    pages = write(providers())
    assert "| [acme](acme.md) | Acme |" in pages["README.md"]
    assert '`reasoning_effort="none"` becomes `think=false`.' in pages["acme.md"]
    assert "| `acme-2-large` | 262,144 | 32,768 | 2026-10 |" in pages["acme.md"]


def test_the_rules_of_all_hosts() -> None:
    from ..provider import test_hosts as rules

    acme = get_provider("acme")
    for name in dir(rules):
        check = getattr(rules, name)
        if name.startswith("test_") and getattr(check, "pytestmark", None):
            check(acme)
