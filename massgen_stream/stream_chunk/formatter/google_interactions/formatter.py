"""The formatter of Google's Interactions API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..base import Formatter
from ..google_generate_content.media import is_read_by_google
from ..loss import Loss
from ..neutral import Message
from ..normalise import read_messages
from ..tool import Tool
from .parsing import neutral_messages
from .payload import PROTOCOL, InteractionsPayload
from .steps import conversation
from .tool import declared, tool_choice


class InteractionsFormatter(Formatter[InteractionsPayload]):
    """Formats messages and tools for ``google.interactions``.

    ``provider_data["google.interactions"]`` holds

    - on text ``annotations``, and other fields of the content; on an empty text ``step`` or ``content``: a step or
      content that the neutral form cannot hold, which goes back as it came;
    - on reasoning the ``signature`` of the thought, and other fields of its step; ``summary``, where that is more than
      plain texts;
    - on a call its ``signature``, and other fields of its step;
    - on what Google ran itself ``step``: the step, which goes back as it came;
    - on media further fields of the content; ``thought`` marks what the model drew for itself;
    - on an answer of a tool further fields of its step; ``result`` is ``"object"`` where it was no text.

    Lost, with a report: thoughts that Gemini has not signed, names of people and files, refusals as such, tools that
    another vendor ran, the place of system messages that do not come first, and that they were several. Text and media
    of the model that follow each other become one step.
    """

    protocol: ClassVar[str] = PROTOCOL

    def takes_url(self, part: Mapping[str, Any]) -> bool:
        """Return whether a media part with a `url` can go as it is: Google reads https and gs addresses."""
        return is_read_by_google(part["url"])

    def parse_messages(self, payload: InteractionsPayload) -> list[Message]:
        """Return the messages of a request in normal form.

        Raises:
            InvalidMessage: The payload is not in the protocol's form.
        """
        return read_messages(list(neutral_messages(payload)), PROTOCOL)

    def _format(self, messages: list[Message], losses: list[Loss]) -> InteractionsPayload:
        return conversation(messages, losses)

    def _format_tool(self, tool: Tool) -> dict[str, Any]:
        return declared(tool)

    def _format_choice(self, choice: str | dict[str, Any]) -> Any:
        return tool_choice(choice)
