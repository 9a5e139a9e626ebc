"""What a model may call: the interface of all tools, and what they answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import msgspec

from ..stream_chunk.base import BaseStreamChunk

Part = dict[str, Any]


class ToolOutput(msgspec.Struct, frozen=True):
    """What a tool answers its model.

    Attributes:
        content: Text; or parts, as a message has them: text and media.
        is_error: Whether the tool failed; then the text says how.
    """

    content: str | list[Part]
    is_error: bool = False

    @property
    def text(self) -> str:
        """The text of it, without media."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(str(part.get("text", "")) for part in self.content if part.get("type") == "text")

    @property
    def media(self) -> list[Part]:
        """The media parts of it."""
        return [] if isinstance(self.content, str) else [part for part in self.content if part.get("type") != "text"]


class Tool(ABC):
    """Something that a model may call and that is run here.

    A function becomes one by `FunctionTool`; a server of tools, a hook around another tool, an agent that works for
    this one are further classes: they say what they take and yield what they do.

    Attributes:
        name: What the model calls.
        description: What it is for, in words for the model.
        parameters: JSON Schema of its arguments.
        guidance: How to use it, where the description has no room for that; stands before the conversation.
    """

    name: str
    description: str = ""
    parameters: Mapping[str, Any]
    guidance: str | None = None

    @abstractmethod
    def run(self, arguments: dict[str, Any]) -> AsyncGenerator[BaseStreamChunk | ToolOutput, None]:
        """Yield what one call does: chunks, which join the stream of the run, and a `ToolOutput`, which is the answer.

        Without a `ToolOutput` the answer is made of the chunks: their text, and where finished media are. A `done` ends
        the tool's part of the stream. What is raised becomes the answer; a `MassGenStreamError` is told as it is. When
        nobody waits any more, the generator gets a `CancelledError` where it stands, be it at a ``yield``, and may
        still yield its last; then it is closed.

        Args:
            arguments: As the model gave them: an object, not checked further.
        """

    def definition(self) -> dict[str, Any]:
        """Return the tool as backends take it."""
        return {"name": self.name, "description": self.description, "parameters": dict(self.parameters)}
