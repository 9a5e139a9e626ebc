"""Writes docs/benchmarks.md, and the figures in the README, from the latest results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .table import cells, load_report

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
README = ROOT / "README.md"
MARK = "<!-- stream figures, written by python -m benchmarks page -->"
_HEAD = """\
# Benchmarks

Written by `python -m benchmarks page` from the latest results in `benchmarks/results`; every section is one run of
`python -m benchmarks NAME`, with all contenders in it. Times are medians. Never compare figures across machines.
"""


def write_page(names: Sequence[str]) -> None:
    parts = [_HEAD]
    for name in names:
        loaded = load_report(name)
        if loaded is None:
            continue
        report, machine = loaded
        parts.append(f"## {report.name}\n\n{report.about}\n")
        table = [("what", "figure", "target", "verdict"), ("---",) * 4, *map(cells, report.rows)]
        parts.append("\n".join("| " + " | ".join(line) + " |" for line in table) + "\n")
        if report.warning:
            parts.append(report.warning + "\n")
        parts.append("Machine: " + ", ".join(f"{key} {value}" for key, value in machine.items()) + ".\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    write_readme()


COLUMNS = {
    "raw bytes (httpx2)": "raw bytes",
    "massgen_stream": "ours",
    "the same over aiohttp": "ours over aiohttp",
    "vendor's SDK, typed": "SDK's typed stream",
    "LangChain": "LangChain",
    "Pydantic AI": "Pydantic AI",
    "LiteLLM": "LiteLLM",
}
"""Titles of the README's table, and the figures under them."""


def write_readme() -> None:
    """Put the figures of events that come back to back between the marks."""
    loaded = load_report("stream")
    if loaded is None:
        return
    figures = {row.what: row for row in loaded[0].rows}
    lines = ["| µs of CPU per text event | " + " | ".join(COLUMNS) + " |", "| --- " * (len(COLUMNS) + 1) + "|"]
    for wire in dict.fromkeys(what.partition(",")[0] for what in figures):
        found = [figures.get(f"{wire}, back to back: {name}") for name in COLUMNS.values()]
        lines.append(f"| {wire} | " + " | ".join(f"{row.value:.3g}" if row else "" for row in found) + " |")
    head, _, rest = README.read_text(encoding="utf-8").partition(MARK)
    tail = rest.partition(MARK)[2]
    README.write_text(f"{head}{MARK}\n" + "\n".join(lines) + f"\n{MARK}{tail}", encoding="utf-8")
