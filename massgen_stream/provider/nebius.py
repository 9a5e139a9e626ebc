"""Nebius Token Factory: open models, https://docs.tokenfactory.nebius.com."""

from __future__ import annotations

from .spec import Model, ProviderSpec

SPEC = ProviderSpec(
    name="nebius",
    title="Nebius Token Factory",
    protocol="openai.chat",
    base_url="https://api.tokenfactory.nebius.com/v1",
    api_key_env=("NEBIUS_API_KEY",),
    default_model="deepseek-ai/DeepSeek-V4-Flash-0731",
    models=(
        # https://tokenfactory.nebius.com/model-catalog.md
        Model("deepseek-ai/DeepSeek-V4-Flash-0731", 1_024_000, released="2026-07-31"),
        Model("nvidia/Nemotron-3_5-Lightning", 1_048_576),
        Model("openbmb/MiniCPM-V-4_5", 32_000),
        Model("openai/gpt-oss-120b", 131_072, released="2025-08-05"),
        Model("Qwen/Qwen3-235B-A22B-Instruct-2507", 262_144, released="2025-07"),
    ),
    input_media={"image": None},
    priority=140,
    notes="deprecated models are not rerouted: a request for one fails",
    documentation="https://docs.tokenfactory.nebius.com",
)
