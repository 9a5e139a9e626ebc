"""Z.AI's GLM models, https://docs.z.ai."""

from __future__ import annotations

from typing import Final

from .request_body import with_thinking_switch
from .spec import Model, NativeTool, ProviderSpec, RequestBody

_EFFORTS: Final = {"minimal": "low", "medium": "high", "xhigh": "max"}


def _quirk(body: RequestBody) -> RequestBody:
    """`reasoning_effort="none"` becomes `thinking={"type": "disabled"}`; `minimal` low, `medium` high, `xhigh` max.

    Tools come with `tool_stream=true`, without which arguments of calls arrive in one piece at their end.
    """
    # https://docs.z.ai/guides/capabilities/thinking-mode and https://docs.z.ai/guides/capabilities/stream-tool
    body = with_thinking_switch(body, effort=_EFFORTS)
    streams_tools = body.get("tools") and not str(body["model"]).startswith("glm-4.5")
    return {"tool_stream": True, **body} if streams_tools else body


SPEC = ProviderSpec(
    name="zai",
    title="Z.AI",
    protocol="openai.chat",
    base_url="https://api.z.ai/api/paas/v4",
    api_key_env=("ZAI_API_KEY",),
    default_model="glm-5.3",
    models=(
        # https://docs.z.ai/api-reference/llm/chat-completion and the page of each model
        Model("glm-5.3", 1_000_000, 128_000, released="2026-08"),
        Model("glm-5.3-flash", 1_000_000, 128_000),
        Model("glm-5.2", 1_000_000, 128_000),
        Model("glm-5.1", 200_000, 128_000),
        Model("glm-5", 200_000, 128_000, released="2026-02-12"),
        Model("glm-4.7", 200_000, 128_000),
        Model("glm-4.7-flash", 200_000, 128_000),
        Model("glm-4.6", 200_000, 128_000),
        Model("glm-4.5v", 65_536),
    ),
    native_tools={
        # https://docs.z.ai/guides/tools/web-search
        "web_search": NativeTool(
            {
                "type": "web_search",
                "web_search": {"enable": True, "search_engine": "search-prime", "search_result": True},
            },
            key="web_search",
        )
    },
    input_media={"image": None, "video": None},
    renamed_options={"max_completion_tokens": "max_tokens"},
    request_quirk=_quirk,
    # https://docs.z.ai/guides/capabilities/thinking-mode: to be returned together with the results of tools
    reasoning_field="reasoning_content",
    priority=130,
    notes="the -flash and v models take images; tool_choice can only be auto; JSON mode knows no schema",
    documentation="https://docs.z.ai",
)
