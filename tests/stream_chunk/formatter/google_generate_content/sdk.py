"""Google's SDK's own types of requests, which refuse every field that they do not know."""

from typing import Any

from google.genai import types

from massgen_stream.stream_chunk.formatter.google_generate_content import GenerateContentPayload


def sdk_payload(payload: GenerateContentPayload) -> None:
    """Raise where the SDK would not take the contents."""
    for content in payload.contents:
        types.Content.model_validate(content)
    if payload.system_instruction is not None:
        types.Content.model_validate(payload.system_instruction)


def sdk_tools(tools: list[dict[str, Any]]) -> None:
    """Raise where the SDK would not take the tools."""
    for tool in tools:
        types.Tool.model_validate(tool)


def sdk_tool_config(config: Any) -> None:
    """Raise where the SDK would not take the choice."""
    types.ToolConfig.model_validate(config)
