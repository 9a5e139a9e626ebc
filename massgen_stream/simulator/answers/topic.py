"""What a prompt is about, as far as a look at its words can tell."""

from __future__ import annotations

import re
from typing import Final

_TOPIC: Final = re.compile(
    r"\b(?:about|regarding|concerning|on|of|in|for|to)\s+(?:an?\s+|the\s+)?([^.?!,;:\n]+)", re.IGNORECASE
)
_WORDS: Final = re.compile(r"[\w'-]+")
_LONGEST: Final = 60
_POLITE: Final = re.compile(r"\s*\b(?:please|thanks|thank you|right now|today|now)\s*$", re.IGNORECASE)


def words_of(prompt: str) -> frozenset[str]:
    """Return the words of *prompt* in lower case."""
    return frozenset(word.lower() for word in _WORDS.findall(prompt))


def topic_of(prompt: str) -> str:
    """Return what *prompt* is about: what follows its first "about", "in" or the like, else all of it, shortened."""
    found = _TOPIC.search(prompt)
    topic = _POLITE.sub("", found[1] if found else prompt)
    return shortened(" ".join(topic.split()).strip(" \"'.?!,;:"))


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return *text* on one line, cut between words where it is longer than *longest* characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rsplit(" ", 1)[0] + "…"
