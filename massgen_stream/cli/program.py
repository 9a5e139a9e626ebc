"""The program: finds the command, runs it, and turns however it ends into an exit code and at most one line.

Exit codes: 0 done; 1 the stream or the provider failed; 2 the call was wrong; 130 Ctrl-C; 141 the reader of our
output went away.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Final, Protocol, TextIO

from .arguments import Arguments
from .ending import WRONG_USAGE, exit_code
from .notices import PROGRAM, notice
from .output import accept_any_text, flush_output

COMMANDS: Final = {
    "chat": "stream an answer of a model to the terminal",
    "media": "make a picture, a film or a sound, with or without a key",
    "transcribe": "write down what is said in a recording",
    "decode": "turn the raw bytes of a recorded response into chunks",
    "probe": "tell what a picture, sound, video or document is, and whether it is sound",
    "simulate": "serve the simulator to any client",
    "providers": "list the providers, which of them have a key, and what each can do",
}
"""Every command, a module of the same name, and what it does."""

_EXAMPLES = f"""\
examples:
  {PROGRAM} chat "Write a haiku about rivers"
  {PROGRAM} chat --provider groq --attach photo.jpg "What is this?"
  {PROGRAM} media "a lighthouse at dusk" --mode image --out ./out
  {PROGRAM} decode --protocol openai.chat --check response.body

{PROGRAM} COMMAND --help tells more about a command.
exit codes: 0 done, 1 the stream failed, 2 wrong usage, 130 Ctrl-C
"""


class Command(Protocol):
    """What the module of a command offers."""

    def add_arguments(self, arguments: Arguments) -> None:
        """Declare options and operands."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it and return the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line *argv*, by default `sys.argv`, and return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            accept_any_text()
            code = _run(words)
        flush_output()
    except BaseException as error:  # noqa: BLE001 - the one border between errors and exit codes
        return exit_code(error, debug="--debug" in words)
    return code


def _run(words: list[str]) -> int:
    place = next((index for index, word in enumerate(words) if not word.startswith("-")), len(words))
    parser = _program_arguments()
    options = parser.parse_args(words[: place + 1])
    if options.version:
        return _show_version()
    name = options.command
    if name is None:
        parser.print_help(sys.stderr)
        return WRONG_USAGE
    command: Command = import_module(f".{name}", __package__)  # only this one: the others stay unloaded
    arguments = Arguments(name, description=f"{COMMANDS[name].capitalize()}.")
    command.add_arguments(arguments)
    from .option_names import options_named  # noqa: PLC0415 - loads chunks, which --version does not need

    with options_named(name):
        return command.run(arguments.parse_words(words[place + 1 :]))


def _show_warning(  # noqa: PLR0917 - the signature of warnings.showwarning
    message: Warning | str,
    category: type[Warning],  # noqa: ARG001
    filename: str,  # noqa: ARG001
    lineno: int,  # noqa: ARG001
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    notice(f"warning: {message}")


def _program_arguments() -> Arguments:
    listed = "\n".join(f"  {name:<11}{text}" for name, text in COMMANDS.items())
    parser = Arguments(
        usage=f"{PROGRAM} [--help] [--version] COMMAND …",
        description=f"One stream of typed chunks from every model.\n\ncommands:\n{listed}",
        epilog=_EXAMPLES,
    )
    parser.add_argument("--version", action="store_true", help="show the version and leave")
    parser.add_argument("command", nargs="?", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS)
    return parser


def _show_version() -> int:
    from importlib.metadata import version  # noqa: PLC0415 - 15 ms that nothing else here needs

    print(f"{PROGRAM} {version(PROGRAM)}")
    return 0
