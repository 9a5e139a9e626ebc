"""What the simulator says of itself at ``/``."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from .faults import FAULTS, HEADER


def json_page(urls: Mapping[str, str]) -> dict[str, Any]:
    """Return the page for programs."""
    return {"name": "massgen_stream simulator", "urls": dict(urls), "fault_header": HEADER, "faults": _faults()}


def html_page(urls: Mapping[str, str]) -> str:
    """Return the page for people."""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>massgen_stream simulator</title></head>"
        "<body><h1>massgen_stream simulator</h1>"
        "<p>Point any client of these vendors here; any API key will do. No model runs behind it.</p>"
        f"{_table({name: f'<code>{escape(url)}</code>' for name, url in urls.items()})}"
        f"<h2>Faults</h2><p>Send the header <code>{HEADER}</code>, or ask for a model such as"
        " <code>simulator/fault:429;times=2</code>.</p>"
        f"{_table({name: escape(text) for name, text in _faults().items()})}</body></html>"
    )


def _table(rows: Mapping[str, str]) -> str:
    cells = (f"<tr><th align='left'>{escape(name)}</th><td>{value}</td></tr>" for name, value in rows.items())
    return f"<table>{''.join(cells)}</table>"


def _faults() -> dict[str, str]:
    return {str(fault.__struct_config__.tag): _plain(fault.__doc__ or "") for fault in FAULTS}


def _plain(doc: str) -> str:
    """Return a docstring as people read it: one line, names in single quotes."""
    return " ".join(doc.replace("``", "'").replace("*", "'").split())
