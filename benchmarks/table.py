"""Rows of a benchmark, printed as a table and kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .machine import describe

RESULTS = Path(__file__).parent / "results"


@dataclass
class Row:
    """One figure.

    Attributes:
        target: The limit, None where there is none.
        at_least: Whether the figure must be at least the target; else at most.
    """

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        met = self.value >= self.target if self.at_least else self.value <= self.target
        return "met" if met else "missed"


@dataclass
class Report:
    """All figures of one benchmark, measured in one run."""

    name: str
    about: str
    rows: list[Row] = field(default_factory=list)
    warning: str | None = None

    def add(self, what: str, value: float, unit: str, target: float | None = None, *, at_least: bool = False) -> None:
        self.rows.append(Row(what, value, unit, target, at_least))


def cells(row: Row) -> tuple[str, str, str, str]:
    bound = "" if row.target is None else f"{'≥' if row.at_least else '≤'} {row.target:g} {row.unit}"
    return (
        row.what,
        f"{row.value:.3g} {row.unit}" if row.value < 1000 else f"{row.value:,.0f} {row.unit}",
        bound,
        row.verdict,
    )


def print_report(report: Report) -> None:
    print(f"\n{report.name}: {report.about}")
    lines: Sequence[tuple[str, ...]] = [("what", "figure", "target", ""), *map(cells, report.rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def save_report(report: Report) -> None:
    RESULTS.mkdir(exist_ok=True)
    content = asdict(report) | {"machine": describe()}
    (RESULTS / f"{report.name}.json").write_text(
        json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def load_report(name: str) -> tuple[Report, dict[str, str]] | None:
    path = RESULTS / f"{name}.json"
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    rows = [Row(**row) for row in content["rows"]]
    return Report(content["name"], content["about"], rows, content["warning"]), content["machine"]
