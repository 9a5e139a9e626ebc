"""ElevenLabs' transcription (https://elevenlabs.io/docs/api-reference/speech-to-text/convert)."""

from .api import TranscriptsAPI

VENDOR = TranscriptsAPI
