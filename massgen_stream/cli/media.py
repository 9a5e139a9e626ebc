"""``massgen-stream media``: one prompt, one picture, film or sound, as files."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any, Final

import msgspec

from ..backend.requirements import missing_extras
from ..errors import ConfigurationError, MissingExtra
from ..generation import generate_media, resume_media
from ..generation.choices import MADE
from .arguments import Arguments
from .extra_options import key_value
from .making import make
from .output import require_output, write_output
from .plain_text import one_line
from .prompt import prompt_text
from .text_file import file_text

_EPILOG: Final = """\
provider: the one named with --provider; else the first, by priority, that can do it and whose key is set; else the
local engine, which sketches without a key. --explain says who it would be, and why not the others; it makes nothing.

Standard output gets the paths of the files, one per line, in the order of the prompts; everything else goes to
standard error unless both are the terminal. A file appears under its name when it is whole.
A terminal with graphics shows pictures in pixels, others in blocks of colours, unless --pictures says otherwise.
exit codes: 0 done, 1 nothing came or the stream ended in an error, 2 wrong usage, 130 Ctrl-C

examples:
  massgen-stream media "a lighthouse at dusk" --mode image --out ./out
  massgen-stream media --mode audio --output hello.wav "Hello, who is there?"
  massgen-stream media --mode video --option duration=6 --option aspect_ratio=9:16 "waves in the rain"
  massgen-stream media --prompts ideas.txt --out ./out
  massgen-stream media --image photo.jpg --mask sky.png "a sky full of kites" --explain
"""


def add_arguments(arguments: Arguments) -> None:
    """Declare options and operands."""
    arguments.words = "prompt"
    arguments.epilog = _EPILOG
    add = arguments.add_argument
    add("prompt", nargs="*", metavar="PROMPT", help="what to make, or to say; - stands for standard input")
    add("--mode", choices=[kind.value for kind in MADE], default="image", help="what to make (default: image)")
    place = arguments.add_mutually_exclusive_group()
    place.add_argument("--out", metavar="DIR", help="folder for the files (default: where you are)")
    place.add_argument("--output", metavar="FILE", help="the file, by name")
    add("--provider", metavar="NAME", help="who makes it, such as openai, grok or local")
    add("--model", metavar="ID", help="model, as the provider names it")
    add("--base-url", metavar="URL", help="address of the named provider's server")
    add("--image", action="append", default=[], metavar="FILE|URL", help="image to change or to use (repeatable)")
    add("--mask", metavar="FILE", help="image that is transparent where the first --image is to be changed")
    add("--continue-from", metavar="ID", help="id of an earlier medium, to change or to continue it")
    add("--prompts", metavar="FILE", help="one prompt a line, made side by side (--option concurrency=4)")
    add("--resume", metavar="JOB", help="go on with a job that was begun before: its JSON, or a file that holds it")
    add("-n", type=int, metavar="N", help="how many")
    add("--option", action="append", default=[], type=key_value, metavar="KEY=VALUE", help="any other option, in JSON")
    add("--strict", action="store_true", help="refuse what would be left out or changed, instead of telling it")
    add("--explain", action="store_true", help="say who would make it, and why not the others; make nothing")
    add("--json", action="store_true", help="print the chunks as JSON Lines, and nothing else")
    arguments.add_pictures()


def run(options: argparse.Namespace) -> int:
    """Make it, show how it comes, and return the exit code."""
    request = _request(options) if options.resume is None else _resumption(options)
    if options.explain:
        return _explain(request, as_json=options.json)
    require_output()
    missing = [] if options.json else missing_extras({"rich": "cli"})
    if missing:
        raise MissingExtra("showing how media come", ",".join([*missing, *missing_extras({"PIL": "media"})]))
    if options.output is None:
        request["output_dir"] = "." if options.out is None else options.out
    begin = generate_media if options.resume is None else resume_media
    return make(partial(begin, **request), as_json=options.json, pictures=options.pictures, base_url=options.base_url)


def _resumption(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of `resume_media`."""
    if options.prompt or options.prompts or options.explain:
        raise ConfigurationError("--resume goes on with what was asked for: without a prompt and --explain")
    job = options.resume if options.resume.lstrip().startswith("{") else file_text(options.resume, "--resume")
    given = {"handle": job, "base_url": options.base_url, "output_path": options.output}
    return {**dict(options.option), **{name: value for name, value in given.items() if value is not None}}


def _prompt(options: argparse.Namespace) -> str | list[str] | None:
    if options.prompts is not None:
        if options.prompt:
            raise ConfigurationError("give a prompt or --prompts, not both")
        return [line for line in map(str.strip, file_text(options.prompts, "--prompts").splitlines()) if line]
    return prompt_text(options.prompt) if options.prompt or not options.explain else None  # waits for nobody


def _request(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of `generate_media`."""
    request: dict[str, Any] = {**dict(options.option), "mode": options.mode, "prompt": _prompt(options)}
    given = {
        "backend_type": options.provider,
        "model": options.model,
        "base_url": options.base_url,
        "output_path": options.output,
        "input_images": options.image or None,
        "mask_path": options.mask,
        "continue_from": options.continue_from,
        "n": options.n,
        "policy": "strict" if options.strict else None,
    }
    return request | {name: value for name, value in given.items() if value is not None}


def _explain(request: dict[str, Any], *, as_json: bool) -> int:
    from ..generation import explain_media  # noqa: PLC0415 - finds all generators

    lines = explain_media(**request)
    if as_json:
        write_output(msgspec.json.encode(lines) + b"\n")
        return 0
    require_output()
    print("\n".join(map(one_line, lines)))
    return 0
