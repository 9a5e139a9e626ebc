"""Claude's Messages streams (``anthropic.messages``): https://platform.claude.com/docs/en/build-with-claude/streaming."""

from .decoder import MessagesDecoder as MessagesDecoder
from .encoder import MessagesEncoder as MessagesEncoder
