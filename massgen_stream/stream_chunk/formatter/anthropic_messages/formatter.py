"""The formatter of Claude's Messages API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..base import Formatter
from ..loss import Loss
from ..neutral import Message
from ..tool import Tool
from .conversation import conversation
from .media import IMAGE_TYPES, is_read_by_url
from .parsing import parsed_messages
from .payload import ANTHROPIC, MessagesPayload
from .tool import format_choice, format_tool, own_choice


class MessagesFormatter(Formatter[MessagesPayload]):
    """Formats messages and tools for ``anthropic.messages``.

    ``provider_data["anthropic.messages"]`` holds fields of the block, or of the message, that it is attached to, and
    they are sent as they are: `signature` of reasoning, `citations` of text, `caller` of a call, `cache_control`. A
    part with `block` is that block: redacted thinking, what the vendor ran itself and its results, compaction,
    fallback, and whatever the neutral form has no part for.

    Instructions at the beginning go into ``system``, later ones between the messages, behind a turn of the user.
    Results of tools stand directly behind their calls, in one message; a call without a result gets one that says so.
    Ids and names are sent in Claude's alphabet.

    Lost, with a report: reasoning that Claude did not sign, audio and video, media that an assistant made, what other
    vendors ran, names of messages, blank text, and empty messages.

    Args:
        later_system: Whether the model takes instructions between the messages; else they move to the front.
    """

    protocol: ClassVar[str] = ANTHROPIC
    image_types: ClassVar[tuple[str, ...] | None] = IMAGE_TYPES

    def __init__(self, *, later_system: bool = True) -> None:
        self._later_system = later_system

    def takes_url(self, part: Mapping[str, Any]) -> bool:
        """Return whether a media part with a `url` can go as it is: images and PDF can, other documents not."""
        return is_read_by_url(part)

    def parse_messages(self, payload: MessagesPayload) -> list[Message]:
        """Return the messages of a request in normal form; nothing of them is lost.

        Raises:
            InvalidMessage: The payload is not in the protocol's form.
        """
        return parsed_messages(payload)

    def format_tool_choice(self, choice: Any) -> Any:
        """Return the choice among tools; one in Claude's own form, such as ``{"type": "any"}``, stays as it is.

        Raises:
            InvalidMessage: It is no choice that Claude has.
        """
        own = own_choice(choice)
        return super().format_tool_choice(choice) if own is None else own

    def _format(self, messages: list[Message], losses: list[Loss]) -> MessagesPayload:
        return conversation(messages, losses, later_system=self._later_system)

    def _format_tool(self, tool: Tool) -> dict[str, Any]:
        return format_tool(tool)

    def _format_choice(self, choice: str | dict[str, Any]) -> Any:
        return format_choice(choice)
