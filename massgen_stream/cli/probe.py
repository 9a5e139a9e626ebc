"""``massgen-stream probe``: what a file is, as its decoder sees it."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ..errors import MediaError, TransportError
from .address import public_address
from .arguments import Arguments
from .ending import FAILED
from .logs import logs
from .medium import medium_named
from .notices import failure
from .option_names import in_options
from .output import require_output, write_output
from .plain_text import one_line
from .table import table

if TYPE_CHECKING:
    from ..media.probing import Probed

_EPILOG: Final = """\
Reads headers, and of a video its first picture. --whole decodes everything: damage that a decoder sees is found, and
a missing end that it does not see; frames are counted, and the SHA-256 is told. A file that is empty, cut off, damaged,
not what it is said to be or made to harm its reader is reported, and the exit code is 1.
"""
_KIB: Final = 1024
_UNITS: Final = ("bytes", "KiB", "MiB", "GiB", "TiB")


def add_arguments(arguments: Arguments) -> None:
    """Declare options and operands."""
    arguments.epilog = _EPILOG
    arguments.add_argument("files", nargs="+", metavar="FILE", help="file or URL; - is standard input")
    arguments.add_argument("--type", metavar="MIME", help="what it is said to be, such as image/png")
    arguments.add_argument("--whole", action="store_true", help="decode all of it")
    arguments.add_argument("--private", action="store_true", help="fetch from private addresses too")
    arguments.add_argument("--json", action="store_true", help="print one JSON document per file")


def run(options: argparse.Namespace) -> int:
    """Tell about each file and return the exit code."""
    require_output()
    with logs(shown=options.debug):
        return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    from ..media.probing import probe  # noqa: PLC0415 - asks for libraries that --help does not need

    code = 0
    for name in options.files:
        try:
            medium = medium_named(name, "probe", private=options.private)
            found = await probe(medium, mime_type=options.type, whole=options.whole)
        except (MediaError, TransportError) as problem:
            code = FAILED
            _tell_failure(name, problem, as_json=options.json)
            continue
        told = facts(found)
        if options.json:
            write_output(msgspec.json.encode({"file": _shown(name), **told}) + b"\n")
        else:
            print("\n".join([one_line(_shown(name)), *page(told)]), flush=True)
    return code


def facts(found: Probed) -> dict[str, Any]:
    """Return what is known, for people and programs."""
    known: dict[str, Any] = {"kind": str(found.kind), **found.metadata.to_dict()}
    known.pop("filename", None)
    return known | ({"codecs": list(found.codecs)} if found.codecs else {}) | {"whole": found.whole}


def page(told: dict[str, Any]) -> list[str]:
    """Return the lines for people."""
    rows = [("type", f"{told['mime_type']} ({told['kind']})"), ("size", _size(told["size_bytes"]))]
    if "width" in told and "height" in told:
        rows.append(("pixels", f"{told['width']} x {told['height']}"))
    if told.get("duration_seconds"):
        rows.append(("duration", _duration(told["duration_seconds"])))
    for name, label in (("frames", "frames"), ("pages", "pages"), ("channels", "channels")):
        if name in told:
            rows.append((label, f"{told[name]:,}"))
    if "sample_rate" in told:
        rows.append(("sample rate", f"{told['sample_rate']:,} Hz"))
    if "codecs" in told:
        rows.append(("codecs", ", ".join(told["codecs"])))
    if "checksum" in told:
        rows.append(("checksum", told["checksum"]))
    return [f"  {line}" for line in table([(label, one_line(value)) for label, value in rows])]


def _shown(name: str) -> str:
    return public_address(name) if "://" in name else (name.partition(",")[0] if name[:5].lower() == "data:" else name)


def _tell_failure(name: str, problem: MediaError | TransportError, *, as_json: bool) -> None:
    told = in_options("probe", str(problem))
    if as_json:
        document = {"file": _shown(name), "error": told, "reason": type(problem).__name__}
        write_output(msgspec.json.encode(document) + b"\n")
    failure(f"{_shown(name)}: {told}")


def _size(size: int) -> str:
    figure, unit = float(size), 0
    while figure >= _KIB and unit < len(_UNITS) - 1:
        figure, unit = figure / _KIB, unit + 1
    return f"{size:,} bytes" + (f" ({figure:.1f} {_UNITS[unit]})" if unit else "")


def _duration(seconds: float) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    clock = f"{hours:.0f}:{minutes:02.0f}:{left:05.2f}" if hours else f"{minutes:.0f}:{left:05.2f}"
    return f"{seconds:.2f} s" + (f" ({clock})" if seconds >= 60 else "")  # noqa: PLR2004 - a minute
