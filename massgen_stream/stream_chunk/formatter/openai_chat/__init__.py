"""Messages and tools of ``openai.chat``."""

from .formatter import OpenAIChatFormatter as OpenAIChatFormatter

__all__ = ["OpenAIChatFormatter"]
