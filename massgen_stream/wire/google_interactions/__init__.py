"""Google's Interactions streams (``google.interactions``): https://ai.google.dev/gemini-api/docs/interactions."""

from .decoder import InteractionsDecoder as InteractionsDecoder
from .encoder import InteractionsEncoder as InteractionsEncoder
