"""DeepSeek, https://api-docs.deepseek.com."""

from __future__ import annotations

from typing import Final

from .request_body import with_reasoning_content, with_thinking_switch
from .spec import MIB, Model, ProviderSpec, RequestBody

_GONE: Final = "shut down on 2026-07-24 (https://api-docs.deepseek.com/updates); use deepseek-flash"


def _quirk(body: RequestBody) -> RequestBody:
    """`reasoning_effort="none"` becomes `thinking={"type": "disabled"}`; other efforts are sent as they are.

    Once tools were called, DeepSeek wants reasoning back in every answer; those of other models get an empty one.
    """
    # https://api-docs.deepseek.com/guides/thinking_mode: the host itself maps minimal, medium and xhigh.
    # An empty reasoning is taken: https://github.com/theopenco/llmgateway/pull/2093; in answers without calls as well:
    # https://github.com/openclaw/openclaw/issues/73417
    body = with_thinking_switch(body, effort={})
    thinks = body["model"] != "deepseek-chat"  # the older name of the mode that does not
    return with_reasoning_content(body, "", everywhere=True) if thinks else body


SPEC = ProviderSpec(
    name="deepseek",
    title="DeepSeek",
    protocol="openai.chat",
    base_url="https://api.deepseek.com",
    api_key_env=("DEEPSEEK_API_KEY",),
    default_model="deepseek-flash",
    models=(
        # https://api-docs.deepseek.com/quick_start/pricing
        Model("deepseek-flash", 1_000_000),
        Model("deepseek-v4-pro", 1_000_000, 384_000, released="2026-04-24"),
        Model("deepseek-v4-flash", 1_000_000, released="2026-04-24"),
    ),
    # https://api-docs.deepseek.com/guides/vision: deepseek-flash sees; what others refuse, public threads quote as
    # "unknown variant `image_url`, expected `text`": https://github.com/rikkahub/rikkahub/issues/1433
    input_media={"image": None},
    request_media_bytes=48 * MIB * 3 // 4,
    refused_media={"deepseek-v4-pro*": ("image",)},
    retired={"deepseek-chat": _GONE, "deepseek-reasoner": _GONE},
    request_quirk=_quirk,
    # https://api-docs.deepseek.com/guides/thinking_mode: after tool calls it must come back, else it is ignored
    reasoning_field="reasoning_content",
    priority=90,
    notes="reasons unless reasoning_effort is none; temperature has no effect while it does",
    documentation="https://api-docs.deepseek.com",
)
