"""Messages and tools of xAI's gRPC API."""

from .formatter import GrokFormatter as GrokFormatter

__all__ = ["GrokFormatter"]
