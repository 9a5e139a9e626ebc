"""``massgen-stream providers``."""

import msgspec
import pytest

from massgen_stream.cli.providers import entry
from massgen_stream.cli.table import table
from massgen_stream.provider import ProviderSpec, providers

from .commands import KEYS, run_here

SECRET = "sk-secret-0123456789"


@pytest.fixture(autouse=True)
def _only_groq_has_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GROQ_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://me:{SECRET}@localhost:9/v1?key={SECRET}")


def test_the_table_is_aligned_and_tells_whether_a_key_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run_here(capsys, "providers")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert len(lines) == 1 + len(providers())
    column = lines[0].index("KEY")
    cells = {line.split()[0]: line[column:].split("  ")[0] for line in lines[1:]}
    assert cells["groq"] == "GROQ_API_KEY (set)"
    assert cells["openrouter"] == "OPENROUTER_API_KEY (not set)"
    assert cells["ollama"] == "none needed"


def test_json_is_a_list_with_everything_but_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    found = {item["name"]: item for item in json.loads(run_here(capsys, "providers", "--json").out)}
    assert list(found) == list(providers())
    groq = providers()["groq"]
    assert found["groq"] == {
        "name": "groq",
        "title": groq.title,
        "protocol": "openai.chat",
        "key_variables": ["GROQ_API_KEY"],
        "key_required": True,
        "key_set": True,
        "default_model": groq.default_model,
        "base_url": groq.base_url,
        "notes": groq.notes,
        "documentation": groq.documentation,
        "apis": [],
        "capabilities": ["code_execution", "image_understanding", "reasoning", "web_search"],
        "native_tools": ["web_search", "code_execution"],
        "input_media": {"image": 4 * 2**20},
        "media_sources": dict(groq.media_sources),
        "output_media": [],
        "models": [msgspec.structs.asdict(model) for model in groq.models],
    }
    assert found["chatcompletion"]["base_url"] == "http://localhost:9/v1"


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_no_secret_is_told(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    ran = run_here(capsys, "providers", *words)
    assert SECRET not in ran.out + ran.err


def test_an_optional_key_is_no_missing_one() -> None:
    spec = ProviderSpec(
        name="x", title="X", protocol="openai.chat", default_model="m", api_key_env=("A", "B"), key_required=False
    )
    from massgen_stream.cli.providers import row

    assert row(entry(spec, {}))[1] == "A or B (optional)"
    assert row(entry(spec, {"B": "1"}))[1] == "A or B (set)"


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table([("A", "B"), ("long", "x")]) == ["A     B", "long  x"]


def test_a_narrow_terminal_cuts_the_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    capsys.readouterr()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    lines = run_here(capsys, "providers").out.splitlines()
    assert max(map(len, lines)) == 60
    assert lines[1].endswith("…")


def test_one_provider_is_told_whole(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run_here(capsys, "providers", "groq")
    groq = providers()["groq"]
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "groq: Groq"
    facts = {line[2:17].strip(): line[17:] for line in lines[2 : lines.index("", 2)]}
    assert facts["key"] == "GROQ_API_KEY (set)"
    assert facts["native tools"] == "web_search, code_execution"
    assert facts["takes"] == "text, image (up to 4 MiB)"
    assert facts["documentation"] == groq.documentation
    assert "openai/gpt-oss-120b (default)" in ran.out
    assert "131,072" in ran.out
    assert SECRET not in ran.out


def test_one_provider_as_json_is_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run_here(capsys, "providers", "--json", "ollama")
    assert msgspec.json.decode(ran.out)["name"] == "ollama"


def test_a_provider_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run_here(capsys, "providers", "nobody")
    assert ran.code == 2
    assert "unknown provider 'nobody'" in ran.err


@pytest.mark.parametrize("name", list(providers()))
def test_every_provider_has_a_page(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert providers()[name].default_model in run_here(capsys, "providers", name).out
