"""xAI's gRPC API."""

from .api import GrokAPI

VENDOR = GrokAPI
