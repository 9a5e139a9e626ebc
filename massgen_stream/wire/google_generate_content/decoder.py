"""``streamGenerateContent`` bytes to chunks."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import MsgspecError

from ...errors import Truncated
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..answer_decoder import AnswerDecoder
from ..event_stream import DONE
from ..failure import failure_of_wire
from ..json_value import parse
from ..sse import DEFAULT_MAX_EVENT_BYTES, ServerSentEvent
from .candidate import CandidateState, Chunks, Data
from .ending import Ended, ending_chunks, unexplained
from .envelope import Envelope
from .events import KNOWN, Candidate, Event, decode_event
from .finish import CONTINUATION, Ending
from .lenient import Lenient
from .media import Media
from .usage import unusable_figures, usage_of


class GenerateContentDecoder(AnswerDecoder):
    """Decodes one ``streamGenerateContent`` response; keeps the laws of `massgen_stream.wire.base.Decoder`.

    The documented end is a finish reason of every candidate, or a blocked prompt. Content and other reasons may
    follow it, so `done` comes at the end of the input.

    An answer may take several responses: one that ends with ``CONTINUATION`` and a token is continued by the response
    to a request with that token (https://ai.google.dev/api/generate-content#FinishReason). Then `end_body` comes
    before `go_on`, and the next body is fed to the same decoder; the usage of all of them is added up.

    Args:
        id_prefix: Put before ids that are made up because the vendor sent none.
        max_event_bytes: Limit on one event.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix=id_prefix, max_event_bytes=max_event_bytes)
        self._candidates: dict[int, CandidateState] = {}
        self._media = Media(self._minting.another)
        self._envelope = Envelope()
        self._checkpoint: str | None = None
        self._from: str | None = None

    @property
    def continuation(self) -> str | None:
        """With which token the answer goes on in another response; None where it is over.

        The token of the response itself would only say the same again.
        """
        first = self._candidates.get(0)
        over = self._ended or self._errors or self._envelope.block
        if first is None or over or first.ending.raw != CONTINUATION or first.ending.token == self._from:
            return None
        return first.ending.token

    @property
    def checkpoint(self) -> str | None:
        """The latest token if nothing was said after it: from there an answer that was cut can go on."""
        first = self._candidates.get(0)
        if first is not None and first.ending.raw is not None:
            return self.continuation
        return None if self._ended or self._errors or self._envelope.block else self._checkpoint

    def go_on(self, token: str) -> None:
        """What is fed next is the response to a request with *token*, which continues the answer."""
        self.resume()
        self._from = self._checkpoint = token
        self._envelope.go_on()
        if (first := self._candidates.get(0)) is not None:
            first.ending = Ending()

    def _end_of_input(self, out: Chunks) -> None:
        reasons = [candidate.ending.raw for candidate in self._candidates.values() if not candidate.blank]
        if self._errors or self._envelope.block or (reasons and all(reasons)):
            self._finish(out)
        else:
            self._break(failure_of_wire(Truncated()), "incomplete", out)

    def _event(self, event: ServerSentEvent, out: Chunks) -> None:
        try:
            parsed = decode_event(event.data)
        except (MsgspecError, UnicodeDecodeError, RecursionError):
            parsed = None
        if parsed is not None and parsed.candidates is not None and parsed.error is None:
            self._take(parsed, out)
        else:
            self._unusual(event, out)

    def _unusual(self, event: ServerSentEvent, out: Chunks) -> None:
        """An error, an event without candidates, or one that is not in the usual types."""
        payload = event.data.strip()
        if not payload or payload == DONE:  # proxies put OpenAI's end of stream behind that of others
            return
        doc = parse(payload)
        if not isinstance(doc, dict):
            return
        if any(doc.get(name) is not None for name in KNOWN):
            lenient = Lenient()
            self._take(lenient.event(doc), out, lenient.dropped)
        if doc.get("error"):
            self._add_error(doc["error"], out)

    def _take(self, event: Event, out: Chunks, dropped: Sequence[str] = ()) -> None:
        self._envelope.take(event)
        if not self._started:
            self._started = True
            self._minting.response_id = self._envelope.response_id
            out.append(self._envelope.start())
        if dropped:
            self._tell_dropped(dropped, out)
        for candidate in event.candidates or ():
            if candidate.continuationToken is not None or self._checkpoint is not None:
                self._mark(candidate)
            self._candidate(candidate.index or 0).feed(candidate, out)
        if event.usageMetadata and event.candidates is None and event.promptFeedback is None:
            self._tell_dropped(_dropped_figures(event.usageMetadata), out)
            out.append(TextStreamChunk(type=ChunkType.USAGE, usage=usage_of(self._envelope.usage or {})))

    def _mark(self, candidate: Candidate) -> None:
        """Note the token of an event; what is said without one lies behind the one before."""
        if not candidate.index:
            moved = candidate.content is not None or candidate.finishReason is not None
            self._checkpoint = candidate.continuationToken or (None if moved else self._checkpoint)

    def _candidate(self, index: int) -> CandidateState:
        state = self._candidates.get(index)
        if state is None:
            state = self._candidates[index] = CandidateState(index, self._minting, self._media)
        return state

    def _finish(self, out: Chunks, reason: str | None = None) -> None:
        self._ended = True
        candidates = [one for _, one in sorted(self._candidates.items()) if not one.blank]
        error = None if self._errors else unexplained(candidates)
        if error is not None:
            self._errors.append(error)
            out.append(error)
        if self._envelope.usage:
            self._tell_dropped(_dropped_figures(self._envelope.usage), out)
        ended = Ended(candidates, self._envelope, self._media, failed=bool(self._errors), reason=reason)
        out.extend(ending_chunks(ended))


def _dropped_figures(raw: Data) -> list[str]:
    """Return the paths of the figures of a report that are no numbers."""
    return [f"usageMetadata.{name}" for name in unusable_figures(raw)]
