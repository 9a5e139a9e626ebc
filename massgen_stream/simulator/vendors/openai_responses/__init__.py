"""OpenAI's Responses API."""

from .api import ResponsesAPI

VENDOR = ResponsesAPI
