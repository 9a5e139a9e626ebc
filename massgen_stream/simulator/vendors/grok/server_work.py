"""What the tools that xAI runs do in a default answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.narrow import citation
from ....stream_chunk.text import TextStreamChunk
from ....wire.grok.images import PROTOCOL, image_output
from ...answers.picture import png
from ...answers.topic import topic_of
from .grok_ask import GrokAsk

URL: Final = "https://example.com/simulated"
_PAGE: Final = "A page of the simulator: nothing is known of it."
_TYPES: Final = {
    "web_search": ("WEB_SEARCH", "web_search"),
    "x_search": ("X_SEARCH", "x_keyword_search"),
    "code_execution": ("CODE_EXECUTION", "code_execution"),
    "file_search": ("COLLECTIONS_SEARCH", "collections_search"),
    "image_generation": ("IMAGE_GENERATION", "imagine_text_to_image"),
}
_PIXELS: Final = 64


def works(ask: GrokAsk) -> list[str]:
    """Return the tools that are used: all that xAI runs, once in each turn of the user."""
    return list(ask.server_tools) if ask.user_turn and ask.tool_choice == "auto" else []


def work_of(ask: GrokAsk, serial: int) -> Iterator[BaseStreamChunk]:
    """Yield calls in the assistant's first output, and what each tool returned in one of its own."""
    calls = [_call(name, ask, f"call_srv_{serial}_{number}") for number, name in enumerate(works(ask))]
    for name, call in zip(works(ask), calls, strict=True):
        yield _chunk(ChunkType.SERVER_TOOL_CALL, name, call, {"tool_call": call}, status="in_progress")
    for index, (name, call) in enumerate(zip(works(ask), calls, strict=True), 1):
        ended = {**call, "status": "TOOL_CALL_STATUS_COMPLETED"}
        own = {"tool_calls": [ended], "output": index}
        yield _chunk(ChunkType.TOOL_RESULT, name, call, own, content=_output(name, ask))
    if "web_search" in ask.server_tools and calls:
        yield citation({"url": URL, "raw": URL})


def _call(name: str, ask: GrokAsk, call_id: str) -> dict[str, Any]:
    kind, function = _TYPES[name]
    arguments = json.dumps({"prompt" if name == "image_generation" else "query": topic_of(ask.prompt) or "anything"})
    return {
        "id": call_id,
        "type": f"TOOL_CALL_TYPE_{kind}_TOOL",
        "function": {"name": function, "arguments": arguments},
    }


def _output(name: str, ask: GrokAsk) -> str:
    """Outputs come where the request includes them; an image is always there."""
    kind, _ = _TYPES[name]
    if name == "image_generation":
        return image_output(png(_PIXELS, _PIXELS), "image/png", "sim01")
    return _PAGE if f"INCLUDE_OPTION_{kind}_CALL_OUTPUT" in ask.include else ""


def _chunk(kind: ChunkType, name: str, call: dict[str, Any], own: dict[str, Any], **fields: Any) -> TextStreamChunk:
    return TextStreamChunk(type=kind, tool_call_id=call["id"], tool_name=name, provider_data={PROTOCOL: own}, **fields)
