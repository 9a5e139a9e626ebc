"""Writes docs/benchmarks.md from the latest results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .table import cells, load_report

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
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
