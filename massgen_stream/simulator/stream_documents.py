"""The documents in the events of a stream, for the answer to a client that does not stream."""

from __future__ import annotations

import json
from typing import Any

from ..wire import SSEDecoder
from ..wire.event_stream import DONE


def documents_of(stream: bytes) -> list[dict[str, Any]]:
    """Return the JSON objects that the events of *stream* hold.

    Raises:
        ValueError: There are none, or an event holds something else.
    """
    decoder = SSEDecoder()
    payloads = [event.data for event in (*decoder.feed(stream), *decoder.close())]
    documents = [json.loads(payload) for payload in payloads if payload.strip() != DONE]
    if not documents or not all(isinstance(document, dict) for document in documents):
        raise ValueError("an event is no JSON object")
    return documents
