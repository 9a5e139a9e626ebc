"""One output of a response while it is decoded: a message of the assistant, or what a tool of xAI's returned."""

from __future__ import annotations

from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.formatter.grok.enums import ROLE_ASSISTANT, ROLE_TOOL
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..minting import Minting
from .images import PROTOCOL
from .proto_json import plain
from .sources import inline_citation
from .tools import ClientCalls, ToolOutput, is_client_call, server_call

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_CONTENT: Final = ChunkType.CONTENT
_REASONING: Final = ChunkType.REASONING
_ROLES: Final = frozenset((0, ROLE_ASSISTANT))
"""Roles of a delta that the assistant says; 0 is how a missing role reads."""


class Output:
    """What the decoder must remember of one output. No text of the assistant.

    Args:
        index: Its index.
        choice_index: Index of its choice, None for the first.
        minting: Makes ids.
        calls: Calls of its choice.
        told: Ids of the calls of xAI's tools that were told.

    Attributes:
        index: Its index.
        tool: What it is the output of, once a tool has spoken.
        unread: Set while its latest delta had a role that is not known.
    """

    __slots__ = (
        "_calls",
        "_choice",
        "_item",
        "_logprobs",
        "_mark",
        "_minting",
        "_reasoning",
        "_told",
        "index",
        "tool",
        "unread",
    )

    def __init__(
        self, index: int, choice_index: int | None, minting: Minting, calls: ClientCalls, told: set[str]
    ) -> None:
        self.index, self._choice, self._minting = index, choice_index, minting
        self._calls, self._told = calls, told
        self._item = minting.of("output", index) if index and choice_index is None else None
        self._mark: Data = {"output": index} if index else {}
        self._reasoning: str | None = None
        self._logprobs: list[Any] = []
        self.tool: ToolOutput | None = None
        self.unread = False

    def feed(self, delta: Any, out: Chunks) -> None:
        """Add the chunks of one delta to *out*."""
        role = delta.role
        if role == ROLE_TOOL:
            self._hear_tool(delta, out)
            return
        if role not in _ROLES:
            self.unread = True
            return
        reasoning, encrypted = delta.reasoning_content, delta.encrypted_content
        if reasoning or encrypted:
            out.append(self._reasoned(reasoning, encrypted))
        content = delta.content
        if content:
            out.append(TextStreamChunk(type=_CONTENT, content=content, item_id=self._item, choice_index=self._choice))
        for call in delta.tool_calls:
            self._call(call, out)
        out.extend(inline_citation(citation, self._item, self._choice) for citation in delta.citations)

    def keep_logprobs(self, message: Any) -> None:
        """Keep the log probabilities of one delta."""
        self._logprobs += plain(message).get("content", ())

    def logprobs(self) -> Data | None:
        """Return the log probabilities of all deltas; None when none came."""
        return {"index": self.index, "logprobs": {"content": self._logprobs}} if self._logprobs else None

    def _reasoned(self, text: str, encrypted: str) -> TextStreamChunk:
        """Reasoning; pieces of the encrypted form are joined in the next request, so they are a list."""
        if self._reasoning is None:
            self._reasoning = self._minting.of("reasoning", self.index)
        return TextStreamChunk(
            type=_REASONING,
            reasoning_delta=text,
            item_id=self._reasoning,
            choice_index=self._choice,
            provider_data={PROTOCOL: {"encrypted_content": [encrypted], **self._mark}} if encrypted else None,
        )

    def _call(self, call: Any, out: Chunks) -> None:
        if is_client_call(call):
            self._calls.feed(call, self._choice, out)
            return
        out.append(server_call(call, self._id_of(call), self._mark, self._choice))

    def _id_of(self, call: Any) -> str:
        call_id: str = call.id or self._minting.another("tool")
        self._told.add(call_id)
        return call_id

    def _hear_tool(self, delta: Any, out: Chunks) -> None:
        """The output names its call first; where nobody has told that call, this tells it."""
        call = next(iter(delta.tool_calls), None)
        if call is not None and call.id and call.id not in self._told:
            own = {"output": self.index, "echoed": True}
            out.append(server_call(call, self._id_of(call), own, self._choice))
        if self.tool is None:
            self.tool = ToolOutput(self.index, self._choice, self._minting)
        if self.tool.feed(delta):
            out.extend(self.tool.chunks())
