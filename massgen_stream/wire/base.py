"""What a decoder and an encoder of a wire protocol are, and the laws that both keep."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from ..stream_chunk.base import BaseStreamChunk


class Decoder(Protocol):
    """Turns the body of one provider response, cut anywhere, into chunks.

    Owns no socket, task or clock; one decoder reads one body. ``massgen_stream.testing.cuts.decode`` runs one.

    Laws:
        1. Any cut of the bytes gives equal chunks; for raw byte wires, equal after joining adjacent segments.
        2. No bytes raise: what is wrong with them is an `error` chunk.
        3. Feeding and then closing gives exactly one `done`, and it is the last chunk. It comes when the protocol's
           terminal event was seen, else from `close`; afterwards `feed` and `close` return empty lists.
        4. Without the protocol's documented end, `close` gives `error`, then ``done("incomplete")``.
        5. A malformed event ends the stream at once: `error`, then ``done("error")``; what came before it stands.
        6. Chunks have no sequence number, time, stream id or source: the gate sets them.
        7. Deltas are never merged: one text event of the vendor is one `content` chunk.
        8. Work is linear in the bytes. Memory stays within the limit on one event plus the arguments of open calls.
        9. Unknown events and fields, comments and foreign lines are no error.
    """

    def feed(self, data: bytes, /) -> list[BaseStreamChunk]:
        """Return the chunks that *data* completes; empty when more is needed."""
        ...

    def close(self) -> list[BaseStreamChunk]:
        """End of input: return the chunks that it completes, with `done` if it has not come yet."""
        ...


@runtime_checkable
class ResumableDecoder(Decoder, Protocol):
    """A decoder whose body may be cut and go on in another one, from the event after the last whole one.

    Law: the chunks of a body, cut anywhere, and of one that holds the events after the last whole one, are those of
    the uncut body.
    """

    def resume(self) -> None:
        """Forget the event that the cut left half; what is fed next belongs to another body."""
        ...


class Encoder(Protocol):
    """Turns chunks into the body that a provider would send; one encoder writes one body.

    Laws:
        1. For every list of chunks that the decoder of the protocol can produce, decoding what `encode` and `close`
           return, joined, gives that list again.
        2. What the protocol cannot say is not sent and named in `losses`, one line each; no chunk raises.
        3. Bytes of one call hold whole events: a reader may be given them at once.

    Attributes:
        losses: What could not be said so far, in order.
    """

    losses: list[str]

    def encode(self, chunk: BaseStreamChunk, /) -> bytes:
        """Return the bytes for *chunk*; empty when the protocol says it later or not at all."""
        ...

    def close(self) -> bytes:
        """End of the chunks: return the bytes that end the body."""
        ...
