"""Imagen, through Google Cloud (https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api)."""

from .api import ImagenAPI

VENDOR = ImagenAPI
