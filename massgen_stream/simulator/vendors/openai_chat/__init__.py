"""OpenAI's Chat Completions API (https://platform.openai.com/docs/api-reference/chat), as its many hosts serve it."""

from .api import ChatAPI

VENDOR = ChatAPI
