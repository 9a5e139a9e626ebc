"""Ollama on this machine, https://docs.ollama.com/api/openai-compatibility."""

from __future__ import annotations

from .spec import Model, ProviderSpec

SPEC = ProviderSpec(
    name="ollama",
    title="Ollama",
    protocol="openai.chat",
    base_url="http://127.0.0.1:11434/v1",
    key_required=False,
    default_model="gpt-oss:20b",
    models=(Model("gpt-oss:20b", 131_072, released="2025-08-05"),),
    input_media={"image": None},
    reads_urls=False,  # https://docs.ollama.com/api/openai-compatibility: images as base64 only
    reasoning_field="reasoning",
    notes="runs models on this machine; needs no key; pull the model first",
    documentation="https://docs.ollama.com",
)
