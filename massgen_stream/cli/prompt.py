"""The prompt: the words of the command line, with standard input where ``-`` stands or where there are no words."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ..errors import ConfigurationError


def prompt_text(words: Sequence[str]) -> str:
    """Return the prompt; empty if nothing was said.

    Raises:
        ConfigurationError: It is not UTF-8, or ``-`` stands for a standard input that is closed.
    """
    if not words:
        return "" if sys.stdin is None or sys.stdin.isatty() else _standard_input()
    if "-" not in words:
        return _utf8(" ".join(words))
    place = words.index("-")
    parts = (" ".join(words[:place]), _standard_input(), " ".join(words[place + 1 :]))
    return "\n\n".join(_utf8(part) for part in parts if part)


def _standard_input() -> str:
    if sys.stdin is None:
        raise ConfigurationError("standard input is closed; give the prompt as words")
    data = sys.stdin.buffer.read() if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode("utf-8")
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ConfigurationError("standard input is not UTF-8 text; attach a file with --attach FILE") from None


def _utf8(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # the words hold bytes that Python could not decode: a locale without UTF-8, or no UTF-8
        return _as_passed(text)
    return text


def _as_passed(text: str) -> str:
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeError:
        raise ConfigurationError("the prompt is not UTF-8 text; pipe it converted, or attach it as a file") from None
