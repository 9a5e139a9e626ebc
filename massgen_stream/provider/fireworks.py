"""Fireworks AI: open models, https://docs.fireworks.ai."""

from __future__ import annotations

from .spec import Model, ProviderSpec

SPEC = ProviderSpec(
    name="fireworks",
    title="Fireworks AI",
    protocol="openai.chat",
    base_url="https://api.fireworks.ai/inference/v1",
    api_key_env=("FIREWORKS_API_KEY",),
    default_model="accounts/fireworks/models/glm-5p3",
    models=(
        # ids of https://app.fireworks.ai/models, as genai-prices 0.2.3 lists them
        Model("accounts/fireworks/models/kimi-k3p1-pro"),
        Model("accounts/fireworks/models/deepseek-v4p1-flash"),
        Model("accounts/fireworks/models/glm-5p3", released="2026-08"),
        Model("accounts/fireworks/models/glm-5p3-flash", released="2026-08"),
        Model("accounts/fireworks/models/qwen3p8-max"),
        Model("accounts/fireworks/models/kimi-k3", 1_040_000),
        Model("accounts/fireworks/models/gpt-oss-120b", 131_072, released="2025-08-05"),
    ),
    input_media={"image": None},
    # https://docs.fireworks.ai/guides/reasoning
    reasoning_field="reasoning_content",
    priority=70,
    notes="model ids begin with accounts/fireworks/models/; reasoning_history says how much reasoning is kept",
    documentation="https://docs.fireworks.ai",
)
