"""Calls of tools: the client's own, and those that xAI runs itself, with their outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.call_arguments import settled_call
from ...stream_chunk.formatter.grok.enums import (
    CLIENT_TYPES,
    FINAL_STATUSES,
    IMAGE_GENERATION,
    TOOL_CALL_TYPES,
    tool_name,
    tool_status,
)
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..minting import Minting
from .images import PROTOCOL, image_in
from .proto_json import plain

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_OF_CLIENT_CALL: Final = ("id", "type", "function")


class ClientCalls:
    """Calls of the client's tools in one response; each comes whole.

    Args:
        minting: Makes ids.

    Attributes:
        called: Choices with a call that can be executed.
    """

    def __init__(self, minting: Minting) -> None:
        self._minting = minting
        self._known: dict[str, tuple[str, str]] = {}
        self.called: set[int] = set()

    def feed(self, message: Any, choice_index: int | None, out: Chunks) -> None:
        """Add the chunk for a call; one that is told again says nothing new, and must not say something else."""
        call_id, said = message.id or self._minting.another("call"), (message.function.name, message.function.arguments)
        known = self._known.setdefault(call_id, said)
        if known is not said:
            if known != said:
                out.append(_contradiction(call_id))
            return
        call = {"id": call_id, "name": said[0], "arguments": said[1], "kind": "function"}
        call = settled_call(call, whole=True)
        own = {name: value for name, value in plain(message).items() if name not in _OF_CLIENT_CALL}
        if own:
            call["provider_data"] = {PROTOCOL: own}
        if "invalid" not in call:
            self.called.add(choice_index or 0)
        out.append(TextStreamChunk(type=ChunkType.TOOL_CALLS, tool_calls=[call], choice_index=choice_index))


def _contradiction(call_id: str) -> TextStreamChunk:
    detail = "outputs[].delta.tool_calls"
    return TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="contradiction", detail=detail, tool_call_id=call_id)


def is_client_call(message: Any) -> bool:
    """Return whether a ``ToolCall`` is one of the client's own tools."""
    return message.type in CLIENT_TYPES


def server_call(message: Any, call_id: str, own: Data, choice_index: int | None) -> TextStreamChunk:
    """Return the chunk for a call that xAI runs; *own* is added to what the next request needs of it."""
    return TextStreamChunk(
        type=ChunkType.SERVER_TOOL_CALL,
        tool_call_id=call_id,
        tool_name=tool_name(message.type, message.function.name),
        arguments=message.function.arguments,
        status=tool_status(message.status),
        choice_index=choice_index,
        provider_data={PROTOCOL: {"tool_call": plain(message), **own}},
    )


class ToolOutput:
    """The output of one tool that xAI ran; it may come in pieces.

    Args:
        index: Index of the output.
        choice_index: Index of the choice, None for the first.
        minting: Makes ids.

    Attributes:
        waits: Whether something has come that has not been told.
    """

    def __init__(self, index: int, choice_index: int | None, minting: Minting) -> None:
        self._index, self._choice_index, self._minting = index, choice_index, minting
        self._content: list[str] = []
        self._encrypted: list[str] = []
        self._calls: list[Data] = []
        self.waits = False

    def feed(self, delta: Any) -> bool:
        """Take a piece; return whether the output is complete now."""
        if delta.content:
            self._content.append(delta.content)
            self.waits = True
        if delta.encrypted_content:
            self._encrypted.append(delta.encrypted_content)
            self.waits = True
        if delta.tool_calls:
            self._take_calls([plain(call) for call in delta.tool_calls])
        return self.waits and any(map(_has_ended, self._calls))

    def _take_calls(self, calls: list[Data]) -> None:
        """Take the calls that the output is of; the state told last counts, and what is told last comes first."""
        latest = {call.get("id"): call for call in reversed(calls)}
        latest = dict(reversed(latest.items()))
        self.waits = self.waits or any(_has_ended(call) and call not in self._calls for call in latest.values())
        self._calls = [*latest.values(), *(call for call in self._calls if call.get("id") not in latest)]

    def chunks(self) -> Iterator[BaseStreamChunk]:
        """Yield the result as far as it has come, and the image that it holds."""
        self.waits = False
        content, call = "".join(self._content), self._calls[0] if self._calls else {}
        own: Data = {"tool_calls": list(self._calls)} | ({"output": self._index} if self._index else {})
        if self._encrypted:
            own["encrypted_content"] = "".join(self._encrypted)
        image = None
        if call.get("type") == TOOL_CALL_TYPES[IMAGE_GENERATION]:
            image = image_in(content, self._minting.another("image"))
        if image is not None:
            content = image.content
            own["image"] = {"media_id": image.medium.media_id} | ({} if image.at is None else {"at": image.at})
        yield self._result(call, content, own)
        if image is not None:
            yield image.medium

    def _result(self, call: Data, content: str, own: Data) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.TOOL_RESULT,
            tool_call_id=call.get("id") or self._minting.of("tool-output", self._index),
            tool_name=tool_name(call.get("type"), call.get("function", {}).get("name", "")),
            content=content,
            is_error=True if tool_status(call.get("status")) == "failed" else None,
            choice_index=self._choice_index,
            provider_data={PROTOCOL: own},
        )


def _has_ended(call: Data) -> bool:
    return tool_status(call.get("status")) in FINAL_STATUSES
