"""Google's SDK's own types of requests. They take what they do not know, as such; nothing of ours may be that."""

from functools import cache
from importlib import import_module
from typing import Any

from pydantic import TypeAdapter

from massgen_stream.stream_chunk.formatter.google_interactions import InteractionsPayload

_TYPES = "google.genai._gaos.types.interactions"


@cache
def _adapter(module: str, name: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(import_module(f"{_TYPES}.{module}"), name))


def sdk_payload(payload: InteractionsPayload) -> None:
    """Raise where the SDK does not know a step or content."""
    found = _adapter("interactionsinput", "InteractionsInput").validate_python(payload.input)
    assert "UNKNOWN" not in str(found)
    assert isinstance(payload.system_instruction, str | None)


def sdk_tools(tools: list[dict[str, Any]]) -> None:
    """Raise where the SDK does not know a tool."""
    for tool in tools:
        assert "UNKNOWN" not in str(_adapter("tool", "Tool").validate_python(tool))


def sdk_tool_choice(choice: Any) -> None:
    """Raise where the SDK would not take the choice."""
    _adapter("generationconfig", "GenerationConfig").validate_python({"tool_choice": choice})
