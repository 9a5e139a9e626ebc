"""OpenAI's Videos API, as it was until 2026-09-24, and OpenRouter's: jobs under ``/v1/videos``."""

from .api import VideosAPI

VENDOR = VideosAPI
