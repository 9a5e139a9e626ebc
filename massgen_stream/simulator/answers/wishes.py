"""What a prompt asks to have drawn, filmed, played or said, as calls of the tool that makes media."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from ..ask import Tool
from .canned import text_for
from .topic import shortened

TOOL: Final = "generate_media"
"""Name of the tool that makes media."""
_VERBS: Final[Mapping[str, str]] = {
    "image": r"draw|paint|sketch|illustrate|picture",
    "video": r"animate|film",
    "music": r"play|compose|hum",
    "speech": r"say|speak|recite|read (?:me|us|out|aloud)(?: loud)?",
}
_NOUNS: Final[Mapping[str, str]] = {
    "image": r"picture|image|drawing|painting|sketch|photo",
    "video": r"video|film|animation|clip",
    "music": r"song|tune|melody|piece of music|music",
}
_MAKE: Final = r"(?:make|create|generate|show|give)(?: me| us)? (?:an?|some) "
_BEFORE: Final = r"(?:^|[.,;:!?]\s*|\b(?:and|then|please|also|now|(?<!what )(?:can|could|would) you|i want you to)\s+)"
_WISH: Final = re.compile(
    _BEFORE
    + "(?:"
    + "|".join(f"(?P<{kind}>(?:{verbs}))" for kind, verbs in _VERBS.items())
    + "|"
    + "|".join(f"{_MAKE}(?P<{kind}_made>(?:{nouns}))(?: of| about)?" for kind, nouns in _NOUNS.items())
    + r")\b",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"[\"“”«»](.+?)[\"“”«»]")
_TEXT: Final = re.compile(
    r"(?:me |us |out |aloud )*(?:an?|one|some|the|a few|two)?\s*"
    r"(?P<form>line|verse|poem|haiku|sentence|story|tale|joke|word|something)s?\s*(?:(?:about|on|of)\s+(?P<about>.+))?",
    re.IGNORECASE,
)
_LOOSE: Final = re.compile(r"^(?:me|us|out|aloud|something about|something)\s+", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.;!?](?:\s|$)")
_ITSELF: Final = frozenset(("it", "this", "that", "them", "him", "her"))
_STORED: Final[Mapping[str, str]] = {"story": "story", "tale": "story", "joke": "joke"}


class Wish(NamedTuple):
    """A medium that is asked for.

    Attributes:
        kind: ``image``, ``video``, ``music`` or ``speech``.
        prompt: What it is to show; of speech, the words.
    """

    kind: str
    prompt: str

    def arguments(self, tool: Tool) -> str:
        """Return what the tool is called with, as JSON."""
        audio = self.kind in ("music", "speech")
        asked: dict[str, Any] = {"prompt": self.prompt, "mode": "audio" if audio else self.kind}
        if audio and "audio_type" in _properties(tool):
            asked["audio_type"] = self.kind
        return json.dumps(asked, ensure_ascii=False)

    def promise(self) -> str:
        """Return what is said before it is made."""
        if self.kind == "speech":
            return f"say: “{self.prompt}”"
        return f"{_DOES[self.kind]} {self.prompt}"


_DOES: Final[Mapping[str, str]] = {"image": "draw", "video": "film", "music": "play"}


def makes_media(tool: Tool) -> bool:
    """Return whether a tool is the one that makes media."""
    return tool.name == TOOL and {"prompt", "mode"} <= _properties(tool).keys()


def wishes_of(prompt: str) -> tuple[Wish, ...]:
    """Return what *prompt* asks to have made, in its order; empty where it asks for words alone."""
    return tuple(_wishes(" ".join(prompt.split())))


def promised(wishes: Sequence[Wish]) -> str:
    """Return the words before the calls."""
    said = [wish.promise() for wish in wishes]
    return "Let me " + (" and ".join(said) if len(said) < 3 else f"{', '.join(said[:-1])} and {said[-1]}") + "\n"  # noqa: PLR2004


def delivered(results: Sequence[str]) -> str | None:
    """Return the words after the calls; None where no tool answered with media."""
    media = [medium for result in results for medium in _media_in(result)]
    if not media:
        return None
    places = [f"the {medium.get('kind', 'medium')} is in {medium.get('path', 'the stream')}" for medium in media]
    others = "".join(f" Besides, I was told: “{shortened(one, 200)}”" for one in results if not _media_in(one))
    end = "I am a simulator, so it was the tool that did the work."
    return f"There you are: {' and '.join(places)}.{others} {end}"


def _media_in(result: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(result)
    except (ValueError, RecursionError):
        return []
    media = document.get("media") if isinstance(document, dict) else None
    return [one for one in media if isinstance(one, dict)] if isinstance(media, list) else []


def _wishes(prompt: str) -> Iterator[Wish]:
    found = list(_WISH.finditer(prompt))
    subject = ""
    for match, following in zip_longest(found, found[1:]):
        kind = next(name.removesuffix("_made") for name, text in match.groupdict().items() if text is not None)
        rest = prompt[match.end() : following.start() if following is not None else None]
        rest = re.sub(r"\s*(?:,|\band|\bthen)+$", "", rest.strip(" ,;.!?")).strip()
        if kind == "speech":
            yield Wish(kind, _words(rest, subject))
            continue
        named = _LOOSE.sub("", _SENTENCE_END.split(rest)[0])
        subject = named if named and named.lower() not in _ITSELF else subject or "something"
        yield Wish(kind, shortened(subject, 200))


def _words(rest: str, subject: str) -> str:
    """Return the words to speak."""
    quoted = _QUOTED.search(rest)
    if quoted is not None:
        return quoted[1]
    asked = _TEXT.fullmatch(rest)
    if asked is None:
        return _LOOSE.sub("", rest) or "Hello!"
    about = asked["about"] or subject
    about = subject if about.lower().strip(" .") in _ITSELF and subject else about
    return " ".join(text_for(f"{_STORED.get(asked['form'].lower(), 'haiku')} about {about}").split())


def _properties(tool: Tool) -> Mapping[str, Any]:
    properties = tool.parameters.get("properties")
    return properties if isinstance(properties, dict) else {}
