"""The interface of all formatters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from .loss import Loss
from .neutral import Message
from .normalise import normalise_messages
from .tool import Tool, neutral_mcp_tools, normalise_choice, normalise_tools

Payload = TypeVar("Payload")


class Formatter(ABC, Generic[Payload]):
    """Turns neutral messages and tools into those of one wire protocol, and back.

    Laws: parsing what was formatted gives the normal form of the messages, as far as the protocol holds their content;
    formatting what was parsed, twice, gives the same; no input is changed or shared; `provider_data` of the protocol is
    returned as it was stored. Whatever the protocol does not hold is in the list of losses.

    Attributes:
        protocol: Name of the wire protocol.
        image_types: MIME types of the images that can be sent as bytes; None: any.
    """

    protocol: ClassVar[str]
    image_types: ClassVar[tuple[str, ...] | None] = None

    def format_messages(self, messages: Iterable[Mapping[str, Any]]) -> tuple[Payload, list[Loss]]:
        """Return the payload of a request and what it could not hold.

        Raises:
            InvalidMessage: Something is no message; `where` is its path.
            UnresolvedMedia: A media part must be read, fetched or uploaded first.
        """
        losses: list[Loss] = []
        return self._format(normalise_messages(messages), losses), losses

    def format_tools(self, tools: Iterable[Any]) -> list[dict[str, Any]]:
        """Return the tools of a request.

        Raises:
            InvalidMessage: Something is no tool.
        """
        return [self._format_tool(tool) for tool in normalise_tools(tools)]

    def format_mcp_tools(self, tools: Iterable[Any]) -> list[dict[str, Any]]:
        """Return the tools of a request from tools as a Model Context Protocol server lists them.

        Args:
            tools: Objects or dictionaries with name, description and ``inputSchema`` or ``input_schema``.

        Raises:
            InvalidMessage: Something is no tool.
        """
        return [self._format_tool(tool) for tool in neutral_mcp_tools(tools)]

    def format_tool_choice(self, choice: Any) -> Any:
        """Return the choice among tools: ``"auto"``, ``"none"``, ``"required"`` or ``{"name": …}``.

        Raises:
            InvalidMessage: It is none of these.
        """
        return self._format_choice(normalise_choice(choice))

    def takes_url(self, part: Mapping[str, Any]) -> bool:  # noqa: ARG002 - most receivers read any URL
        """Return whether a media part with a `url` can go as it is; False where its bytes must be fetched first.

        Args:
            part: In normal form. A kind of media that the protocol drops needs no bytes.
        """
        return True

    @abstractmethod
    def parse_messages(self, payload: Payload) -> list[Message]:
        """Return the messages of a payload in normal form.

        Raises:
            InvalidMessage: The payload is not in the protocol's form.
        """

    @abstractmethod
    def _format(self, messages: list[Message], losses: list[Loss]) -> Payload:
        """Format messages in normal form, and append what is lost."""

    @abstractmethod
    def _format_tool(self, tool: Tool) -> dict[str, Any]:
        """Format one tool in neutral form."""

    @abstractmethod
    def _format_choice(self, choice: str | dict[str, Any]) -> Any:
        """Format a choice in neutral form."""
