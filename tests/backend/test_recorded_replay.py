"""Recorded truth the whole way: a local server replays a response, the vendor's SDK reads it, our backend decodes.

What a reader of the backend gets must be what the decoder makes of the same bytes, whose truth is tested apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk import Accumulator, Gate
from massgen_stream.testing.cuts import cut_sizes, decode, random_cuts, whole
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .doors import Door, one_of_each_kind
from .reading import HELLO, verified
from .server import Exchange, Plan, Server, serving

SAMPLE = 12
"""Recordings of each protocol; those with recorded network borders come first."""


DOORS = {door.protocol: door for door in one_of_each_kind().values() if door.protocol in wire.PROTOCOLS}
ABSENT = [protocol for protocol in DOORS if not available(protocol)]
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(bool(ABSENT), reason=skip_reason(ABSENT[0]) if ABSENT else ""),
]


def sample(protocol: str) -> list[Recording]:
    """Return recordings spread over all of a protocol's, streams and errors."""
    found = sorted(recordings(protocol), key=lambda one: one.reads is None)
    streams = [one for one in found if one.meta["kind"] == "stream"]
    errors = [one for one in found if one.meta["kind"] == "http-error"]
    step = max(1, len(streams) // SAMPLE)
    return [*streams[::step], *errors[:2]]


CASES = [(protocol, one) for protocol in DOORS for one in sample(protocol)]
each = pytest.mark.parametrize(("protocol", "recording"), CASES, ids=[f"{p}-{one.name}" for p, one in CASES])


def replaying(recording: Recording, pieces: Iterable[bytes]) -> Plan:
    async def plan(exchange: Exchange) -> None:
        status = recording.meta.get("status") or 200
        await exchange.head(status, recording.meta.get("content_type") or "text/event-stream")
        for piece in pieces:
            if piece:
                await exchange.send(piece)
                await asyncio.sleep(0)
        await exchange.end()

    return plan


def base_url(door: Door, server: Server) -> str:
    """Return the address as the vendor's SDK understands it."""
    return server.url if door.protocol.startswith("openai.") else server.url.removesuffix("/v1")


class Answer(NamedTuple):
    """What a stream came to."""

    message: Any
    reasoning: str
    finish: tuple[str | None, str | None]
    usage: Any
    error: str | None


def read_out(chunks: Iterable[Any]) -> Answer:
    read = Accumulator()
    for chunk in chunks:
        read.feed(chunk)
    return Answer(
        read.message(),
        read.reasoning,
        (read.finish_reason, read.raw_finish_reason),
        read.usage,
        read.error,
    )


async def through_backend(door: Door, recording: Recording, pieces: Iterable[bytes]) -> tuple[Answer, str]:
    async with serving(replaying(recording, pieces)) as server, door.backend(base_url(door, server)) as backend:
        stream = backend.stream_with_tools(HELLO, model="recorded", max_retries=0)
        chunks = [chunk async for chunk in stream]
        verified(chunks)
        return read_out(chunks), stream.stream_id


def through_decoder(protocol: str, recording: Recording, stream_id: str) -> Answer:
    gate = Gate(stream_id=stream_id)
    chunks = decode(wire.decoder(protocol, id_prefix=f"{stream_id}-"), whole(recording.body))
    return read_out(out for chunk in chunks for out in gate.feed(chunk, 0.0))


@each
@pytest.mark.parametrize("cut", ["borders", "random"])
async def test_a_reader_gets_what_was_recorded(protocol: str, recording: Recording, cut: str) -> None:
    body = recording.body
    pieces = cut_sizes(body, recording.reads or []) if cut == "borders" else random_cuts(body, 7)
    answer, stream_id = await through_backend(DOORS[protocol], recording, pieces)
    if recording.meta["kind"] == "http-error":
        assert answer.finish[0] == "error"
        assert answer.error
        return
    assert answer == through_decoder(protocol, recording, stream_id)
    if recording.expect["error"] is None:
        assert answer.error is None or not recording.expect["terminal"]
