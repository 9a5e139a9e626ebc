"""Qwen on Alibaba Cloud Model Studio, https://www.alibabacloud.com/help/en/model-studio."""

from __future__ import annotations

from .spec import Model, NativeTool, ProviderSpec, RequestBody


def _quirk(body: RequestBody) -> RequestBody:
    """`search_options` come with `enable_search=true`, and stay away while they are empty.

    Models before Qwen 3.8 know no efforts: `reasoning_effort` becomes `enable_thinking`, false for `none`.
    """
    # https://www.alibabacloud.com/help/en/model-studio/deep-thinking
    # and https://www.alibabacloud.com/help/en/model-studio/web-search
    found = {name: value for name, value in body.items() if name != "search_options" or value}
    if "search_options" in body:
        found.setdefault("enable_search", True)
    if "reasoning_effort" in found and not str(body["model"]).startswith("qwen3.8"):
        found.setdefault("enable_thinking", found.pop("reasoning_effort") != "none")
    return found


SPEC = ProviderSpec(
    name="qwen",
    title="Alibaba Cloud Model Studio (Qwen)",
    protocol="openai.chat",
    # https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope lists the regions
    base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    api_key_env=("DASHSCOPE_API_KEY",),
    default_model="qwen3.8-max",
    models=(
        # https://www.alibabacloud.com/help/en/model-studio/models
        Model("qwen3.8-max", 1_000_000, 131_072, released="2026-08-03"),
        Model("qwen3.8-flash", 1_000_000),
        Model("qwen3.7-max", 1_000_000),
        Model("qwen3.6-plus", 1_000_000),
        Model("qwen3-max", 262_144, 65_536),
    ),
    native_tools={"web_search": NativeTool({}, field="search_options", listed=False)},
    input_media={"image": None, "video": None},
    request_quirk=_quirk,
    priority=120,
    notes="keys belong to a region and a workspace; set base_url to yours where it is not the international one",
    documentation="https://www.alibabacloud.com/help/en/model-studio",
)
