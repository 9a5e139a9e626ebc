"""Conversations that begin at one provider, go on at another, and come back."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from itertools import pairwise, permutations
from typing import Any, NamedTuple

import pytest

from massgen_stream.backend import LLMBackend
from massgen_stream.simulator import Simulator, call, text, think
from massgen_stream.stream_chunk import Accumulator

from .doors import Door, one_of_each_kind
from .reading import of_type, read

pytestmark = pytest.mark.anyio

Data = dict[str, Any]
KINDS = one_of_each_kind()
TOOLS = [
    {"name": name, "description": "Looks.", "parameters": {"type": "object", "properties": {"at": {"type": "string"}}}}
    for name in ("look", "add")
]
PICTURES = [b64encode(b"\x89PNG\r\n\x1a\n" + word).decode() for word in (b"a lighthouse", b"a lamp inside")]
QUESTION: list[Data] = [
    {"role": "system", "content": "Be kind, says one."},
    {"role": "system", "content": "Be brief, says another."},
    {
        "role": "user",
        "content": [
            {"type": "text", "text": "What is on this picture?"},
            {"type": "image", "base64": PICTURES[0], "mime_type": "image/png"},
        ],
    },
]
FIRST = [
    think("It may be a tower."),
    text("I look twice."),
    call("look", {"at": "the top"}),
    call("add", {"at": "the bottom"}),
]
SAID = ["What is on this picture?", "I look twice.", "the top", "the bottom", "Too dark.", "A lamp.", "Look it up."]
"""What every wire must hold, in this order."""
TOLD = {"reasoning": "reasoning", "server_tool_call": "server_tool_call dropped"}
"""Parts that a foreign wire may do without, and what its losses say then."""
MESSAGES = {"openai.responses": "input", "google.generate_content": "contents", "google.interactions": "input"}
"""Where the conversation is in a request; ``messages`` elsewhere."""


class Begun(NamedTuple):
    """A conversation that has begun at one provider, and how that provider wants it back."""

    messages: list[Data]
    wire: list[Any]


def results(message: Data, *contents: Any) -> list[Data]:
    """Answer the calls of a message; the first of several is a failure."""
    calls = [part["id"] for part in message["content"] if part["type"] == "tool_call"]
    assert len(calls) == len(contents)
    answers = [
        {"role": "tool", "tool_call_id": name, "content": said} for name, said in zip(calls, contents, strict=True)
    ]
    return [answers[0] | {"is_error": True}, *answers[1:]] if len(answers) > 1 else answers


def user(words: str) -> Data:
    return {"role": "user", "content": words}


def wire_of(door: Door, body: Any) -> list[Any]:
    found = body[MESSAGES.get(door.protocol, "messages")]
    assert isinstance(found, list)
    return found


async def said(backend: LLMBackend, messages: list[Data], **options: Any) -> tuple[Data, list[str]]:
    """Return the message that a backend answers with, which calls a tool, and what it says is lost."""
    found = Accumulator()
    chunks = await read(backend.stream_with_tools(messages, TOOLS, reasoning_effort="low", **options))
    for chunk in chunks:
        found.feed(chunk)
    assert found.error is None
    assert found.finish_reason == "tool_calls"
    losses = [chunk.detail or "" for chunk in of_type(chunks, "backend_status") if chunk.status == "loss"]
    return found.message(), losses


async def begun_at(door: Door) -> Begun:
    """Begin a conversation: reasoning, text and two calls, then a turn in which the vendor searches the web itself."""
    own = {"web_search": True} if "web_search" in door.provider.native_tools else {}
    lamp = [{"type": "text", "text": "A lamp."}, {"type": "image", "base64": PICTURES[1], "mime_type": "image/png"}]
    async with Simulator([FIRST]) as sim, door.backend(sim.url(door.provider.name)) as backend:
        first, _ = await said(backend, QUESTION)
        asked = [*QUESTION, first, *results(first, "Too dark.", lamp), user("Look it up.")]
        second, _ = await said(backend, asked, **own)
        messages = [*asked, second, *results(second, "A tall one."), user("Go on.")]
        await said(backend, messages, **own)
        return Begun(messages, wire_of(door, sim.requests[-1].json))


BEGUN: dict[str, Begun] = {}


async def begun(kind: str) -> Begun:
    """The conversation that begins there, once for all tests."""
    if kind not in BEGUN:
        BEGUN[kind] = await begun_at(KINDS[kind])
    return BEGUN[kind]


def leaves(value: Any) -> Iterator[str]:
    """Yield the texts in *value*."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)


def text_of(wire: Any) -> str:
    return json.dumps(wire, ensure_ascii=False)


def parts(messages: list[Data]) -> list[Data]:
    return [part for message in messages if message["role"] == "assistant" for part in message["content"]]


def check_losses(conversation: Begun, wire: str, losses: list[str], protocol: str) -> None:
    """What is not on the wire is told."""
    found = " ".join(losses)
    for part in parts(conversation.messages):
        held = part.get("text") or part.get("tool_call_id")
        if part["type"] in TOLD and (part.get("text") or part["type"] != "reasoning") and held not in wire:
            assert TOLD[part["type"]] in found, (part, losses)
        for owner in part.get("provider_data", {}):
            if owner != protocol:
                assert f"provider_data of {owner} dropped" in found


@pytest.mark.parametrize(("here", "there"), list(permutations(KINDS, 2)))
async def test_a_conversation_goes_on_elsewhere_and_comes_back(here: str, there: str) -> None:
    began, home, away = await begun(here), KINDS[here], KINDS[there]
    async with Simulator() as sim:
        async with away.backend(sim.url(away.provider.name)) as backend:
            foreign, losses = await said(backend, began.messages)
        wire = text_of(wire_of(away, sim.requests[-1].json))
        places = [wire.find(words) for words in [*SAID, "A tall one.", "Go on."]]
        assert -1 not in places
        assert all(before < after for before, after in pairwise(places)), wire
        whole = text_of(sim.requests[-1].json)
        assert all(words in whole for words in (QUESTION[0]["content"], QUESTION[1]["content"], *PICTURES))
        check_losses(began, wire, losses, away.protocol)
        async with home.backend(sim.url(home.provider.name)) as backend:
            again = [*began.messages, foreign, *results(foreign, "Nobody is at home."), user("Thanks.")]
            await said(backend, again)
        back = wire_of(home, sim.requests[-1].json)
    assert text_of(back[: len(began.wire)]) == text_of(began.wire)
    assert "Nobody is at home." in text_of(back[len(began.wire) :])


@pytest.mark.parametrize("kind", KINDS)
async def test_what_a_provider_wants_back_is_what_it_sent(kind: str) -> None:
    began, protocol = await begun(kind), KINDS[kind].protocol
    wire = text_of(began.wire)
    sent = [leaf for part in parts(began.messages) for leaf in leaves(part.get("provider_data", {}).get(protocol))]
    print(kind, sent)
    assert all(json.dumps(leaf, ensure_ascii=False)[1:-1] in wire for leaf in sent)
