"""Conversations that begin at one provider, go on at another, and come back."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise, permutations
from typing import Any, NamedTuple

import pytest

from massgen_stream.backend import LLMBackend
from massgen_stream.simulator import Simulator, call, cut, text, think
from massgen_stream.simulator.request import Request
from massgen_stream.simulator.vendor import Path, Rpc, Vendor, vendors
from massgen_stream.stream_chunk import Accumulator
from massgen_stream.testing.recorded import Recording, available, recordings
from massgen_stream.wire import decoder

from .doors import Door, one_of_each_kind
from .reading import of_type, read

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
LONGEST_ID = {"openai.chat": 40, "openai.responses": 64}
CALLS = ("tool_use", "function_call", "custom_tool_call", "function", "custom", "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL")
ANSWERS = ("tool_result", "function_result", "function_call_output", "custom_tool_call_output", "tool", "ROLE_TOOL")
"""Types and roles of what holds a call of the client's tools, or its answer."""


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


async def said(
    backend: LLMBackend, messages: list[Data], *, end: str = "tool_calls", **options: Any
) -> tuple[Data, list[str]]:
    """Return the message that a backend answers with, and what it says is lost."""
    found = Accumulator()
    chunks = await read(backend.stream_with_tools(messages, TOOLS, reasoning_effort="low", **options))
    for chunk in chunks:
        found.feed(chunk)
    assert found.finish_reason == end, found.error
    losses = [chunk.detail or "" for chunk in of_type(chunks, "backend_status") if chunk.status == "loss"]
    return found.message(), losses


async def begun_at(door: Door) -> Begun:
    """Begin a conversation: reasoning, text and two calls, then a turn in which the vendor searches the web itself."""
    own: Data = {"web_search": True} if "web_search" in door.provider.with_api(door.api).native_tools else {}
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


def objects(value: Any) -> Iterator[Data]:
    """Yield the objects in *value*."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def text_of(wire: Any) -> str:
    return json.dumps(wire, ensure_ascii=False)


def parts(messages: list[Data]) -> list[Data]:
    return [part for message in messages if message["role"] == "assistant" for part in message["content"]]


def ids_of_calls(wire: list[Any]) -> list[str]:
    found = [one for one in objects(wire) if one.get("type") in CALLS and {"id", "call_id"} & one.keys()]
    return sorted(one.get("call_id") or one["id"] for one in found)


def ids_of_answers(wire: list[Any]) -> list[str]:
    found = [one for one in objects(wire) if one.get("type", one.get("role")) in ANSWERS and not one.get("tool_calls")]
    return sorted(one[name] for one in found for name in ("tool_use_id", "tool_call_id", "call_id") if name in one)


def check_pairs(wire: list[Any], protocol: str) -> None:
    """Vendors refuse a call without its answer, an answer without its call, and ids that are too long."""
    if protocol == "google.generate_content":  # ids are optional
        found = [(one.get("functionCall") or {}, one.get("functionResponse") or {}) for one in objects(wire)]
        assert Counter(one.get("name") for one, _ in found) == Counter(one.get("name") for _, one in found)
        return
    assert ids_of_calls(wire) == ids_of_answers(wire)
    assert all(len(name) <= LONGEST_ID.get(protocol, len(name)) for name in ids_of_calls(wire))


def check_losses(messages: list[Data], wire: str, losses: list[str], protocol: str) -> None:
    """What is not on the wire is told."""
    found = " ".join(losses)
    for part in parts(messages):
        owners = part.get("provider_data", {})
        held = text_of(part.get("text", part.get("tool_call_id")))[1:-1]
        if part["type"] in TOLD and protocol not in owners and held not in wire:
            assert TOLD[part["type"]] in found, (part, losses)
        assert all(f"provider_data of {owner} dropped" in found for owner in owners if owner != protocol)


@pytest.mark.anyio
@pytest.mark.parametrize(("here", "there"), list(permutations(KINDS, 2)))
async def test_a_conversation_goes_on_elsewhere_and_comes_back(here: str, there: str) -> None:
    began, home, away = await begun(here), KINDS[here], KINDS[there]
    async with Simulator() as sim:
        async with away.backend(sim.url(away.provider.name)) as backend:
            foreign, losses = await said(backend, began.messages)
        sent = wire_of(away, sim.requests[-1].json)
        places = [text_of(sent).find(words) for words in [*SAID, "A tall one.", "Go on."]]
        assert -1 not in places
        assert all(before < after for before, after in pairwise(places)), sent
        whole = text_of(sim.requests[-1].json)
        assert all(words in whole for words in (QUESTION[0]["content"], QUESTION[1]["content"], *PICTURES))
        check_losses(began.messages, text_of(sent), losses, away.protocol)
        check_pairs(sent, away.protocol)
        async with home.backend(sim.url(home.provider.name)) as backend:
            again = [*began.messages, foreign, *results(foreign, "Nobody is at home."), user("Thanks.")]
            await said(backend, again)
        back = wire_of(home, sim.requests[-1].json)
    assert text_of(back[: len(began.wire)]) == text_of(began.wire)
    assert "Nobody is at home." in text_of(back[len(began.wire) :])
    check_pairs(back, home.protocol)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
async def test_what_a_provider_wants_back_is_what_it_sent(kind: str) -> None:
    began, protocol = await begun(kind), KINDS[kind].protocol
    wire = text_of(began.wire)
    sent = [leaf for part in parts(began.messages) for leaf in leaves(part.get("provider_data", {}).get(protocol))]
    assert all(text_of(leaf)[1:-1] in wire for leaf in sent)


@pytest.mark.anyio
@pytest.mark.parametrize("there", KINDS)
async def test_what_was_cut_in_the_middle_of_a_call_goes_on(there: str) -> None:
    home, away = KINDS["openai.chat"], KINDS[there]
    async with Simulator([[*FIRST[1:], cut()], [text("Fine.")]]) as sim:
        async with home.backend(sim.url(home.provider.name)) as backend:
            left, _ = await said(backend, QUESTION, end="incomplete")
        assert [part["type"] for part in left["content"]] == ["text", "tool_call", "tool_call"]
        async with away.backend(sim.url(away.provider.name)) as backend:
            _, losses = await said(backend, [*QUESTION, left, user("Once more.")], end="stop")
        check_pairs(wire_of(away, sim.requests[-1].json), away.protocol)
    assert sum("made up" in loss and "result" in loss for loss in losses) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
async def test_people_may_speak_while_a_tool_runs(kind: str) -> None:
    door = KINDS[kind]
    asked = {"role": "assistant", "tool_calls": [{"id": "c1", "name": "look", "arguments": "{}"}]}
    answer = {"role": "tool", "tool_call_id": "c1", "content": "A lamp."}
    async with Simulator() as sim, door.backend(sim.url(door.provider.name)) as backend:
        await said(backend, [user("Look."), asked, user("Hurry."), answer])
        wire = wire_of(door, sim.requests[-1].json)
    check_pairs(wire, door.protocol)
    assert text_of(wire).index("A lamp.") < text_of(wire).index("Hurry.")


def vendor_of(door: Door) -> Vendor:
    return next(vendor for vendor in vendors() if vendor.protocol == door.protocol)


def asked_of(door: Door, backend: LLMBackend, body: Data) -> None:
    """Let the simulator read a request without sending it; raises what it refuses."""
    vendor = vendor_of(door)
    doors: list[Path | Rpc] = [*vendor.paths(), *vendor.rpcs()]
    handle = next(one.handle for one in doors if not isinstance(one, Path) or one.method == "POST")
    handle(Request("POST", "/", params={"model": backend.model}, json=json.loads(json.dumps(body))))


def message_of(recording: Recording) -> Data:
    """The message of an answer, with ids as long as those of a stream."""
    found, decode = Accumulator(), decoder(recording.api, id_prefix=f"{'f' * 32}-")
    for chunk in [*decode.feed(recording.body), *decode.close()]:
        found.feed(chunk)
    return found.message()


RECORDED = {door.protocol: door for kind, door in reversed(KINDS.items()) if available(door.protocol)}


def goes_on(message: Data) -> list[Data]:
    calls = [part for part in message["content"] if part["type"] == "tool_call"]
    return [user("Hello."), message, *results(message, *("42" for _ in calls)), user("Go on.")]


@pytest.mark.parametrize("door", KINDS.values(), ids=repr)
@pytest.mark.parametrize("api", RECORDED)
def test_answers_of_real_models_go_on_everywhere(api: str, door: Door) -> None:
    backend = door.backend("http://127.0.0.1:9")
    for recording in recordings(api):
        if recording.meta["kind"] != "stream":
            continue
        messages = goes_on(message_of(recording))
        prepared = backend.prepare(messages, TOOLS, backend.model, {})
        body: Mapping[str, Any] = asyncio.run(prepared.payload.body())
        asked_of(door, backend, dict(body))
        wire = wire_of(door, body)
        check_losses(messages, text_of(wire), list(prepared.losses), door.protocol)
        check_pairs(wire, door.protocol)
