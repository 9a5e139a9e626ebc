"""Messages and tools of ``google.generate_content``."""

from .formatter import GenerateContentFormatter as GenerateContentFormatter
from .payload import GenerateContentPayload as GenerateContentPayload

__all__ = ["GenerateContentFormatter", "GenerateContentPayload"]
