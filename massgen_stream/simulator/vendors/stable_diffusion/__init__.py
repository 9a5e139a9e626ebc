"""AUTOMATIC1111's API, ``/sdapi/v1`` (https://github.com/AUTOMATIC1111/stable-diffusion-webui, ``modules/api``)."""

from .api import StableDiffusionAPI

VENDOR = StableDiffusionAPI
