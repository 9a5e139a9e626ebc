"""Calls of the client's tools, and of tools that Google runs itself, with their results."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from ...errors import MalformedEvent
from ...stream_chunk.call_arguments import settled_call
from ...stream_chunk.jsonform import text_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..json_value import finite, parse
from .fields import Data, Place
from .step import Chunks, Step, own_data
from .tool_names import tool_name
from .tool_results import attachments_of, has_failed, joined, text_of

_CALL_PARTS: Final = frozenset(("type", "id", "name", "arguments"))
FUNCTION_CALL: Final = Place("step", "function_call")


def arguments_text(value: Any) -> str:
    """Return what the start of a call holds as arguments, as text; empty for what stands there until deltas come."""
    if value is None or value == {}:
        return ""
    return value if isinstance(value, str) else json.dumps(finite(value), ensure_ascii=False, separators=(",", ":"))


class CallStep(Step):
    """A call of one of the client's tools.

    Args:
        identify: Returns its id, unique in the answer; called once the step is known to be usable.
        step: The start of the step.
        out: Gets the chunk that announces the call.

    Raises:
        UnusableField: Name or arguments cannot be used.
    """

    def __init__(self, identify: Callable[[], str], step: Data, out: Chunks) -> None:
        self._name, arguments = FUNCTION_CALL.text(step, "name"), step.get("arguments")
        if arguments is not None and not isinstance(arguments, dict | str):
            raise FUNCTION_CALL.unusable("arguments", arguments)
        self._given = arguments_text(arguments)
        self.call_id = identify()
        self._pieces: list[str] = []
        self._data: Data = {}
        self.keep(step)
        out.append(self._delta("", name=self._name or None))

    def keep(self, step: Data) -> None:
        """Keep what else the vendor says of the call, such as its signature; an empty one says nothing."""
        known = {name: finite(value) for name, value in step.items() if name not in _CALL_PARTS}
        self._data |= {name: value for name, value in known.items() if value is not None and value != ""}

    def add(self, piece: str, out: Chunks) -> None:
        """Add a piece of the arguments."""
        if piece:
            self._pieces.append(piece)
            out.append(self._delta(piece))

    def stop(self, out: Chunks) -> None:
        """Take the arguments of the start, if no others came."""
        if self._given and not self._pieces:
            self.add(self._given, out)

    def final(self, *, whole: bool) -> Data:
        """Return the complete call; *whole* tells that the vendor finished it."""
        call: Data = {
            "id": self.call_id, "name": self._name, "arguments": "".join(self._pieces), "kind": "function",
        }  # fmt: skip
        call = settled_call(call, whole=whole)
        return call | {"provider_data": own_data(**self._data)} if self._data else call

    def _delta(self, piece: str, name: str | None = None) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.TOOL_CALL_DELTA, tool_call_id=self.call_id, arguments_delta=piece, tool_name=name
        )


class ServerCallStep(Step):
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
        self._step = self._step | _parsed(arguments)
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


class ResultStep(Step):
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


def _parsed(arguments: str) -> Data:
    """The `arguments` for the next request; what is no object leaves those of the start in place."""
    try:
        value = finite(parse(arguments.encode("utf-8", "surrogatepass")))
    except MalformedEvent:
        return {}
    return {"arguments": value} if isinstance(value, dict) else {}
