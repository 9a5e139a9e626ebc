"""The OpenAI Transcription protocol: `decoder`, `encoder`, and `marks` for times, words and speakers."""

from .decoder import TranscriptionDecoder as TranscriptionDecoder
from .encoder import TranscriptionEncoder as TranscriptionEncoder
