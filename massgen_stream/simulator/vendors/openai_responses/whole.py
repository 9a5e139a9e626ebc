"""The answer to a client that does not stream: the response that the last event holds."""

from __future__ import annotations

from typing import Any, Final

from ...openai_errors import refuse_of
from ...stream_documents import documents_of
from ...vendor import Refused

Data = dict[str, Any]
_ENDS: Final = frozenset(("response.completed", "response.failed", "response.incomplete"))


def whole_response(stream: bytes) -> Data:
    """Return the ``response`` that the events of *stream* make.

    Raises:
        Refused: One of them is an error.
        ValueError: One of them is no JSON object, or the end is missing.
    """
    for event in documents_of(stream):
        if event.get("type") == "error":
            raise Refused(refuse_of(event.get("error") or event))
        if event.get("type") in _ENDS and isinstance(event.get("response"), dict):
            return dict(event["response"])
    raise ValueError("no event holds the response")
