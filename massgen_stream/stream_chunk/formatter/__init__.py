"""Messages: the neutral form, and formatters that turn it into the form of a wire protocol and back."""

from .anthropic_messages import MessagesFormatter as MessagesFormatter
from .anthropic_messages import MessagesPayload as MessagesPayload
from .base import Formatter as Formatter
from .google_generate_content import GenerateContentFormatter as GenerateContentFormatter
from .google_generate_content import GenerateContentPayload as GenerateContentPayload
from .google_interactions import InteractionsFormatter as InteractionsFormatter
from .grok import GrokFormatter as GrokFormatter
from .loss import Loss as Loss
from .message_formatter import MessageFormatter as MessageFormatter
from .normalise import normalise_messages as normalise_messages
from .openai_chat import OpenAIChatFormatter as OpenAIChatFormatter
from .openai_responses import ResponsesFormatter as ResponsesFormatter
from .tool import normalise_tools as normalise_tools
from .views import message_text as message_text
from .views import message_tool_calls as message_tool_calls

__all__ = [
    "Formatter",
    "GenerateContentFormatter",
    "GenerateContentPayload",
    "GrokFormatter",
    "InteractionsFormatter",
    "Loss",
    "MessageFormatter",
    "MessagesFormatter",
    "MessagesPayload",
    "OpenAIChatFormatter",
    "ResponsesFormatter",
    "message_text",
    "message_tool_calls",
    "normalise_messages",
    "normalise_tools",
]
