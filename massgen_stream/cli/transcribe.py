"""``massgen-stream transcribe``: what is said in a recording, as text."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any, Final

from ..backend.requirements import missing_extras
from ..errors import MissingExtra
from ..generation.transcription.hosts import open_provider
from .arguments import Arguments
from .extra_options import key_value
from .logs import logs
from .medium import medium_named
from .notices import notice
from .output import require_output
from .respondent import SIMULATOR
from .transcribing import write_down

_NO_KEY: Final = "neither OPENAI_API_KEY, ELEVENLABS_API_KEY nor GEMINI_API_KEY is set, so "
_EPILOG: Final = """\
provider: the one named with --provider; else, with --base-url, the server that is there; else the first of openai,
elevenlabs and gemini whose key is set; else the embedded simulator, which listens to nothing. A line on standard error
says who it is.

Standard output gets the text as it comes. With --words or --speakers it gets lines of fields with tabs between them:
start and end in seconds, the speaker where there is one, and what was said. With response_format=srt or vtt it gets the
subtitle file.
exit codes: 0 done, 1 the stream ended in an error or was cut, 2 wrong usage, 130 Ctrl-C

examples:
  massgen-stream transcribe interview.mp3 > interview.txt
  massgen-stream transcribe --language de --option 'keywords=["Kubernetes"]' talk.m4a
  massgen-stream transcribe --option response_format=srt film.mp4 > film.srt
  massgen-stream transcribe --provider elevenlabs --speakers meeting.m4a
  massgen-stream transcribe --provider gemini --words lecture.mp3
"""


def add_arguments(arguments: Arguments) -> None:
    """Declare options and operands."""
    arguments.epilog = _EPILOG
    add = arguments.add_argument
    add("file", metavar="FILE", help="recording: a file or URL; - is standard input")
    add(
        "--provider", metavar="NAME", help="who writes it down: openai, elevenlabs, gemini, chatcompletion or simulator"
    )
    add("--model", metavar="ID", help="model, as the provider names it")
    add("--base-url", metavar="URL", help="address of a compatible server")
    add("--private", action="store_true", help="fetch from private addresses too")
    add("--language", metavar="CODE", help="what is spoken, such as en")
    parts = arguments.add_mutually_exclusive_group()
    parts.add_argument("--words", action="store_true", help="print each word with its times")
    parts.add_argument("--speakers", action="store_true", help="print who says what, and when")
    parts.add_argument("--json", action="store_true", help="print the chunks as JSON Lines, and nothing else")
    add("--option", action="append", default=[], type=key_value, metavar="KEY=VALUE", help="any other option, in JSON")


def run(options: argparse.Namespace) -> int:
    """Write it down and return the exit code."""
    require_output()
    part = "words" if options.words else "segments" if options.speakers else None
    missing = [] if options.json or part else missing_extras({"rich": "cli"})
    if missing:
        others = {"openai": "openai", "starlette": "simulator"}
        raise MissingExtra("showing a transcript", ",".join([*missing, *missing_extras(others)]))
    source = medium_named(options.file, "transcribe", private=options.private)
    request = _request(options, os.environ)
    if request.get("provider") == SIMULATOR:
        named = options.provider is not None
        notice(f"{'' if named else _NO_KEY}the embedded simulator answers; no model listens")
    with logs(shown=options.debug):
        return write_down(source, request, part=part, as_json=options.json)


def _request(options: argparse.Namespace, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments of `transcribe`."""
    given = {
        "provider": _provider(options, environ),
        "model": options.model,
        "base_url": options.base_url,
        "language": options.language,
        "words": options.words or None,
        "speakers": options.speakers or None,
    }
    return dict(options.option) | {name: value for name, value in given.items() if value is not None}


def _provider(options: argparse.Namespace, environ: Mapping[str, str]) -> str | None:
    """Return who does it; None: the server at the address that is given."""
    if options.provider is not None or options.base_url is not None:
        name: str | None = options.provider
        return name
    return open_provider(environ) or SIMULATOR
