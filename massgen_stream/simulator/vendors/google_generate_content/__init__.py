"""Google's generateContent API (https://ai.google.dev/api/generate-content), by key and through Google Cloud."""

from .api import GenerateContentAPI

VENDOR = GenerateContentAPI
