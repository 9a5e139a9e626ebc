"""``massgen-stream chat``: one prompt, one streamed answer."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ..errors import ConfigurationError
from ..generation.file_names import check_folder
from ..provider import ProviderSpec
from .arguments import Arguments
from .attachment import attachment_part, attachments_named
from .conversation import Question, Watched, converse
from .extra_options import key_value, tools_of_file
from .logs import logs
from .output import require_output
from .prompt import prompt_text
from .respondent import require_extras, respondent

_REASONING: Final = "medium"
_SHOWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "openai.responses": {"reasoning_summary": "auto"},
    "google.generate_content": {"include_thoughts": True},
    "google.interactions": {"include_thoughts": True},
}
"""Options without which a wire tells nothing of its reasoning; the others tell it whenever there is some."""

_EPILOG: Final = """\
provider: the one named with --provider; else, with --base-url, chatcompletion; else the first in the list of
`massgen-stream providers` whose key is set; else the embedded simulator. A line on standard error says who answers.

Models may make pictures, films and sounds with the generators whose key is set, else with the local engine (extra
media); those of a server of your own only with --media, since many of them take no tools. Files appear in --out.

When standard output is no terminal it gets just the answer; everything else goes to standard error.
exit codes: 0 done, 1 the stream ended in an error or was cut, 2 wrong usage, 130 Ctrl-C

examples:
  massgen-stream chat "draw a lighthouse and read me a line about it"
  massgen-stream chat --attach plan.pdf --attach https://example.org/photo.jpg "Is this built as planned?"
  massgen-stream chat "Sum this up:" - < report.txt
  massgen-stream chat --json --option temperature=0 "Hello" | jq .content
"""


def add_arguments(arguments: Arguments) -> None:
    """Declare options and operands."""
    arguments.words = "prompt"
    arguments.epilog = _EPILOG
    add = arguments.add_argument
    add("prompt", nargs="*", metavar="PROMPT", help="what to say; - stands for standard input, as does no PROMPT")
    add("--provider", metavar="NAME", help="who answers; see `massgen-stream providers`")
    add("--api", metavar="NAME", help="which of the provider's APIs, where it has several, such as interactions")
    add("--model", metavar="ID", help="model, as the provider names it")
    add("--base-url", metavar="URL", help="address of a compatible server, as the provider's own SDK takes it")
    add("--system", metavar="TEXT", help="system message")
    add("--attach", action="append", default=[], metavar="FILE|URL", help="send an image, a document … (repeatable)")
    add("--tools", metavar="FILE", help="offer the tools of a JSON list of {name, description, parameters}")
    media = arguments.add_mutually_exclusive_group()
    media.add_argument("--media", action="store_true", help="let any model make pictures, films and sounds")
    media.add_argument("--no-media", action="store_true", help="let none")
    add("--out", metavar="DIR", type=_folder, help="folder for what it makes (default: where you are)")
    add("--json", action="store_true", help="print the chunks as JSON Lines, and nothing else")
    arguments.add_pictures()
    effort = arguments.add_mutually_exclusive_group()
    effort.add_argument("--reasoning-effort", metavar="EFFORT", help="how long to reason: low, medium, high …")
    effort.add_argument("--reasoning", action="store_true", help=f"the same as --reasoning-effort {_REASONING}")
    add("--option", action="append", default=[], type=key_value, metavar="KEY=VALUE", help="any other option, in JSON")
    add("--max-retries", type=_count, metavar="N", help="how often to try again before the first text")


def run(options: argparse.Namespace) -> int:
    """Ask, show the answer and return the exit code."""
    question = _question(options)
    require_extras(question.provider, screen=not options.json)
    with logs(shown=options.debug), attachments_named(options.attach):
        return converse(question, _sink(as_json=options.json, pictures=options.pictures))


def _question(options: argparse.Namespace) -> Question:
    parts = [attachment_part(place) for place in options.attach]
    tools = tools_of_file(options.tools) if options.tools else []
    provider = respondent(options.provider, options.base_url, os.environ).with_api(options.api)
    text = prompt_text(options.prompt)
    if not text.strip():
        raise ConfigurationError('there is no prompt; say something: massgen-stream chat "Hello"')
    content = [*parts, {"type": "text", "text": text}] if parts else text
    system = [{"role": "system", "content": options.system}] if options.system else []
    return Question(
        messages=[*system, {"role": "user", "content": content}],
        tools=tools,
        provider=provider,
        named=options.provider is not None,
        model=options.model,
        base_url=options.base_url,
        options=_options(options, provider.protocol),
        attachments=options.attach,
        media=(options.out or ".") if _makes_media(options, provider) else None,
    )


def _makes_media(options: argparse.Namespace, provider: ProviderSpec) -> bool:
    known = options.base_url is None and (provider.key_required or provider.simulated is not None)
    return bool(options.media or (known and not options.no_media))


def _options(options: argparse.Namespace, protocol: str) -> dict[str, Any]:
    chosen: dict[str, Any] = dict(options.option)
    effort = options.reasoning_effort or (_REASONING if options.reasoning else None)
    if effort is not None:
        shown = {} if effort == "none" else _SHOWN.get(protocol, {})
        chosen = {**shown, **chosen, "reasoning_effort": effort}
    if options.max_retries is not None:
        chosen["max_retries"] = options.max_retries
    return chosen


def _sink(*, as_json: bool, pictures: str) -> Watched:
    require_output()
    if as_json:
        from .json_lines import JsonLines  # noqa: PLC0415 - needs no rich

        return JsonLines()
    from .render import Renderer  # noqa: PLC0415 - rich is an extra

    return Renderer(hidden=("simulated",), pictures=pictures)  # said before the question is sent


def _folder(text: str) -> str:
    if not text or Path(text).is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is a file; name a folder" if text else "it is empty; name a folder")
    check_folder(Path(text))
    return text


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no count; use 0 or more")
    return int(text)
