"""LM Studio on this machine, https://lmstudio.ai/docs/developer/openai-compat."""

from __future__ import annotations

from .spec import Model, ProviderSpec

SPEC = ProviderSpec(
    name="lmstudio",
    title="LM Studio",
    protocol="openai.chat",
    base_url="http://127.0.0.1:1234/v1",
    key_required=False,
    default_model="openai/gpt-oss-20b",
    models=(Model("openai/gpt-oss-20b", 131_072, released="2025-08-05"),),
    input_media={"image": None},
    notes="runs models on this machine; needs no key; start its server first (`lms server start`)",
    documentation="https://lmstudio.ai/docs/developer/openai-compat",
)
