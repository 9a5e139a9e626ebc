"""``massgen-stream providers``: what can be talked to, and what has a key."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from shutil import get_terminal_size
from typing import Any, Final

import msgspec

from ..provider import ProviderSpec, providers
from .address import public_address
from .arguments import Arguments
from .output import require_output, write_output
from .plain_text import one_line, shortened

_EPILOG: Final = """\
Listed in the order in which chat chooses when no provider is named: the first with a key; without any, the simulator.
Keys are read from the environment and never shown. A narrow terminal cuts the lines; --json and a pipe give all.
"""
_HEADINGS: Final = ("NAME", "KEY", "DEFAULT MODEL", "BASE URL", "PROTOCOL", "TITLE")


def add_arguments(arguments: Arguments) -> None:
    """Declare options."""
    arguments.epilog = _EPILOG
    arguments.add_argument("--json", action="store_true", help="print a JSON list")


def run(options: argparse.Namespace) -> int:
    """List the providers."""
    entries = [entry(spec, os.environ) for spec in providers().values()]
    if options.json:
        write_output(msgspec.json.format(msgspec.json.encode(entries)) + b"\n")
    else:
        rows = [tuple(map(one_line, row(item))) for item in entries]
        require_output()
        width = get_terminal_size().columns if sys.stdout.isatty() else None
        print("\n".join(shortened(line, width) for line in table([_HEADINGS, *rows])))
    return 0


def entry(spec: ProviderSpec, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what is told of a provider; of its key only whether it is set."""
    address = spec.address(environ)
    return {
        "name": spec.name,
        "title": spec.title,
        "protocol": spec.protocol,
        "key_variables": list(spec.api_key_env),
        "key_required": spec.key_required,
        "key_set": spec.api_key(environ) is not None,
        "default_model": spec.default_model,
        "base_url": public_address(address) if address else None,
        "notes": spec.notes,
    }


def row(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of an entry."""
    variable = " or ".join(item["key_variables"])
    state = "set" if item["key_set"] else "not set" if item["key_required"] else "optional"
    key = f"{variable} ({state})" if variable else "none needed"
    address = item["base_url"] or "-"
    return (item["name"], key, item["default_model"], address, item["protocol"], item["title"])


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return *rows* as lines with aligned columns, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in rows]
