"""xAI's chat messages to chunks."""

from __future__ import annotations

from typing import Any, Final

from ...errors import Truncated
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.formatter.grok.enums import ROLE_TOOL
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..failure import MALFORMED, failure_of_wire
from ..minting import Minting
from .ending import Ended, ending_chunks
from .envelope import Envelope
from .output import Output
from .proto_json import plain
from .sources import listed_citation
from .tools import ClientCalls
from .usage import usage_of

Chunks = list[BaseStreamChunk]
UNREAD_ROLE: Final = "outputs[].delta.role"


class GrokDecoder:
    """Decodes the ``GetChatCompletionChunk`` messages of one response; keeps the laws of `Decoder` but that of cuts.

    The outputs of a response are messages that follow one another: the assistant calls a tool of xAI's, the tool
    answers, the assistant goes on. With several *choices* they are answers side by side instead, as the request knows
    and the messages do not tell. The end is a finish reason of the assistant's last output; `done` comes from `close`,
    when the call has ended.

    Args:
        id_prefix: Put before ids that are made up because the vendor sent none.
        choices: How many answers the request asked for.
    """

    def __init__(self, *, id_prefix: str = "", choices: int = 1) -> None:
        self._minting = Minting(id_prefix)
        self._choices = choices
        self._outputs: dict[int, Output] = {}
        self._calls = ClientCalls(self._minting)
        self._told: set[str] = set()
        self._reasons: dict[int, int] = {}
        self._envelope = Envelope()
        self._heard: Output | None = None
        self._unread = self._started = self._whole = self._ended = False

    def feed_message(self, message: Any) -> list[BaseStreamChunk]:
        """Return the chunks of one message; anything that is no such message ends the stream with an error."""
        out: Chunks = []
        if self._ended:
            return out
        try:
            self._take(message, out)
        except (AttributeError, TypeError, ValueError, RecursionError):
            self._flush(out)
            self._finish(out, _no_message(message), "error")
        return out

    def close(self) -> list[BaseStreamChunk]:
        """Return the chunks that end the stream, `done` among them; empty when it has ended."""
        out: Chunks = []
        if not self._ended:
            self._flush(out)
            failure = None if self._is_whole() else failure_of_wire(Truncated())
            self._finish(out, failure, None if failure is None else "incomplete")
        return out

    def _take(self, message: Any, out: Chunks) -> None:
        if not self._started:
            out.append(self._envelope.start(message))
            self._started = True
            self._minting.response_id = self._envelope.response_id
        outputs = message.outputs
        for output in outputs:
            index = output.index
            state = self._outputs.get(index) or self._open(index)
            delta = output.delta
            if self._heard is not None and (self._heard is not state or delta.role != ROLE_TOOL):
                self._flush(out)
            state.feed(delta, out)
            if state.tool is not None or state.unread:
                self._look_at(state, out)
            if output.finish_reason:
                self._take_reason(index, output.finish_reason)
            if output.HasField("logprobs"):
                state.keep_logprobs(output.logprobs)
        self._envelope.take(message)
        if message.citations:
            self._flush(out)
            out.extend(map(listed_citation, message.citations))
        if not outputs and message.usage.ByteSize():
            self._flush(out)
            out.append(TextStreamChunk(type=ChunkType.USAGE, usage=usage_of(plain(message.usage))))

    def _open(self, index: int) -> Output:
        where = index if self._choices > 1 and index > 0 else None
        state = Output(index, where, self._minting, self._calls, self._told)
        self._whole = self._whole and index < max(self._outputs)
        self._outputs[index] = state
        return state

    def _look_at(self, state: Output, out: Chunks) -> None:
        """Wait for more of a tool's output; tell once that there is a role that is not known."""
        if state.tool is not None:
            self._heard = state
        if state.unread:
            state.unread = False
            if not self._unread:
                self._unread = True
                out.append(TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="ignored_field", detail=UNREAD_ROLE))

    def _flush(self, out: Chunks) -> None:
        """Tell what came of a tool's output without word that it is complete."""
        heard, self._heard = self._heard, None
        if heard is not None and heard.tool is not None and heard.tool.waits:
            out.extend(heard.tool.chunks())

    def _take_reason(self, index: int, reason: int) -> None:
        self._reasons.pop(index, None)
        self._reasons[index] = reason  # the latest is last
        last = max((output.index for output in self._outputs.values() if output.tool is None), default=index)
        self._whole = self._whole or index >= last

    def _is_whole(self) -> bool:
        if self._choices > 1:
            return all(index in self._reasons for index in range(self._choices))
        return self._whole

    def _finish(self, out: Chunks, failure: TextStreamChunk | None, reason: str | None) -> None:
        self._ended = True
        if failure is not None:
            out.append(failure)
        outputs = [self._outputs[index] for index in sorted(self._outputs)]
        several = self._choices > 1
        out.extend(
            ending_chunks(
                Ended(outputs, self._envelope, self._reasons, self._calls.called, several=several, reason=reason)
            )
        )


def _no_message(found: object) -> TextStreamChunk:
    info = {"kind": "protocol", "code": MALFORMED, "retryable": False}
    text = f"malformed event: {type(found).__name__} is no GetChatCompletionChunk message"
    return TextStreamChunk(type=ChunkType.ERROR, error=text, error_info=info)
