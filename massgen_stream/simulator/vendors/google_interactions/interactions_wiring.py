"""Events of a streamed answer: marked, so that a client can go on from any of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.text import TextStreamChunk
from ....wire.google_interactions import InteractionsEncoder
from ....wire.google_interactions.finish import RAW_WORDS, TERMINAL, TOKEN
from ....wire.google_interactions.usage import usage_of

_UNFINISHED: Final = frozenset(("error", "incomplete", "cancelled"))


class InteractionsWiring:
    """Encodes one answer.

    Args:
        created: When it is made, Unix seconds.
    """

    def __init__(self, created: int) -> None:
        self._encoder = InteractionsEncoder()
        self._encoder.event_ids = "sim-{}".format
        self._created = datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._identity: dict[str, Any] = {"object": "interaction"}
        self._told = False

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield the events for *chunk*."""
        if isinstance(chunk, TextStreamChunk):
            self._note(chunk)
            if chunk.usage is not None:
                chunk = replace(chunk, usage=_googles(chunk.usage))
            if chunk.type is ChunkType.DONE:
                yield from self._final(chunk)
        yield from self._encoded(chunk)

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""
        return self._encoder.close()

    def _note(self, chunk: TextStreamChunk) -> None:
        if chunk.type is ChunkType.START:
            known = {"id": chunk.response_id, "model": chunk.model}
            self._identity |= {name: value for name, value in known.items() if value}
        self._told = self._told or chunk.type is ChunkType.COMPLETE_RESPONSE

    def _final(self, done: TextStreamChunk) -> Iterator[bytes]:
        """Tell the final object, unless the answer broke off."""
        if self._told or (done.finish_reason in _UNFINISHED and done.raw_finish_reason not in TERMINAL):
            return
        raw = done.raw_finish_reason
        status = raw if raw in TERMINAL else RAW_WORDS.get(done.finish_reason or "", "completed")
        response = {**self._identity, "status": status, "created": self._created, "updated": self._created}
        response["service_tier"] = "standard"
        response |= {"usage": done.usage["raw"]} if done.usage else {}
        token = (done.finish_details or {}).get(TOKEN)
        response |= {TOKEN: token} if token else {}
        yield from self._encoded(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=response))

    def _encoded(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        return (event + b"\n\n" for event in self._encoder.encode(chunk).split(b"\n\n") if event)


def _googles(usage: dict[str, Any]) -> dict[str, Any]:
    """A report in Google's names, in which the output leaves thoughts out; one that Google sent stays."""
    if isinstance(usage.get("raw"), dict):
        return usage
    given, written, thought = (usage.get(f"{kind}_tokens") or 0 for kind in ("input", "output", "reasoning"))
    said = max(0, written - thought)
    return usage_of({
        "total_tokens": given + said + thought,
        "total_input_tokens": given,
        "input_tokens_by_modality": [{"modality": "text", "tokens": given}],
        "total_cached_tokens": 0,
        "total_output_tokens": said,
        "total_tool_use_tokens": 0,
        "total_thought_tokens": thought,
    })  # fmt: skip
