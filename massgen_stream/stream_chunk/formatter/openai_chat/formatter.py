"""The formatter of OpenAI's Chat Completions and of the servers that speak it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ..base import Formatter
from ..loss import Loss
from ..neutral import Message
from ..normalise import read_messages
from ..provider_data import OPENAI_CHAT
from ..tool import Tool
from .message import conversation
from .options import ChatOptions
from .tool import format_choice, format_tool


class OpenAIChatFormatter(Formatter[list[dict[str, Any]]]):
    """Formats messages and tools for ``openai.chat``; the payload is the list under ``messages``.

    ``provider_data["openai.chat"]`` holds keys of the wire object that it is attached to, and they are sent as they
    are. On parts that are fields of the message on the wire they are keys of the message. Some have a meaning:

    - ``reasoning_details`` on reasoning: OpenRouter's items as they came; streamed fragments are put together.
    - ``field`` on reasoning or an image: the field of the message that it came in, and goes back in (``content``: as a
      part of the content). ``thinking_signature`` on reasoning: it goes back as a signed ``thinking`` part.
    - ``extra_content`` on text: it goes back beside the text, on the message.
    - ``content_parts`` on text: parts of the content that the neutral form cannot hold.

    Lost, with a report: video, reasoning without a place, tools that the vendor ran, ``is_error``, media that an
    assistant made, and the order of parts where text follows calls or reasoning follows text. Media of tool answers
    moves into a user message behind them. A one-element list of text and a string are the same, and so are content
    that is null, missing or, beside calls, empty.

    Args:
        reasoning_field: ``reasoning_content`` or ``reasoning``: where plain reasoning goes back; None drops it.
        video_url: Whether the server takes ``video_url`` parts.
        raw_arguments: Whether arguments that are not JSON are sent as the model wrote them, not wrapped.

    Raises:
        ConfigurationError: `reasoning_field` is none of these.
    """

    protocol: ClassVar[str] = OPENAI_CHAT

    def __init__(
        self, *, reasoning_field: str | None = None, video_url: bool = False, raw_arguments: bool = False
    ) -> None:
        self.options = ChatOptions(reasoning_field=reasoning_field, video_url=video_url, raw_arguments=raw_arguments)

    def takes_url(self, part: Mapping[str, Any]) -> bool:
        """Return whether a media part with a `url` can go as it is: images and video can."""
        return part["type"] in ("image", "video")

    def parse_messages(self, payload: Iterable[Mapping[str, Any]]) -> list[Message]:
        """Return the messages of a request in normal form; nothing of them is lost.

        Raises:
            InvalidMessage: The payload is no list of messages of this protocol.
        """
        return read_messages(payload, OPENAI_CHAT)

    def _format(self, messages: list[Message], losses: list[Loss]) -> list[dict[str, Any]]:
        return conversation(messages, self.options, losses)

    def _format_tool(self, tool: Tool) -> dict[str, Any]:
        return format_tool(tool)

    def _format_choice(self, choice: str | dict[str, Any]) -> Any:
        return format_choice(choice)
