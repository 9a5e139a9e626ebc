"""Cerebras: open models on wafer-scale hardware, https://inference-docs.cerebras.ai."""

from __future__ import annotations

from typing import Final

from .request_body import without_message_fields
from .spec import Model, ProviderSpec, RequestBody

_UNSUPPORTED: Final = "Cerebras refuses it (https://inference-docs.cerebras.ai/resources/openai)"
_GONE: Final = "shut down; see https://inference-docs.cerebras.ai/support/deprecation"


def _quirk(body: RequestBody) -> RequestBody:
    """Qwen models get `reasoning_format="parsed"`, without which they answer with their reasoning in the text.

    Reasoning that another host sent as `reasoning_content` is left out of the messages.
    """
    # https://inference-docs.cerebras.ai/capabilities/reasoning: the default of Qwen is raw, of the others parsed
    body = without_message_fields(body, "reasoning_content")
    return {"reasoning_format": "parsed", **body} if str(body["model"]).startswith("qwen") else body


SPEC = ProviderSpec(
    name="cerebras",
    title="Cerebras",
    protocol="openai.chat",
    base_url="https://api.cerebras.ai/v1",
    api_key_env=("CEREBRAS_API_KEY",),
    default_model="gpt-oss-120b",
    models=(
        # https://inference-docs.cerebras.ai/models/overview; windows are those of paid accounts
        Model("qwen-3.8-27b", 131_072),
        Model("gpt-oss-120b", 131_072, released="2025-08-05"),
    ),
    # https://inference-docs.cerebras.ai/capabilities/image-inputs: gemma-4-31b alone sees, and only what is inside
    input_media={"image": None},
    reads_urls=False,
    refused_media={"gpt-oss-*": ("image",)},
    retired={
        "llama*": _GONE,
        "qwen-3-*": _GONE,
        "zai-glm-4*": _GONE,
    },
    dropped_options={
        "frequency_penalty": _UNSUPPORTED,
        "presence_penalty": _UNSUPPORTED,
        "logit_bias": _UNSUPPORTED,
        "parallel_tool_calls": _UNSUPPORTED,
        "service_tier": _UNSUPPORTED,
    },
    request_quirk=_quirk,
    reasoning_field="reasoning",
    priority=80,
    notes="thousands of tokens per second; free accounts have half the context window",
    documentation="https://inference-docs.cerebras.ai",
)
