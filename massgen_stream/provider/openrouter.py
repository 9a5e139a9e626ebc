"""OpenRouter: many vendors' models behind one key, https://openrouter.ai/docs."""

from __future__ import annotations

from .spec import MIB, Model, ProviderSpec

SPEC = ProviderSpec(
    name="openrouter",
    title="OpenRouter",
    protocol="openai.chat",
    base_url="https://openrouter.ai/api/v1",
    api_key_env=("OPENROUTER_API_KEY",),
    default_model="openrouter/auto",
    models=(
        # the router's own page states the window of the largest model behind it
        Model("openrouter/auto", 2_000_000),
        Model("openai/gpt-6.1-terra", 1_050_000, 128_000),
    ),
    input_media={"image": 20 * MIB, "audio": None, "video": None, "document": None},
    output_media=("image", "audio"),
    priority=20,
    reasoning_field="reasoning",
    notes="openrouter/auto picks a model for each prompt; start.model tells which",
)
