"""Messages and tools of ``google.interactions``."""

from .formatter import InteractionsFormatter as InteractionsFormatter
from .payload import InteractionsPayload as InteractionsPayload

__all__ = ["InteractionsFormatter", "InteractionsPayload"]
