"""``massgen-stream providers``: what can be talked to, what has a key, and what each can do."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from shutil import get_terminal_size
from typing import Any, Final

import msgspec

from ..backend.capabilities import capabilities_of
from ..provider import ProviderSpec, get_provider, providers
from .address import public_address
from .arguments import Arguments
from .output import require_output, write_output
from .plain_text import one_line, shortened
from .provider_page import provider_page
from .table import table

_EPILOG: Final = """\
Listed in the order in which chat chooses when no provider is named: the first with a key; without any, the simulator.
Keys are read from the environment and never shown. A narrow terminal cuts the lines; --json and a pipe give all.
"""
_HEADINGS: Final = ("NAME", "KEY", "DEFAULT MODEL", "BASE URL", "PROTOCOL", "TITLE")


def add_arguments(arguments: Arguments) -> None:
    """Declare options."""
    arguments.epilog = _EPILOG
    arguments.add_argument("name", nargs="?", metavar="NAME", help="tell all of one provider")
    arguments.add_argument("--json", action="store_true", help="print a JSON list")


def run(options: argparse.Namespace) -> int:
    """List the providers, or tell all of one."""
    named = [get_provider(options.name)] if options.name else list(providers().values())
    entries = [entry(spec, os.environ) for spec in named]
    if options.json:
        write_output(msgspec.json.format(msgspec.json.encode(entries[0] if options.name else entries)) + b"\n")
        return 0
    require_output()
    lines = provider_page(entries[0], key_cell(entries[0])) if options.name else _listed(entries)
    width = get_terminal_size().columns if sys.stdout.isatty() else None
    print("\n".join(shortened(line, width) for line in lines))
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
        "documentation": spec.documentation or None,
        "apis": list(spec.apis),
        "capabilities": sorted(capabilities_of(spec).supported_capabilities),
        "native_tools": list(spec.native_tools),
        "input_media": dict(spec.input_media),
        "media_sources": dict(spec.media_sources),
        "output_media": list(spec.output_media),
        "models": [msgspec.structs.asdict(model) for model in spec.models],
    }


def row(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of an entry."""
    address = item["base_url"] or "-"
    return (item["name"], key_cell(item), item["default_model"], address, item["protocol"], item["title"])


def key_cell(item: Mapping[str, Any]) -> str:
    """Return where the key of an entry comes from, and whether it is there."""
    variable = " or ".join(item["key_variables"])
    state = "set" if item["key_set"] else "not set" if item["key_required"] else "optional"
    return f"{variable} ({state})" if variable else "none needed"


def _listed(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    return table([_HEADINGS, *(tuple(map(one_line, row(item))) for item in entries)])
