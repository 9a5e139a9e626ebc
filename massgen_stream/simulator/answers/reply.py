"""What one choice of a default answer says, before it is cut into pieces."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from ..ask import Ask, Seen, Tool
from .canned import text_for
from .instance import instance
from .topic import shortened, topic_of, words_of
from .wishes import delivered, makes_media, promised, wishes_of


class Call(msgspec.Struct, frozen=True):
    """A call of one of the client's tools; *arguments* is JSON text."""

    name: str
    arguments: str


class Reply(msgspec.Struct, frozen=True):
    """Reasoning, text and calls, in this order."""

    reasoning: str = ""
    text: str = ""
    calls: tuple[Call, ...] = ()


def reply(ask: Ask, choice: int = 0) -> Reply:
    """Return what choice number *choice* of the answer to *ask* says.

    Tools are called when they are offered and the last message is the user's: those that the prompt names, else the
    first. The one that makes media is called when the prompt asks for media, once for each, and not otherwise. What
    tools answered is quoted. Everything else gets text.
    """
    called = _called(ask)
    calls = tuple(call for tool in called for call in _calls(tool, ask.prompt))
    text = _before(_announced(ask.prompt, called) if calls else _text(ask, choice), ask.stop)
    return Reply(_reasoning(ask, called) if ask.reasoning else "", text, calls)


def _called(ask: Ask) -> list[Tool]:
    if not ask.tools or ask.tool_choice == "none":
        return []
    if ask.tool_choice not in ("auto", "required"):
        return [tool for tool in ask.tools if tool.name == ask.tool_choice]
    if ask.tool_choice == "auto" and not ask.user_turn:
        return []
    words, makers = words_of(ask.prompt), [tool for tool in ask.tools if makes_media(tool)]
    others = [tool for tool in ask.tools if tool not in makers]
    named = [tool for tool in others if tool.name.lower() in words]
    wanted = [*makers[:1], *named] if wishes_of(ask.prompt) and makers else named or others[:1]
    return wanted or (makers[:1] if ask.tool_choice == "required" else [])


def _calls(tool: Tool, prompt: str) -> list[Call]:
    if makes_media(tool) and (wishes := wishes_of(prompt)):
        return [Call(tool.name, wish.arguments(tool)) for wish in wishes]
    return [Call(tool.name, _json(instance(tool.parameters, text=topic_of(prompt))))]


def _announced(prompt: str, called: list[Tool]) -> str:
    """What is said before the calls; only media are worth a word."""
    wishes = wishes_of(prompt) if any(map(makes_media, called)) else ()
    return promised(wishes) if wishes else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _reasoning(ask: Ask, called: list[Tool]) -> str:
    about = topic_of(ask.prompt) or "something"
    plan = f"call {', '.join(tool.name for tool in called)}" if called else "answer in a few words"
    return f"The user asks about {about}. I am a simulator and know nothing, so I will {plan}."


def _text(ask: Ask, choice: int) -> str:
    if ask.json:
        return _json(_structured(ask, choice))
    if ask.results:
        return _quoted(ask.results)
    seen = [_acknowledged(ask.media)] if ask.media else []
    return " ".join([*seen, *([text_for(ask.prompt, choice)] if ask.prompt.strip() or not seen else [])])


def _structured(ask: Ask, choice: int) -> Any:
    if ask.schema is not None:
        return instance(ask.schema, text=topic_of(ask.prompt))
    return {"answer": _quoted(ask.results) if ask.results else text_for(ask.prompt, choice), "simulated": True}


def _quoted(results: tuple[str, ...]) -> str:
    said = delivered(results)
    if said is not None:
        return said
    quotes = " and ".join(f"“{shortened(result, 200)}”" for result in results)
    return f"The tool{'s' * (len(results) > 1)} answered: {quotes}"


def _acknowledged(media: tuple[Seen, ...]) -> str:
    """Such as "I see 1 image (image/png, 68 bytes)."."""
    kinds = dict.fromkeys(seen.kind for seen in media)
    return "I see " + " and ".join(_counted(kind, [s for s in media if s.kind == kind]) for kind in kinds) + "."


def _counted(kind: str, seen: list[Seen]) -> str:
    noun = kind if len(seen) == 1 or kind == "audio" else kind + "s"
    return f"{len(seen)} {noun} ({'; '.join(map(_labelled, seen))})"


def _labelled(seen: Seen) -> str:
    size = "" if seen.size_bytes is None else f"{seen.size_bytes} bytes"
    return ", ".join(filter(None, (shortened(seen.label), size)))


def _before(text: str, stops: tuple[str, ...]) -> str:
    """*text* up to the first of *stops*."""
    ends = [text.find(stop) for stop in stops if stop and stop in text]
    return text[: min(ends)] if ends else text
