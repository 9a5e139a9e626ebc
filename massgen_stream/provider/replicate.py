"""Replicate: models of many makers, run as predictions.

It has no chat here, so this is no `SPEC`: `providers` lists who answers messages. Generators know it.
"""

from __future__ import annotations

from typing import Final

from .spec import ProviderSpec

HOST: Final = ProviderSpec(
    name="replicate",
    title="Replicate",
    protocol="replicate.predictions",
    base_url="https://api.replicate.com",
    base_url_env=("REPLICATE_API_BASE_URL",),
    api_key_env=("REPLICATE_API_TOKEN",),
    default_model="stability-ai/stable-diffusion-3.5-large",
    output_media=("image", "video", "audio"),
    notes="Stable Diffusion and models of many makers; each has inputs of its own",
    extra="http",
    documentation="https://replicate.com/docs/reference/http",
)
