"""The argument parser that every command uses: errors in one line, no abbreviations."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from .ending import WRONG_USAGE
from .notices import PROGRAM
from .plain_text import one_line


class Arguments(argparse.ArgumentParser):
    """Parses the words after a command.

    Attributes:
        words: Name of the operand that takes any number of words, in between options as well; None if there is none.
    """

    words: str | None = None

    def __init__(self, command: str = "", **options: Any) -> None:
        super().__init__(
            prog=f"{PROGRAM} {command}".rstrip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            **options,
        )
        self.add_argument("--debug", action="store_true", help="show the traceback of an error")

    def add_pictures(self) -> None:
        """Declare ``--pictures``."""
        from .screen.graphics import AUTO, CHOICES  # noqa: PLC0415 - few commands show pictures

        how = "how the terminal shows pictures (default: what it can)"
        self.add_argument("--pictures", choices=CHOICES, default=AUTO, help=how)

    def parse_words(self, words: Sequence[str]) -> argparse.Namespace:
        """Return the options; after ``--`` everything is an operand.

        Raises:
            SystemExit: The words are wrong, or ask for help.
        """
        if self.words is None:
            return self.parse_args(words)
        # parse_intermixed_args would take options among what follows --, at least until Python 3.12
        end = words.index("--") if "--" in words else len(words)
        options = self.parse_intermixed_args(words[:end])
        setattr(options, self.words, [*(getattr(options, self.words) or ()), *words[end + 1 :]])
        return options

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong with the arguments, and leave.

        Raises:
            SystemExit: Always, with code 2.
        """
        self.exit(WRONG_USAGE, f"{PROGRAM}: error: {one_line(message)} (see {self.prog} --help)\n")
