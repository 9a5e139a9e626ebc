"""OpenRouter: many vendors' models behind one key, https://openrouter.ai/docs."""

from __future__ import annotations

from .spec import MIB, Model, NativeTool, ProviderSpec

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
        Model("anthropic/claude-opus-5.5", 1_000_000),
        Model("anthropic/claude-sonnet-5.5", 1_000_000),
        Model("google/gemini-3.8-flash", 1_048_576),
        Model("x-ai/grok-4.7", 500_000),
        Model("z-ai/glm-5.3", 1_048_576, released="2026-08-18"),
    ),
    # https://openrouter.ai/docs/guides/features/server-tools
    native_tools={
        "web_search": NativeTool({"type": "openrouter:web_search"}, key="parameters"),
        "web_fetch": NativeTool({"type": "openrouter:web_fetch"}, key="parameters"),
        "image_generation": NativeTool({"type": "openrouter:image_generation"}, key="parameters"),
    },
    input_media={"image": 20 * MIB, "audio": None, "video": None, "document": None},
    media_sources={"image": "the origin's figure for OpenAI; each model behind it has limits of its own"},
    output_media=("image", "audio"),
    priority=20,
    reasoning_field="reasoning",
    notes="openrouter/auto picks a model for each prompt; start.model tells which; usage holds the cost",
    documentation="https://openrouter.ai/docs",
)
