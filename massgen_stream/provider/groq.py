"""Groq: open models on fast hardware, https://console.groq.com/docs/models."""

from __future__ import annotations

from typing import Final

from .request_body import without_message_fields
from .spec import MIB, Model, NativeTool, PixelLimits, ProviderSpec, RequestBody

_GONE: Final = "shut down; see https://console.groq.com/docs/deprecations"


def _quirk(body: RequestBody) -> RequestBody:
    """Qwen models get `reasoning_format="parsed"`, without which they answer with their reasoning in the text.

    Groq takes reasoning back from Qwen models only, as `reasoning`, and refuses other fields of messages.
    """
    # https://console.groq.com/docs/reasoning and the entry on `reasoning` in https://console.groq.com/docs/changelog
    if str(body["model"]).startswith("qwen"):
        return {"reasoning_format": "parsed", **without_message_fields(body, "reasoning_content")}
    return without_message_fields(body, "reasoning", "reasoning_content")


SPEC = ProviderSpec(
    name="groq",
    title="Groq",
    protocol="openai.chat",
    base_url="https://api.groq.com/openai/v1",
    api_key_env=("GROQ_API_KEY",),
    default_model="openai/gpt-oss-120b",
    models=(
        Model("qwen/qwen3.8-27b", 131_072),
        Model("openai/gpt-oss-120b", 131_072, 65_536, released="2025-08-05"),
        Model("openai/gpt-oss-20b", 131_072, 65_536, released="2025-08-05"),
        Model("llama-3.3-70b-versatile", 131_072, 32_768, released="2024-12-06"),
    ),
    retired={"gemma*": _GONE, "deepseek-r1-*": _GONE, "qwen-qwq-*": _GONE, "mixtral-*": _GONE},
    # https://console.groq.com/docs/tool-use/built-in-tools; for the gpt-oss models
    native_tools={
        "web_search": NativeTool({"type": "browser_search"}),
        "code_execution": NativeTool({"type": "code_interpreter"}),
    },
    input_media={"image": 4 * MIB},
    image_pixels=PixelLimits(area=33_177_600),  # https://console.groq.com/docs/vision: 33 megapixels
    media_sources={"image": "https://console.groq.com/docs/vision: 4 MB as base64, 20 MB by address"},
    priority=30,
    request_quirk=_quirk,
    reasoning_field="reasoning",
    notes="answers with up to 500 tokens per second",
    documentation="https://console.groq.com/docs",
)
