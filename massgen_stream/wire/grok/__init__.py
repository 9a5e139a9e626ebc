"""xAI's gRPC messages to chunks and back; no protobuf is imported, messages are read through their attributes."""

from .decoder import GrokDecoder as GrokDecoder
from .encoder import GrokEncoder as GrokEncoder

__all__ = ["GrokDecoder", "GrokEncoder"]
