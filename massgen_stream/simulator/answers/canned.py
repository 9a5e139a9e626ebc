"""Answers to what people try first, chosen by the words of the prompt."""

from __future__ import annotations

from typing import Final, NamedTuple

from .topic import shortened, topic_of, words_of


class Canned(NamedTuple):
    """Texts for prompts that hold a word of each group; several choices get different ones."""

    groups: tuple[frozenset[str], ...]
    texts: tuple[str, ...]


def _any(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HAIKU = _any("haiku haikus")
CANNED: Final = (
    Canned(
        (_HAIKU, _any("river rivers stream streams water brook creek")),
        (
            "Cold springs find their voice,\nstone by stone they learn to bend —\nthe sea knows their name.",
            "A heron stands still.\nUnder it the whole valley\nis leaving slowly.",
            "Rain on the high ridge;\ndays later, in the harbour,\na boat lifts its head.",
        ),
    ),
    Canned(
        (_HAIKU, _any("sea ocean oceans waves wave beach coast harbour harbor lighthouse")),
        ("The tide turns a page,\nreads the shore from left to right,\nand forgets it all.",),
    ),
    Canned(
        (_HAIKU, _any("mountain mountains hill hills snow winter")),
        ("Snow on the far peak.\nThe path I took yesterday\nbelongs to the wind.",),
    ),
    Canned(
        (_HAIKU, _any("code coding programming computer computers software bug bugs python streaming stream")),
        ("One byte, then the next:\nthe answer is still thinking\nwhile you read its start.",),
    ),
    Canned(
        (_HAIKU,),
        (
            "Morning on the sill:\na question, five and seven,\nanswers in its cup.",
            "First light, half a word.\nThe rest of the poem waits\nfor someone to ask.",
        ),
    ),
    Canned(
        (_any("joke jokes funny"),),
        (
            "Why did the stream cross the socket? To get to the other `yield`.",
            "I would tell you a joke about UDP, but I could not be sure that you got it.",
        ),
    ),
    Canned(
        (_any("story tale"),),
        (
            (
                "Once there was a lighthouse keeper who answered every ship with the same four flashes. One night a"
                " ship answered back. They talked until morning, in fours, and neither of them ever said a word."
            ),
        ),
    ),
    Canned(
        (_any("hello hi hey hallo bonjour hola"),),
        ("Hello! I am the massgen_stream simulator. Ask me for a haiku, a joke or a story.",),
    ),
    Canned(
        (_any("who what which"), _any("you model"), _any("are your is")),
        ("I am the massgen_stream simulator: a server that speaks like a model, and is none.",),
    ),
)
"""The first entry that fits wins."""


def text_for(prompt: str, choice: int = 0) -> str:
    """Return the answer to *prompt*; *choice* picks among equally good ones."""
    words = words_of(prompt)
    for canned in CANNED:
        if all(group & words for group in canned.groups):
            return canned.texts[choice % len(canned.texts)]
    return _echo(prompt)


def _echo(prompt: str) -> str:
    if not prompt.strip():
        return "You sent no text. I am the massgen_stream simulator; ask me for a haiku."
    return (
        f"You asked: “{shortened(prompt, 120)}” A model would now have much to say about {topic_of(prompt)}. I am the"
        " massgen_stream simulator and can only show you how such an answer arrives: piece by piece, in order, and"
        " with an end."
    )
