"""The steps of one answer: which step an event belongs to, by its index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..indexed_parts import IndexedParts
from ..metadata import DroppedFields, Metadata
from ..minting import Minting
from ..text_mark import TextMark
from .events import MEDIA, Delta
from .fields import Data, Place
from .media import medium_of, medium_of_delta
from .output_step import OutputStep
from .step import Chunks, EchoedStep, RawStep
from .thought_step import ThoughtStep
from .tool_names import CALLS, RESULTS
from .tool_steps import CallStep, ResultStep, ServerCallStep

_NO_CALL: Final[Data] = {"type": "function_call"}
CONTRADICTION: Final = "the final steps tell another text than their deltas, which stand"


class Steps(IndexedParts):
    """Opens steps, gives them their deltas and stops them.

    A delta without a step of its kind opens one: servers that leave out the start still say something.

    Args:
        minting: Makes ids.
        fail: Takes the error of a step.
    """

    def __init__(self, minting: Minting, fail: Callable[[Data, Chunks], None]) -> None:
        super().__init__(minting)
        self._fail = fail
        self._calls: list[CallStep] = []
        self._server_calls: dict[str, ServerCallStep] = {}
        self._mark = TextMark()
        self._speaking: int | None = None

    def start(self, index: int | None, step: Data, read: Metadata, out: Chunks) -> None:
        """Take a ``step.start``.

        Raises:
            UnusableField: Text, arguments or media in it cannot be used.
        """
        index = self._place(index, out)
        kind = step.get("type")
        begin = self._BEGIN.get(kind) if isinstance(kind, str) else None
        (begin or Steps._begin_raw)(self, index, step, read, out)

    def delta(self, index: int | None, delta: Data, read: Metadata, out: Chunks) -> None:
        """Take the delta of a ``step.delta``; one of an unknown kind only counts in a step that is kept raw.

        Raises:
            UnusableField: Text, arguments or media in it cannot be used.
        """
        kind = delta.get("type")
        take = self._TAKE.get(kind) if isinstance(kind, str) else None
        step = self._at(index)
        if isinstance(step, RawStep):
            step.delta(delta, out)
        elif take is not None and not isinstance(step, EchoedStep):
            take(self, index, delta, read, out)

    def text(self, index: int | None, text: str, out: Chunks) -> bool:
        """Take a piece of text, where it is the model's; return whether it was."""
        step = self._parts.get(self._latest if index is None else index)
        if step.__class__ is not OutputStep:
            if step.__class__ is RawStep or step.__class__ is EchoedStep:
                return False
            if not text:
                return True
            step = self._open(index, self._new_output, out)
        if text:
            step.say(text, out)
            self._speaking = self._latest if index is None else index
        return True

    def arguments(self, index: int | None, piece: str, out: Chunks) -> bool:
        """Take a piece of the arguments of a call; return whether it was one."""
        step = self._at(index)
        if isinstance(step, RawStep | EchoedStep):
            return False
        if isinstance(step, ServerCallStep):
            step.add(piece)
        elif piece:
            self._of_kind(index, CallStep, lambda: self._call(_NO_CALL, Metadata(out, DroppedFields()), out), out).add(
                piece, out
            )
        return True

    def medium(self, index: int | None, delta: Delta, out: Chunks) -> bool:
        """Take a medium in typed form; return whether it was the model's."""
        if isinstance(self._at(index), RawStep | EchoedStep):
            return False
        if delta.data or delta.uri:
            self._output(index, out).show(medium_of_delta(delta), out)
        return True

    def stop(self, index: int | None, step: Data, out: Chunks) -> None:
        """Take a ``step.stop``; the whole *step*, where it comes with it, may say more of a call."""
        found = self._at(index)
        if isinstance(found, CallStep):
            found.keep(step)
        if found is not None:
            found.stop(out)

    def settle(self, texts: list[str], out: Chunks) -> None:
        """Take all text of the answer as the vendor's final object has it: what it adds is one more delta."""
        rest = self._mark.rest_of("".join(texts))
        if rest is None:
            out.append(TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="contradiction", detail=CONTRADICTION))
        elif rest and (self._speaking is None or not self.text(self._speaking, rest, out)):
            self.text(self._free, rest, out)

    def forget(self) -> None:
        """Indexes begin anew."""
        self._parts.clear()
        self._latest, self._free, self._speaking = -1, 0, None

    def wait(self, out: Chunks) -> None:
        """The interaction waits for the client: tell which of Google's calls do."""
        for call in self._server_calls.values():
            call.wait(out)

    def calls(self, *, whole: bool) -> list[Data]:
        """Return the complete calls of the client's tools; *whole* tells that the vendor finished them."""
        return [call.final(whole=whole) for call in self._calls]

    def _output(self, index: int | None, out: Chunks) -> OutputStep:
        return self._of_kind(index, OutputStep, self._new_output, out)

    def _new_output(self) -> OutputStep:
        return OutputStep(self._minting.another, self._mark)

    def _thought(self, index: int | None, out: Chunks) -> ThoughtStep:
        return self._of_kind(index, ThoughtStep, lambda: ThoughtStep(self._minting.another), out)

    def _begin_output(self, index: int, step: Data, read: Metadata, out: Chunks) -> None:
        begun = self._parts[index] = self._new_output()
        for content in Place("step", "model_output").contents(step, "content"):
            begun.content(content, Place("content", str(content.get("type"))), read, out)
        error = read.data(step, "error", "step.")
        if error:
            self._fail(error, out)

    def _begin_thought(self, index: int, step: Data, read: Metadata, out: Chunks) -> None:
        begun = self._parts[index] = ThoughtStep(self._minting.another)
        for content in Place("step", "thought").contents(step, "summary"):
            begun.summarise(content, Place("summary", str(content.get("type"))), read, out)
        begun.sign(read.text(step, "signature", "step"), out)

    def _begin_call(self, index: int, step: Data, read: Metadata, out: Chunks) -> None:
        self._parts[index] = self._call(step, read, out)

    def _call(self, step: Data, read: Metadata, out: Chunks) -> CallStep:
        call = CallStep(lambda: self._call_id(step, read), step, out)
        self._calls.append(call)
        return call

    def _call_id(self, step: Data, read: Metadata) -> str:
        return self._unique(read.text(step, "id", "step"))

    def _begin_server_call(self, index: int, step: Data, read: Metadata, out: Chunks) -> None:
        call_id = step.get("id")
        if not isinstance(call_id, str) or not call_id or call_id in self._ids:
            self._begin_raw(index, step, read, out)
            return
        self._ids.add(call_id)
        self._parts[index] = self._server_calls[call_id] = ServerCallStep(step, out)

    def _begin_result(self, index: int, step: Data, read: Metadata, out: Chunks) -> None:
        call_id = step.get("call_id")
        if not isinstance(call_id, str) or not call_id:
            self._begin_raw(index, step, read, out)
            return
        self._parts[index] = ResultStep(step, self._server_calls.get, out)

    def _begin_raw(self, index: int, step: Data, _: Metadata, out: Chunks) -> None:
        self._parts[index] = RawStep(self._minting.another, step, out)

    def _begin_echo(self, index: int, _: Data, __: Metadata, ___: Chunks) -> None:
        self._parts[index] = EchoedStep()

    def _take_text(self, index: int | None, delta: Data, _: Metadata, out: Chunks) -> None:
        self.text(index, Place("delta", "text").text(delta, "text"), out)

    def _take_arguments(self, index: int | None, delta: Data, _: Metadata, out: Chunks) -> None:
        self.arguments(index, Place("delta", "arguments_delta").text(delta, "arguments"), out)

    def _take_summary(self, index: int | None, delta: Data, read: Metadata, out: Chunks) -> None:
        content = delta.get("content")
        if content is not None and not isinstance(content, dict):
            raise Place("delta", "thought_summary").unusable("content", content)
        if content:
            place = Place("delta.content", str(content.get("type")))
            self._thought(index, out).summarise(content, place, read, out)

    def _take_signature(self, index: int | None, delta: Data, read: Metadata, out: Chunks) -> None:
        signature, step = read.text(delta, "signature", "delta"), self._at(index)
        if isinstance(step, CallStep):
            step.keep({"signature": signature})
        elif isinstance(step, ServerCallStep | ResultStep):
            if signature:
                step.update({"signature": signature}, out)
        elif signature:
            self._thought(index, out).sign(signature, out)

    def _take_annotations(self, index: int | None, delta: Data, read: Metadata, out: Chunks) -> None:
        annotations = read.documents(delta, "annotations", "delta")
        if annotations:
            self._output(index, out).annotate(annotations, out)

    def _take_medium(self, index: int | None, delta: Data, read: Metadata, out: Chunks) -> None:
        medium = medium_of(delta, Place("delta", delta["type"]), read)
        if medium is not None and (medium.data or medium.uri):
            self._output(index, out).show(medium, out)

    def _take_tool(self, index: int | None, delta: Data, read: Metadata, out: Chunks) -> None:
        """Take what is said of a tool that Google runs; where its step was left out, it stands for that."""
        step = self._at(index)
        if isinstance(step, ServerCallStep | ResultStep):
            step.update(delta, out)
        else:
            self.start(index, delta, read, out)

    _BEGIN: ClassVar[Mapping[str, Callable[[Steps, int, Data, Metadata, Chunks], None]]] = {
        "model_output": _begin_output,
        "thought": _begin_thought,
        "function_call": _begin_call,
        "user_input": _begin_echo,
        **dict.fromkeys(CALLS, _begin_server_call),
        **dict.fromkeys(RESULTS, _begin_result),
    }
    _TAKE: ClassVar[Mapping[str, Callable[[Steps, int | None, Data, Metadata, Chunks], None]]] = {
        "text": _take_text,
        "thought_summary": _take_summary,
        "thought_signature": _take_signature,
        "arguments_delta": _take_arguments,
        "text_annotation_delta": _take_annotations,
        **dict.fromkeys(MEDIA, _take_medium),
        **dict.fromkeys(CALLS | RESULTS, _take_tool),
    }
