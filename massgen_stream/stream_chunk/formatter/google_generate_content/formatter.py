"""The formatter of Gemini's ``generateContent``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ....errors import InvalidMessage
from ..base import Formatter
from ..loss import Loss
from ..neutral import Message
from ..normalise import read_messages
from ..tool import Tool
from .media import is_read_by_google
from .message import conversation
from .options import GenerateContentOptions
from .parsing import Reading
from .payload import PROTOCOL, GenerateContentPayload
from .tool import declaration, grouped, is_googles, tool_config


class GenerateContentFormatter(Formatter[GenerateContentPayload]):
    """Formats messages and tools for ``google.generate_content``.

    ``provider_data["google.generate_content"]`` holds

    - on text and reasoning ``parts``: ``[{"start", "end", …}]`` in code points. What stood there was a part of its own,
      with these fields (a ``thoughtSignature``, for one), and becomes one again; an empty one may stand for a part
      without text. A text that has changed loses them;
    - on a call the other fields of its part, and ``id``: null where Google sent none, so that none goes back;
    - on what Google ran itself ``part``: the part, which goes back as it came;
    - on media, and on answers of tools, further fields of the wire object.

    Lost, with a report: names of people and files, refusals as such, tools that another vendor ran, ``is_error`` beside
    a JSON object, and the place of system messages that do not come first. An answer that is a JSON object is sent as
    it is, any other as ``{"result": text}`` or ``{"error": text}``.

    Args:
        media_in_responses: Whether answers of tools can hold images and documents; else these move behind them.
        signed_calls: Whether the model refuses calls without a signature; then calls of other models get a stand-in.
    """

    protocol: ClassVar[str] = PROTOCOL

    def __init__(self, *, media_in_responses: bool = True, signed_calls: bool = False) -> None:
        self.options = GenerateContentOptions(media_in_responses=media_in_responses, signed_calls=signed_calls)

    def format_tools(self, tools: Iterable[Any]) -> list[dict[str, Any]]:
        """Return the tools of a request: one object with all functions, then Google's own (``{"googleSearch": {}}``).

        Raises:
            InvalidMessage: Something is no tool, or the own tool of another vendor.
        """
        if isinstance(tools, str | bytes | Mapping) or not isinstance(tools, Iterable):
            raise InvalidMessage("tools", f"must be a list of tools, not {type(tools).__name__}")
        given = list(tools)
        functions = super().format_tools([tool for tool in given if not is_googles(tool)])
        return grouped([*functions, *(tool for tool in given if is_googles(tool))])

    def format_mcp_tools(self, tools: Iterable[Any]) -> list[dict[str, Any]]:
        """Return the tools of a request from tools as a Model Context Protocol server lists them.

        Raises:
            InvalidMessage: Something is no tool.
        """
        return grouped(super().format_mcp_tools(tools))

    def takes_url(self, part: Mapping[str, Any]) -> bool:
        """Return whether a media part with a `url` can go as it is: Google reads https and gs addresses."""
        return is_read_by_google(part["url"])

    def parse_messages(self, payload: GenerateContentPayload) -> list[Message]:
        """Return the messages of a request in normal form; nothing of them is lost.

        Raises:
            InvalidMessage: The payload is not in the protocol's form.
        """
        return read_messages(list(Reading(payload).messages()), PROTOCOL)

    def _format(self, messages: list[Message], losses: list[Loss]) -> GenerateContentPayload:
        return conversation(messages, self.options, losses)

    def _format_tool(self, tool: Tool) -> dict[str, Any]:
        return declaration(tool)

    def _format_choice(self, choice: str | dict[str, Any]) -> Any:
        return tool_config(choice)
