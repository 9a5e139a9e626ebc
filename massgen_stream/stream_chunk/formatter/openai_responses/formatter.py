"""The formatter of OpenAI's Responses API and of the servers that speak it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ..base import Formatter
from ..loss import Loss
from ..neutral import Message
from ..provider_data import OPENAI_RESPONSES
from ..tool import Tool
from .parsing import parse_input
from .tool import format_choice, format_tool, hosted_choice
from .writing import written_input


class ResponsesFormatter(Formatter[list[dict[str, Any]]]):
    """Formats messages and tools for ``openai.responses``; the payload is the list of items under ``input``.

    An assistant message becomes one item for each step of reasoning, message, call and tool of the vendor, in the order
    of its parts; several system messages stay where they are. ``provider_data["openai.responses"]`` holds keys of the
    wire object that it is attached to, and they are sent as they are. Some have a meaning:

    - ``item`` on reasoning, on a tool that the vendor ran or its result, and on an answer: the item, sent as it came.
      The picture in it is the image part with the same `media_id`.
    - ``item`` on a call or a text: what else its item holds.
    - ``content_parts`` on text: parts of the content that the neutral form cannot hold.
    - ``role`` on a system message: ``developer``.

    A text's `item_id` is sent where OpenAI would have given it. Answers take the form that their call wants: of
    functions, custom tools, shells, patches, computers, and requests for approval, where `is_error` means no.

    Lost, with a report: reasoning of other vendors, audio, video, media that an assistant made otherwise, names of
    people, ``is_error`` on answers of functions. A one-element list of text and a string are the same.

    Args:
        stored: Whether the server keeps responses. One that does not refuses reasoning without encrypted content.
    """

    protocol: ClassVar[str] = OPENAI_RESPONSES

    def __init__(self, *, stored: bool = True) -> None:
        self.stored = stored

    def format_tool_choice(self, choice: Any) -> Any:
        """Return the choice among tools: as `Formatter`, or the name of a hosted tool as the API has it.

        Raises:
            InvalidMessage: It is none of these.
        """
        hosted = hosted_choice(choice)
        return super().format_tool_choice(choice) if hosted is None else hosted

    def parse_messages(self, payload: str | Iterable[Mapping[str, Any]]) -> list[Message]:
        """Return the messages of a request's ``input`` in normal form; nothing of them is lost.

        Raises:
            InvalidMessage: The payload is neither text nor a list of items.
        """
        return parse_input(payload)

    def _format(self, messages: list[Message], losses: list[Loss]) -> list[dict[str, Any]]:
        return written_input(messages, losses, stored=self.stored)

    def _format_tool(self, tool: Tool) -> dict[str, Any]:
        return format_tool(tool)

    def _format_choice(self, choice: str | dict[str, Any]) -> Any:
        return format_choice(choice)
