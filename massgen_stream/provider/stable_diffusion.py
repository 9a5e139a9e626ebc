"""Stable Diffusion on a server of one's own that speaks the API of AUTOMATIC1111's web UI, as Forge does.

It has no chat, so this is no `SPEC`: `providers` lists who answers messages. Generators know it.
"""

from __future__ import annotations

from typing import Final

from .spec import ProviderSpec

HOST: Final = ProviderSpec(
    name="stable_diffusion",
    title="Stable Diffusion",
    protocol="stable_diffusion",
    base_url_env=("STABLE_DIFFUSION_URL",),
    key_required=False,
    default_model="loaded",
    output_media=("image",),
    notes="a local server started with --api; user and password of --api-auth belong into its address",
    extra="http",
    documentation="https://github.com/AUTOMATIC1111/stable-diffusion-webui/wiki/API",
)
