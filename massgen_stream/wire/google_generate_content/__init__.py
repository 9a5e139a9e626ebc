"""Gemini's ``streamGenerateContent`` with ``alt=sse`` (``google.generate_content``), Developer API and Enterprise."""

from .decoder import GenerateContentDecoder as GenerateContentDecoder
from .encoder import GenerateContentEncoder as GenerateContentEncoder
