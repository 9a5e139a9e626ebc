"""Messages: the neutral form, and formatters that turn it into the form of a wire protocol and back."""

from .base import Formatter as Formatter
from .loss import Loss as Loss
from .message_formatter import MessageFormatter as MessageFormatter
from .normalise import normalise_messages as normalise_messages
from .openai_chat import OpenAIChatFormatter as OpenAIChatFormatter
from .tool import normalise_tools as normalise_tools
from .views import message_text as message_text
from .views import message_tool_calls as message_tool_calls

__all__ = [
    "Formatter",
    "Loss",
    "MessageFormatter",
    "OpenAIChatFormatter",
    "message_text",
    "message_tool_calls",
    "normalise_messages",
    "normalise_tools",
]
