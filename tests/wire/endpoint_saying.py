"""Short ways to say a body of a media endpoint, and to see what its decoder makes of it."""

import json
from typing import Any

from massgen_stream import wire
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.testing.cuts import decode

from .legality import is_legal

Data = dict[str, Any]


def event(document: Any) -> bytes:
    """Return one event; bytes stand for themselves."""
    payload = document if isinstance(document, bytes) else json.dumps(document).encode()
    return b"data: " + payload + b"\n\n"


def body(*documents: Any) -> bytes:
    """Return the events one after the other."""
    return b"".join(map(event, documents))


class Endpoint:
    """One protocol.

    Attributes:
        protocol: Its name.
    """

    def __init__(self, protocol: str) -> None:
        self.protocol = protocol

    def decoded(self, data: bytes, **options: Any) -> list[Any]:
        """Return what the decoder makes of *data*; it must be a legal stream."""
        chunks: list[BaseStreamChunk] = decode(wire.decoder(self.protocol, **options), [data])
        assert is_legal(chunks)
        return chunks

    def encoded(self, chunks: list[Any], **options: Any) -> tuple[bytes, list[str]]:
        """Return the bytes of *chunks*, and what they could not say."""
        encoder = wire.encoder(self.protocol, **options)
        return b"".join(map(encoder.encode, chunks)) + encoder.close(), encoder.losses

    def read_again(self, chunks: list[Any]) -> list[Any]:
        """Return what a reader makes of encoded *chunks*, of which nothing may be lost."""
        data, losses = self.encoded(chunks)
        assert losses == []
        return self.decoded(data)


def types(chunks: list[Any]) -> list[str]:
    """Return the type of each chunk."""
    return [str(chunk.type) for chunk in chunks]


def documents_of(data: bytes) -> list[Data]:
    """Return the documents of an encoded event stream."""
    lines = [line.removeprefix(b"data: ") for line in data.splitlines() if line.startswith(b"data: ")]
    return [json.loads(line) for line in lines if line != b"[DONE]"]
