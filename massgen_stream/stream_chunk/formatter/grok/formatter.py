"""The formatter of xAI's gRPC API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ..base import Formatter
from ..loss import Loss
from ..neutral import Message
from ..tool import Tool
from .enums import PROTOCOL
from .message import conversation
from .parsing import parsed_messages
from .tool import format_choice, format_tool


class GrokFormatter(Formatter[list[dict[str, Any]]]):
    """Formats messages and tools for ``grok``; the payload is the list under ``messages``.

    Messages are in the JSON form of ``xai_api.Message`` with the field names of the ``.proto`` file
    (https://github.com/xai-org/xai-proto), as ``google.protobuf.json_format.ParseDict`` takes them.

    ``provider_data["grok"]`` holds keys of the wire object that it is attached to. Some have a meaning:

    - ``encrypted_content`` on reasoning and on results: text, or the pieces that it came in.
    - ``tool_call`` on a call that xAI ran: the call as it came; ``output`` tells calls of different messages apart, and
      ``echoed`` a call that only its result names.
    - ``tool_calls`` on the result of one: the calls that it names; ``image``: the medium that belongs into its text.
    - ``role`` on a message: ``ROLE_DEVELOPER`` or ``ROLE_FUNCTION``.

    An assistant message becomes several where xAI's tools ran between its parts, or where text follows calls. Lost,
    with a report: audio, video, ``is_error``, what other vendors' tools did, and media that an assistant made but for
    images of xAI's own tool. Media of tool answers moves into a user message behind them.
    """

    protocol: ClassVar[str] = PROTOCOL

    def parse_messages(self, payload: Iterable[Mapping[str, Any]]) -> list[Message]:
        """Return the messages of a request in normal form; nothing of them is lost.

        Raises:
            InvalidMessage: The payload is no list of messages of this protocol.
        """
        return parsed_messages(payload)

    def _format(self, messages: list[Message], losses: list[Loss]) -> list[dict[str, Any]]:
        return conversation(messages, losses)

    def _format_tool(self, tool: Tool) -> dict[str, Any]:
        return format_tool(tool)

    def _format_choice(self, choice: str | dict[str, Any]) -> Any:
        return format_choice(choice)
