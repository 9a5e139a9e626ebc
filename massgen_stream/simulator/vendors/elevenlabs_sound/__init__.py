"""ElevenLabs' speech, dialogues, sound effects and music (https://elevenlabs.io/docs/api-reference)."""

from .api import SoundAPI

VENDOR = SoundAPI
