"""SGLang, a server of your own, https://docs.sglang.io."""

from __future__ import annotations

from .request_body import with_template_switch
from .spec import Model, ProviderSpec, RequestBody


def _quirk(body: RequestBody) -> RequestBody:
    """`reasoning_effort` sets the switches of chat templates: `enable_thinking` and `thinking`; `none` sets no more."""
    # https://docs.sglang.io/docs/advanced_features/separate_reasoning
    return with_template_switch(body)


SPEC = ProviderSpec(
    name="sglang",
    title="SGLang",
    protocol="openai.chat",
    base_url="http://127.0.0.1:30000/v1",
    key_required=False,
    default_model="openai/gpt-oss-20b",
    models=(Model("openai/gpt-oss-20b", 131_072, released="2025-08-05"),),
    input_media={"image": None, "video": None},  # audio is `audio_url` there, which Chat Completions do not have
    request_quirk=_quirk,
    # ChatCompletionMessageGenericParam in its entrypoints/openai/protocol.py
    reasoning_field="reasoning_content",
    notes="your own server; needs no key; the model is the one that it serves",
    documentation="https://docs.sglang.io",
)
