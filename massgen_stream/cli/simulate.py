"""``massgen-stream simulate``: the simulator as a server of its own."""

from __future__ import annotations

import argparse

from .arguments import Arguments
from .logs import logs
from .output import require_output

_EPILOG = """\
Prints the address for each provider; point any client of that vendor there, with any key. Ctrl-C ends it.
"""


def add_arguments(arguments: Arguments) -> None:
    """Declare options."""
    arguments.epilog = _EPILOG
    add = arguments.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=_port, default=8765, help="port, 0 for any free one (default: %(default)s)")
    add("--delay", type=_seconds, default=0.02, metavar="SECONDS", help="before each word (default: %(default)s)")
    kept = "how long it knows what it has given under an id: responses, files, jobs, media (default: as the vendors do)"
    add("--lifetime", type=_seconds, metavar="SECONDS", help=kept)
    known = "id of elsewhere that requests may refer to, * and ? as in file names; may be repeated"
    add("--knows", action="append", default=[], metavar="ID", help=known)


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from ..simulator.command import serve  # noqa: PLC0415 - an optional server that only this command needs

    require_output()  # it tells the addresses
    with logs(shown=options.debug):
        lifetime, knows = options.lifetime, options.knows
        serve(options.host, options.port, delay=options.delay, lifetime=lifetime, knows=knows, say=_say)
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # at once: whoever started us may be reading a pipe


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 - the largest TCP port
        raise argparse.ArgumentTypeError(f"{text!r} is no port; use 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds; use 0 or more")
    return seconds
