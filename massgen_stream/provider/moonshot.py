"""Moonshot AI's Kimi models, https://platform.kimi.ai/docs."""

from __future__ import annotations

from typing import Final

from .request_body import with_reasoning_content, with_thinking_switch
from .spec import Model, ProviderSpec, RequestBody

_FIXED: Final = "the models have a fixed value and refuse any other (https://platform.kimi.ai/docs/api/models-overview)"
_EFFORTS: Final = {"none": "low", "minimal": "low", "medium": "high", "xhigh": "max"}
_ENDING: Final = "Moonshot retires the K2 series at the end of 2026; use kimi-k3"
_GONE: Final = "discontinued (https://platform.kimi.ai/docs/models); use kimi-k3"


def _quirk(body: RequestBody) -> RequestBody:
    """K3 takes the efforts low, high and max: `none` and `minimal` become low, `medium` high, `xhigh` max.

    Older models know no efforts: `none` becomes `thinking={"type": "disabled"}`, others are left out. Kimi wants the
    reasoning of answers that called tools back; those of other models get a space instead.
    """
    # https://platform.kimi.ai/docs/guide/use-thinking-effort: K3 always reasons, and ignores words unknown to it
    if not str(body["model"]).startswith("kimi-k3"):
        body = with_thinking_switch(body)
    elif body.get("reasoning_effort") is not None:
        effort = body["reasoning_effort"]
        body = {**body, "reasoning_effort": _EFFORTS.get(effort, effort)}
    # an empty one counts as missing: https://github.com/theopenco/llmgateway/pull/2093
    return with_reasoning_content(body, " ")


SPEC = ProviderSpec(
    name="moonshot",
    title="Moonshot AI (Kimi)",
    protocol="openai.chat",
    base_url="https://api.moonshot.ai/v1",
    api_key_env=("MOONSHOT_API_KEY",),
    default_model="kimi-k3",
    models=(
        # https://platform.kimi.ai/docs/pricing/chat
        Model("kimi-k3.1-pro", 1_048_576),
        Model("kimi-k3", 1_048_576, 1_048_576),
        Model("kimi-k2.7-code", 262_144),
        Model("kimi-k2.6", 262_144),
    ),
    retired={
        "kimi-k2.6": _ENDING,
        "kimi-k2.7*": _ENDING,
        "kimi-k2*": _GONE,
        "kimi-latest": _GONE,
        "kimi-thinking-preview": _GONE,
        "moonshot-v1*": _GONE,
    },
    input_media={"image": None, "video": None},
    reads_urls=False,  # https://platform.kimi.ai/docs/guide/use-kimi-vision-model: base64, or the id of an upload
    renamed_options={"max_tokens": "max_completion_tokens"},
    dropped_options=dict.fromkeys(("temperature", "top_p", "n", "presence_penalty", "frequency_penalty"), _FIXED),
    request_quirk=_quirk,
    # https://platform.kimi.ai/docs/guide/use-thinking-models: it must come back
    reasoning_field="reasoning_content",
    priority=110,
    notes="K3 takes images as base64, not by address",
    documentation="https://platform.kimi.ai/docs",
)
