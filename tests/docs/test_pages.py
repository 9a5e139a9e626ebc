"""Generated pages are fresh, links lead somewhere, and the code in pages runs."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXECUTED = [
    "README.md",
    "docs/grammar.md",
    "docs/agent.md",
    "docs/tools/generate_media.md",
    "docs/add_a_host.md",
    "docs/add_a_wire_protocol.md",
    "docs/media.md",
    "docs/media_wires.md",
    "docs/generating_media.md",
    "docs/transcription.md",
    "docs/simulator.md",
]


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_generated_pages_are_fresh(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["build_reference.py", "--check"])
    main = runpy.run_path(str(ROOT / "docs" / "build_reference.py"))["main"]
    assert main() == 0, capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    missing = [link for link in links if link and not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_in_pages_is_python(page: Path) -> None:
    for block in blocks(page):
        compile(block, str(page), "exec", dont_inherit=True)


@pytest.mark.parametrize("name", EXECUTED)
def test_code_in_page_runs(name: str) -> None:
    for block in blocks(ROOT / name):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", block], capture_output=True, text=True, timeout=50, check=False
        )
        assert done.returncode == 0, f"{block}\n{done.stderr}"
