"""Messages and tools of ``anthropic.messages``: https://platform.claude.com/docs/en/api/messages."""

from .formatter import MessagesFormatter as MessagesFormatter
from .payload import MessagesPayload as MessagesPayload

__all__ = ["MessagesFormatter", "MessagesPayload"]
