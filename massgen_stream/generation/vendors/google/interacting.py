"""Interactions that make media: Google's SDK sends and authenticates, our decoder reads its bytes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Final

from msgspec.structs import replace

from ....backend.interactions import following_body
from ....backend.sdk_client import SDKClient
from ....backend.turn import Turn
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.narrow import error
from ....stream_chunk.text import TextStreamChunk
from ....wire.google_interactions import InteractionsDecoder

Body = dict[str, Any]
_Chunks = AsyncGenerator[BaseStreamChunk, None]
_CONFIG: Final = "generation_config"
_EMPTY: Final = ("stop", "length", "other", "content_filter")
"""Ends after which a medium would be whole."""
_WITHHELD: Final = "Google has answered without {}, as it does when its filters withhold one; change the prompt"


async def interaction(client: SDKClient, turn: Turn, body: Body) -> _Chunks:
    """Yield what the decoder makes of a streamed interaction, and of those that continue it.

    Args:
        client: Of `massgen_stream.backend.interactions_client`.
        turn: The attempt.
        body: The request; it must ask for a stream.
    """
    reader = turn.use(InteractionsDecoder(id_prefix=turn.id_prefix))
    transport = {**client.with_headers({}), "timeout": client.timeout(turn.limits)}
    following: Body | None = body
    while following is not None:
        async with client.create(body=following, cursor=None, **transport) as response:
            turn.take_headers(response.headers)
            async with aclosing(response.iter_bytes()) as pieces:
                async for piece in pieces:
                    for chunk in reader.feed(piece):
                        yield chunk
        for chunk in reader.end_body():
            yield chunk
        following = following_body(following, reader)
    for chunk in reader.close():
        yield chunk


async def with_a_medium(chunks: _Chunks, what: str) -> _Chunks:
    """Yield *chunks*; an answer that ends well without any medium ends in an error instead.

    Args:
        chunks: Of one answer.
        what: What was asked for: ``sound``, ``a video``.
    """
    seen = False
    async with aclosing(chunks):
        async for chunk in chunks:
            seen = seen or _is_medium(chunk)
            if not seen and isinstance(chunk, TextStreamChunk) and chunk.finish_reason in _EMPTY:
                yield error(_WITHHELD.format(what), error_info={"kind": "content_filter", "retryable": False})
                yield replace(chunk, finish_reason="error")
            else:
                yield chunk


def _is_medium(chunk: BaseStreamChunk) -> bool:
    is_medium = isinstance(chunk, MultimodalStreamChunk) and chunk.type is ChunkType.MEDIA
    return is_medium and getattr(chunk, "partial_kind", None) != "preview"


def with_params(body: Body, params: Mapping[str, Any]) -> Body:
    """Return a request with what `extra_params` add; fields of a ``generation_config`` join those that are there."""
    ours, theirs = body.get(_CONFIG), params.get(_CONFIG)
    joined = {_CONFIG: {**ours, **theirs}} if isinstance(ours, dict) and isinstance(theirs, Mapping) else {}
    return {**body, **params, **joined}
