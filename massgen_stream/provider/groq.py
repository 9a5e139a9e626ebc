"""Groq: open models on fast hardware, https://console.groq.com/docs/models."""

from __future__ import annotations

from .spec import MIB, Model, ProviderSpec

SPEC = ProviderSpec(
    name="groq",
    title="Groq",
    protocol="openai.chat",
    base_url="https://api.groq.com/openai/v1",
    api_key_env=("GROQ_API_KEY",),
    default_model="openai/gpt-oss-120b",
    models=(
        Model("openai/gpt-oss-120b", 131_072, 65_536),
        Model("openai/gpt-oss-20b", 131_072, 65_536),
    ),
    input_media={"image": 4 * MIB},  # as base64; by address 20 MB: https://console.groq.com/docs/vision
    priority=30,
    notes="answers with up to 500 tokens per second",
)
