"""OpenAI's transcriptions (https://platform.openai.com/docs/api-reference/audio/createTranscription)."""

from .api import TranscriptionAPI

VENDOR = TranscriptionAPI
