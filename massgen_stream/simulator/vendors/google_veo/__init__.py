"""Veo, through Google Cloud (https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation)."""

from .api import VeoAPI

VENDOR = VeoAPI
