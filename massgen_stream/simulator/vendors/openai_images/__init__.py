"""OpenAI's Images API (https://platform.openai.com/docs/api-reference/images)."""

from .api import ImagesAPI

VENDOR = ImagesAPI
