"""Together AI: open models, https://docs.together.ai/docs/serverless/models."""

from __future__ import annotations

from .spec import Model, ProviderSpec, RequestBody


def _quirk(body: RequestBody) -> RequestBody:
    """`reasoning_effort="none"` becomes `reasoning={"enabled": false}`; other efforts are sent as they are."""
    # https://docs.together.ai/docs/inference/chat/reasoning: hybrid models are switched, others take an effort
    if body.get("reasoning_effort") != "none":
        return body
    rest = {name: value for name, value in body.items() if name != "reasoning_effort"}
    return {"reasoning": {"enabled": False}, **rest}


SPEC = ProviderSpec(
    name="together",
    title="Together AI",
    protocol="openai.chat",
    base_url="https://api.together.xyz/v1",
    api_key_env=("TOGETHER_API_KEY",),
    default_model="zai-org/GLM-5.3",
    models=(
        # https://docs.together.ai/docs/glm-5.3-quickstart, and the list of genai-prices 0.2.3
        Model("moonshotai/Kimi-K3.1-Pro", 1_048_576),
        Model("deepseek-ai/DeepSeek-V4.1-Flash", 1_000_000),
        Model("zai-org/GLM-5.3", 1_048_575, released="2026-08"),
        Model("zai-org/GLM-5.3-Flash", 1_048_575, released="2026-08"),
        Model("Qwen/Qwen3.8-Flash", 1_000_000),
        Model("openai/gpt-oss-120b", 131_072, released="2025-08-05"),
    ),
    input_media={"image": None},
    request_quirk=_quirk,
    priority=60,
    notes="open models; some answer with `reasoning`, some with `reasoning_content`, and both are read",
    documentation="https://docs.together.ai",
)
