"""OpenAI's Speech API (https://platform.openai.com/docs/api-reference/audio/createSpeech)."""

from .api import SpeechAPI

VENDOR = SpeechAPI
