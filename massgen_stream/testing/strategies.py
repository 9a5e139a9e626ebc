"""Hypothesis strategies of chunks, streams and messages, for property tests of whatever reads or writes them.

They are made from the rules table, so they follow every new type and field::

    from hypothesis import given
    from massgen_stream.testing.strategies import chunks, streams

    @given(chunks())
    def test_my_codec_keeps_every_chunk(chunk):
        assert my_decode(my_encode(chunk)) == chunk

- `chunks`, `text_chunks`, `media_chunks`: single legal chunks, with everything that breaks codecs: bytes anywhere, lone
  surrogates, integers of any size, keys like ``$bytes``, unknown fields and types, empty against absent.
- `chunks_of`: legal chunks of one type.
- `streams`: streams that keep the whole grammar. `broken_streams`: streams that break one rule, with its name.
- `messages`: conversations in the neutral form.

Importing this module without hypothesis raises `MissingExtra`.
"""

from __future__ import annotations

from ..errors import MissingExtra

try:
    from .strategies_broken import broken_streams
    from .strategies_chunks import chunks, chunks_of, media_chunks, text_chunks, unknown_chunks
    from .strategies_messages import messages
    from .strategies_streams import streams
    from .strategies_values import json_values, text
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] != "hypothesis":
        raise
    raise MissingExtra("massgen_stream.testing.strategies", "testing") from None

__all__ = [
    "broken_streams",
    "chunks",
    "chunks_of",
    "json_values",
    "media_chunks",
    "messages",
    "streams",
    "text",
    "text_chunks",
    "unknown_chunks",
]
