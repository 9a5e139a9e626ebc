"""vLLM, a server of your own, https://docs.vllm.ai/en/stable/serving/openai_compatible_server."""

from __future__ import annotations

from .request_body import with_template_switch
from .spec import Model, ProviderSpec, RequestBody


def _quirk(body: RequestBody) -> RequestBody:
    """`reasoning_effort` sets the switches of chat templates: `enable_thinking` and `thinking`; `none` sets no more."""
    # https://docs.vllm.ai/en/stable/features/reasoning_outputs
    return with_template_switch(body)


SPEC = ProviderSpec(
    name="vllm",
    title="vLLM",
    protocol="openai.chat",
    base_url="http://127.0.0.1:8000/v1",
    key_required=False,
    default_model="openai/gpt-oss-20b",
    models=(Model("openai/gpt-oss-20b", 131_072, released="2025-08-05"),),
    input_media={"image": None, "audio": None, "video": None},
    request_quirk=_quirk,
    # called reasoning_content before 0.12; 0.19 reads nothing else: https://docs.vllm.ai/en/stable/features/reasoning_outputs
    reasoning_field="reasoning",
    notes="your own server; needs no key; the model is the one that it serves",
    documentation="https://docs.vllm.ai",
)
