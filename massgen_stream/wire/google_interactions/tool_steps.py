"""Calls of the client's tools, and of tools that Google runs itself, with their results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ...stream_chunk.jsonform import text_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..client_call import ClientCall, arguments_object, arguments_text
from ..indexed_parts import Part
from ..json_value import finite
from .fields import Data, Place
from .step import PROTOCOL, Chunks, own_data
from .tool_names import tool_name
from .tool_results import attachments_of, has_failed, joined, text_of

FUNCTION_CALL: Final = Place("step", "function_call")


class CallStep(ClientCall):
    """A call of one of the client's tools.

    Args:
        identify: Returns its id, unique in the answer; called once the step is known to be usable.
        step: The start of the step.
        out: Gets the chunk that announces the call.

    Raises:
        UnusableField: Name or arguments cannot be used.
    """

    PROTOCOL = PROTOCOL
    SAID = frozenset(("type", "id", "name", "arguments"))

    def __init__(self, identify: Callable[[], str], step: Data, out: Chunks) -> None:
        name, arguments = FUNCTION_CALL.text(step, "name"), step.get("arguments")
        if arguments is not None and not isinstance(arguments, dict | str):
            raise FUNCTION_CALL.unusable("arguments", arguments)
        super().__init__(name, arguments_text(arguments), identify, step, out)

    def keep(self, said: Data) -> None:
        """Keep what else the vendor says of the call, such as its signature; an empty one says nothing."""
        super().keep({name: value for name, value in said.items() if value != ""})


class ServerCallStep(Part):
    """A call that Google runs: its chunks have the whole step as it must go back.

    Args:
        step: The start of the step, with a usable `id`.
        out: Gets the chunk that announces the call.
    """

    def __init__(self, step: Data, out: Chunks) -> None:
        self._step: Data = finite(step)
        self.call_id, self.name = str(step["id"]), tool_name(step) or "tool"
        self._pieces: list[str] = []
        self._answered = False
        out.append(self._chunk(self._said(), status="in_progress", provider_data=own_data(step=self._step)))

    def update(self, delta: Data, out: Chunks) -> None:
        """Take what a delta says of the call; an empty signature says nothing."""
        said = {name: value for name, value in finite(delta).items() if (name, value) != ("signature", "")}
        self._step = {**self._step, **said, "type": self._step["type"], "id": self._step["id"]}
        out.append(self._chunk(self._said(), status="in_progress", provider_data=own_data(step=self._step)))

    def add(self, piece: str) -> None:
        """Add a piece of the arguments."""
        if piece:
            self._pieces.append(piece)

    def stop(self, out: Chunks) -> None:
        """Tell the arguments, if they came in pieces."""
        if not self._pieces:
            return
        arguments = text_form("".join(self._pieces))
        self._pieces.clear()
        given = arguments_object(arguments)  # what is no object leaves that of the start in place
        self._step = self._step if given is None else {**self._step, "arguments": given}
        out.append(self._chunk(arguments, status="in_progress", provider_data=own_data(step=self._step)))

    def cut(self, out: Chunks) -> None:
        """Tell the arguments so far."""
        arguments = text_form("".join(self._pieces))
        if arguments:
            out.append(self._chunk(arguments, status="incomplete"))

    def ended(self, *, failed: bool, out: Chunks) -> None:
        """Tell that the result has come."""
        self.stop(out)
        if not self._answered:
            self._answered = True
            out.append(self._chunk(status="failed" if failed else "completed"))

    def wait(self, out: Chunks) -> None:
        """Tell that the client must answer: the interaction waits, and nobody else did."""
        if not self._answered:
            out.append(self._chunk(status="requires_action"))

    def _said(self) -> str | None:
        return arguments_text(self._step.get("arguments")) or None

    def _chunk(self, arguments: str | None = None, **fields: Any) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.SERVER_TOOL_CALL,
            tool_call_id=self.call_id,
            tool_name=self.name,
            arguments=arguments or None,
            **fields,
        )


class ResultStep(Part):
    """What a tool gave that Google ran. It is told as soon as it is there, and again when more of it comes.

    Args:
        step: The start of the step, with a usable `call_id`.
        called: Returns the call with an id, where it is known.
        out: Gets the result, if the step has it.
    """

    def __init__(self, step: Data, called: Callable[[str], ServerCallStep | None], out: Chunks) -> None:
        self._step: Data = finite(step)
        self._called = called
        self._told = False
        if "result" in step:
            self._tell(out)

    def update(self, delta: Data, out: Chunks) -> None:
        """Take what a delta says of the result; text and lists go on with what was there."""
        delta = {name: value for name, value in finite(delta).items() if (name, value) != ("signature", "")}
        if "result" in delta and "result" in self._step:
            delta["result"] = joined(self._step["result"], delta["result"])
        self._step = {**self._step, **delta, "type": self._step["type"], "call_id": self._step["call_id"]}
        if self._told or "result" in delta:
            self._tell(out)

    def stop(self, out: Chunks) -> None:
        """Tell a result that says nothing but that it is there."""
        if not self._told:
            self._tell(out)

    def _tell(self, out: Chunks) -> None:
        self._told, failed = True, has_failed(self._step)
        call = self._called(self._step["call_id"])
        if call is not None:
            call.ended(failed=failed, out=out)
        out.append(TextStreamChunk(
            type=ChunkType.TOOL_RESULT,
            tool_call_id=self._step["call_id"],
            tool_name=call.name if call else tool_name(self._step),
            content=text_of(self._step.get("result")),
            attachments=attachments_of(self._step.get("result")) or None,
            is_error=failed or None,
            provider_data=own_data(step=self._step),
        ))  # fmt: skip
