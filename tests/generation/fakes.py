"""Generators without a network, whose attempts are scripts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any, ClassVar

from massgen_stream.backend import Instruments, Turn
from massgen_stream.generation import Generator, Offer, Order, Segments
from massgen_stream.provider import ProviderSpec
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.narrow import media

Script = Callable[[Order, Turn], AsyncGenerator[BaseStreamChunk, None]]
IMAGE = MediaType.IMAGE
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q"
    b"\0\0\0\0IEND\xaeB`\x82"
)
"""A picture of one pixel."""


def host(name: str, *, key: bool = True) -> ProviderSpec:
    return ProviderSpec(
        name=name,
        title=name.title(),
        protocol="fake",
        default_model="none",
        api_key_env=(f"{name.upper()}_KEY",) if key else (),
        base_url_env=(f"{name.upper()}_URL",),
        key_required=key,
    )


def maker(name: str = "fake", *scripts: Script, key: bool = False, **offers: Offer) -> type[Generator]:
    """Return a generator called *name*; *offers* by kind of medium, by default a plain one of images."""

    class Fake(Generator):
        attempts: ClassVar[list[tuple[Order, Turn]]] = []

        async def generate(self, order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
            self.attempts.append((order, turn))
            chunks = scripts[min(len(self.attempts), len(scripts)) - 1](order, turn)
            try:
                async for chunk in chunks:
                    yield chunk
            finally:
                await chunks.aclose()

    Fake.name, Fake.title, Fake.host = name, name.title(), host(name, key=key)
    Fake.offers = {MediaType(kind): offer for kind, offer in offers.items()} or {IMAGE: plain()}
    return Fake


def plain(**fields: Any) -> Offer:
    return Offer(**{"default_model": "fake-1", "priority": 1, **fields})


def yielding(*chunks: BaseStreamChunk) -> Script:
    async def script(order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        for chunk in chunks:
            yield chunk

    return script


def raising(error: Exception, *before: BaseStreamChunk) -> Script:
    async def script(order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        for chunk in before:
            yield chunk
        raise error

    return script


def hanging(*before: BaseStreamChunk) -> Script:
    async def script(order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        for chunk in before:
            yield chunk
        await asyncio.Event().wait()

    return script


class Pieces:
    """A decoder that finds one list of chunks in each byte, and *rest* at the end."""

    def __init__(self, pieces: Sequence[Sequence[BaseStreamChunk]], rest: Sequence[BaseStreamChunk]) -> None:
        self._pieces, self._rest = list(pieces), list(rest)

    def feed(self, data: bytes, /) -> list[BaseStreamChunk]:
        return [chunk for number in data for chunk in self._pieces[number]]

    def close(self) -> list[BaseStreamChunk]:
        rest, self._rest = self._rest, []
        return rest


def decoding(*pieces: Sequence[BaseStreamChunk], rest: Sequence[BaseStreamChunk] = ()) -> Script:
    async def script(order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        decoder = turn.use(Pieces(pieces, rest))
        for number in range(len(pieces)):
            for chunk in decoder.feed(bytes([number])):
                yield chunk

    return script


def whole(data: bytes = PNG, mime_type: str = "image/png", media_id: str = "m", **fields: Any) -> BaseStreamChunk:
    metadata = MediaMetadata(mime_type=mime_type)
    return media(media_id, "image", media_data=data, media_encoding="binary", media_metadata=metadata, **fields)


def segments(*pieces: bytes, mime_type: str = "image/png", media_id: str = "m") -> list[BaseStreamChunk]:
    numbered = Segments(media_id, "image", MediaMetadata(mime_type=mime_type))
    return [numbered.next(piece) for piece in pieces]


def instruments() -> Instruments:
    async def sleep(_: float) -> None:
        await asyncio.sleep(0)

    return Instruments(sleep=sleep, jitter=lambda: 0.0, new_id=lambda: "stream-1")
