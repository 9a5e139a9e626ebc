"""Messages and tools of ``openai.responses``."""

from .formatter import ResponsesFormatter as ResponsesFormatter

__all__ = ["ResponsesFormatter"]
