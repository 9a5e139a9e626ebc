"""Chunks to xAI's chat messages, in their JSON form; ``google.protobuf.json_format.ParseDict`` makes messages of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.formatter.grok.enums import FINAL_STATUSES
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from .decoder import UNREAD_ROLE
from .encoder_calls import OpenCalls
from .encoder_ends import finish_messages
from .encoder_losses import UNSAID, lost_fields
from .encoder_outputs import Outputs, own_data
from .encoder_tools import client_call, image_delta, server_tool_call, tool_delta, with_image
from .encoder_values import inline_citation, known_response, sayable
from .usage import raw_of

Data = dict[str, Any]
_T = ChunkType
_UNKNOWN_ROLE: Final = 99
_ASSISTANT: Final = "ROLE_ASSISTANT"


class GrokEncoder:
    """Encodes one response as ``GetChatCompletionChunk`` messages; keeps the laws of `Encoder`.

    Every message names the response's id and model. gRPC tells errors by the status of the call, so that an `error`
    chunk is a loss, and what follows it is said.

    Attributes:
        losses: What could not be said, one line each.
        created: Time that the messages name, as protobuf's JSON has it; empty for none.
    """

    def __init__(self) -> None:
        self.losses: list[str] = []
        self.created = ""
        self._head: Data = {}
        self._outputs = Outputs()
        self._open = OpenCalls()
        self._held: TextStreamChunk | None = None  # the output of a tool, without the image that follows
        self._usage: Any = None
        self._ended = False

    def encode(self, chunk: BaseStreamChunk) -> list[Data]:
        """Return the messages for *chunk*; what cannot be said is added to `losses`."""
        say = self._SAY.get(chunk.type)
        if say is None or self._ended or not chunk.validate():
            self._lose(chunk, _why(ended=self._ended, known=say is not None))
            return []
        first = [] if chunk.type in (_T.MEDIA, _T.TOOL_CALL_DELTA, _T.TOOL_CALLS) else self._open_calls()
        held = [] if chunk.type is _T.MEDIA else self._release()
        bodies = [*held, *first, *say(self, chunk)]
        self.losses += lost_fields(chunk)
        return [self._message(body) for body in bodies]

    def close(self) -> list[Data]:
        """Return what waited for the end; a stream without `done` is a cut one."""
        return [self._message(body) for body in [*self._release(), *self._open_calls()]]

    def _lose(self, chunk: BaseStreamChunk, why: str) -> None:
        self.losses.append(f"{chunk.type}: {why}")

    def _message(self, body: Data) -> Data:
        created = {"created": self.created} if self.created else {}
        whole: Data = sayable({**self._head, **created, **body})
        return whole

    def _say_in(self, index: int, delta: Data) -> list[Data]:
        return [{"outputs": [{"index": index, "delta": delta}]}]

    def _say_as_assistant(self, chunk: TextStreamChunk, delta: Data) -> list[Data]:
        return self._say_in(self._outputs.of(chunk), {"role": _ASSISTANT, **delta})

    def _start(self, chunk: TextStreamChunk) -> list[Data]:
        named = {"id": chunk.response_id, "model": chunk.model}
        self._head = {name: value for name, value in named.items() if value}
        return self._say_in(0, {"role": _ASSISTANT})

    def _content(self, chunk: TextStreamChunk) -> list[Data]:
        return self._say_as_assistant(chunk, {"content": chunk.content})

    def _refusal(self, chunk: TextStreamChunk) -> list[Data]:
        self._lose(chunk, "xAI has no refusals; it is said as text")
        return self._content(chunk)

    def _reasoning(self, chunk: TextStreamChunk) -> list[Data]:
        encrypted = own_data(chunk).get("encrypted_content") or ()
        delta = {"reasoning_content": chunk.reasoning_delta, "encrypted_content": "".join(encrypted)}
        return self._say_as_assistant(chunk, {name: text for name, text in delta.items() if text})

    def _call_delta(self, chunk: TextStreamChunk) -> list[Data]:
        self._open.add(chunk)
        return []

    def _tool_calls(self, chunk: TextStreamChunk) -> list[Data]:
        calls = [client_call(call) for call in chunk.tool_calls or ()]
        self._open.close(call["id"] for call in calls)
        return self._say_as_assistant(chunk, {"tool_calls": calls})

    def _open_calls(self) -> list[Data]:
        """Calls come whole on this wire: those whose pieces have come are said when something else follows."""
        return [
            {"outputs": [{"index": choice, "delta": {"role": _ASSISTANT, "tool_calls": list(map(client_call, calls))}}]}
            for choice, calls in self._open.take().items()
        ]

    def _server_tool_call(self, chunk: TextStreamChunk) -> list[Data]:
        call = server_tool_call(chunk)
        if call is None:
            self._lose(chunk, UNSAID)
            return []
        if own_data(chunk).get("echoed"):
            if chunk.status in FINAL_STATUSES:
                return []  # its output follows, and names it
            return self._say_in(self._outputs.of(chunk), {"role": "ROLE_TOOL", "tool_calls": [call]})
        return self._say_as_assistant(chunk, {"tool_calls": [call]})

    def _tool_result(self, chunk: TextStreamChunk) -> list[Data]:
        image = own_data(chunk).get("image")
        if isinstance(image, dict) and "at" in image:
            self._held = chunk
            return []
        return self._output(chunk, chunk.content or "")

    def _output(self, chunk: TextStreamChunk, content: str) -> list[Data]:
        """What a tool says, in its own output; more of the same output comes after something else was heard."""
        index, encrypted = self._outputs.of_tool(chunk), own_data(chunk).get("encrypted_content") or ""
        said = self._outputs.said.get(index)
        self._outputs.said[index] = (content, encrypted)
        if said is None:
            return self._say_in(index, tool_delta(chunk, content, encrypted))
        rest = tool_delta(chunk, content.removeprefix(said[0]), encrypted.removeprefix(said[1]))
        return [*self._say_in(0 if index else 1, {"role": _ASSISTANT}), *self._say_in(index, rest)]

    def _release(self) -> list[Data]:
        """The output whose image did not follow is said without it."""
        held, self._held = self._held, None
        return self._output(held, held.content or "") if held is not None else []

    def _media(self, chunk: MultimodalStreamChunk) -> list[Data]:
        held, self._held = self._held, None
        if held is not None:
            at = own_data(held)["image"]["at"]
            return self._output(held, with_image(held.content or "", at, chunk))
        if "image_uuid" in own_data(chunk):
            return []  # the output that it came in was said whole
        delta = image_delta(chunk)
        if delta is None:
            self._lose(chunk, UNSAID)
            return []
        return self._say_in(self._outputs.of_tool(chunk), delta)

    def _citation(self, chunk: TextStreamChunk) -> list[Data]:
        citation = chunk.citation or {}
        inline = inline_citation(citation)
        if inline is not None:
            return self._say_as_assistant(chunk, {"citations": [inline]})
        raw, url = citation.get("raw"), citation.get("url")
        url = raw if isinstance(raw, str) else url
        if not isinstance(url, str):
            self._lose(chunk, UNSAID)
            return []
        return [{"citations": [url]}]

    def _usage_message(self, chunk: TextStreamChunk) -> list[Data]:
        self._usage = raw_of(chunk.usage or {})
        return [{"usage": self._usage}]

    def _status(self, chunk: TextStreamChunk) -> list[Data]:
        if chunk.status == "ignored_field" and chunk.detail == UNREAD_ROLE:
            return self._say_in(0, {"role": _UNKNOWN_ROLE})
        if chunk.status == "contradiction" and chunk.tool_call_id:
            call = {"id": chunk.tool_call_id, "name": "?", "arguments": "?"}
            return self._say_in(0, {"role": _ASSISTANT, "tool_calls": [client_call(call)]})
        self._lose(chunk, UNSAID)
        return []

    def _response(self, chunk: TextStreamChunk) -> list[Data]:
        response = chunk.response or {}
        known = known_response(response)
        self.losses += [f"complete_response.{name}: {UNSAID}" for name in response if name not in known]
        for row in known.get("outputs", ()):
            self._outputs.use(row.get("index", 0))
        return [known]

    def _done(self, chunk: TextStreamChunk) -> list[Data]:
        self._ended = True
        messages = finish_messages(chunk, self._outputs.next())
        usage = raw_of(chunk.usage) if chunk.usage else None
        if usage is not None and usage != self._usage:
            messages = messages or self._say_in(0, {"role": _ASSISTANT})
            messages[-1] = {**messages[-1], "usage": usage}
        return messages

    def _nothing(self, _: BaseStreamChunk) -> list[Data]:
        return []  # readers build it themselves

    _SAY: ClassVar[Mapping[str, Callable[[GrokEncoder, Any], list[Data]]]] = {
        _T.START: _start,
        _T.CONTENT: _content,
        _T.REFUSAL: _refusal,
        _T.REASONING: _reasoning,
        _T.REASONING_DONE: _nothing,
        _T.TOOL_CALL_DELTA: _call_delta,
        _T.TOOL_CALLS: _tool_calls,
        _T.SERVER_TOOL_CALL: _server_tool_call,
        _T.TOOL_RESULT: _tool_result,
        _T.CITATION: _citation,
        _T.USAGE: _usage_message,
        _T.MEDIA: _media,
        _T.COMPLETE_MESSAGE: _nothing,
        _T.COMPLETE_RESPONSE: _response,
        _T.BACKEND_STATUS: _status,
        _T.DONE: _done,
    }


def _why(*, ended: bool, known: bool) -> str:
    return "the stream has ended" if ended else "it breaks the rules of its type" if known else UNSAID
