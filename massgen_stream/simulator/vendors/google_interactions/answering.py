"""Default answers with what only Google says: summaries and signatures, searches with their sources, pictures."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final

from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.narrow import (
    citation,
    content,
    reasoning,
    reasoning_summary,
    server_tool_call,
    tool_result,
)
from ....stream_chunk.text import TextStreamChunk
from ...answers import answer
from ...answers.topic import topic_of
from ...ask import Ask
from .drawing import drawings
from .filming import video_answer
from .interactions_ask import InteractionsAsk
from .sounding import sound_answer

Chunk = TextStreamChunk | MultimodalStreamChunk
PROTOCOL: Final = "google.interactions"
_SOURCES: Final = (
    {"type": "url_citation", "url": "https://example.com/", "title": "Example Domain"},
    {"type": "url_citation", "url": "https://example.org/", "title": "Another example"},
)
_TOOLS: Final = {
    "web_search": "google_search",
    "web_fetch": "url_context",
    "code_execution": "code_execution",
    "maps": "google_maps",
    "file_search": "file_search",
}
_FOUND: Final = frozenset(("web_search", "maps", "file_search"))


def default_answer(ask: Ask, serial: int) -> Iterator[Chunk]:
    """Yield the answer to *ask*.

    Thoughts that are asked for come as one summary with a signature. What Google's own tools did stands between
    thoughts and text, what they found behind it, and a picture at the end.
    """
    if isinstance(ask, InteractionsAsk) and ask.sound:
        yield from sound_answer(ask, serial)
        return
    if isinstance(ask, InteractionsAsk) and ask.video is not None:
        yield from video_answer(ask, serial)
        return
    *before, done = answer(ask, serial)
    thoughts = "".join(chunk.reasoning_delta or "" for chunk in before if chunk.type is ChunkType.REASONING)
    if ask.reasoning:
        yield reasoning_summary(thoughts, summary_index=0)
        yield reasoning("", provider_data={PROTOCOL: {"signature": signature(serial)}})
    for name in ask.server_tools:
        yield from _work(name, ask, serial)
    yield from (chunk for chunk in before if chunk.type is not ChunkType.REASONING)
    yield from _found(ask, before)
    if "image_generation" in ask.server_tools:
        yield from drawings(ask, serial)
    yield done


def signature(serial: int) -> str:
    """Return the signature of the thought that answers request number *serial*."""
    return b64encode(f"simulated signature {serial}".encode()).decode()


def _work(name: str, ask: Ask, serial: int) -> Iterator[Chunk]:
    tool = _TOOLS.get(name)
    if tool is None:
        return
    call_id, arguments, result = f"{tool}_sim_{serial}", _arguments(name, ask), _result(name)
    call = {"type": f"{tool}_call", "id": call_id, **({"arguments": arguments} if arguments else {})}
    text = json.dumps(arguments, ensure_ascii=False, separators=(",", ":")) if arguments else None
    yield server_tool_call(
        call_id, tool, arguments=text, status="in_progress", provider_data={PROTOCOL: {"step": call}}
    )
    step = {"type": f"{tool}_result", "call_id": call_id, **({} if result is None else {"result": result})}
    said = result if isinstance(result, str) else json.dumps(result or "", ensure_ascii=False)
    yield tool_result(call_id, tool_name=tool, content=said, provider_data={PROTOCOL: {"step": step}})


def _arguments(name: str, ask: Ask) -> dict[str, Any] | None:
    topic = topic_of(ask.prompt) or "example"
    if name == "code_execution":
        return {"code": "print(6 * 7)", "language": "python"}
    if name == "web_fetch":
        return {"urls": ["https://example.com/"]}
    return None if name == "file_search" else {"queries": [topic]}


def _result(name: str) -> Any:
    if name == "code_execution":
        return "42\n"
    if name == "web_fetch":
        return [{"url": "https://example.com/", "status": "success"}]
    if name == "maps":
        return [{"places": [{"name": "Example Café", "place_id": "sim", "url": "https://example.com/"}]}]
    return [{"search_suggestions": "<b>simulated</b>"}] if name == "web_search" else None


def _found(ask: Ask, said: list[TextStreamChunk]) -> Iterator[Chunk]:
    """The sources, each for the whole of the text, whose bytes Google counts."""
    text = "".join(chunk.content or "" for chunk in said if chunk.type is ChunkType.CONTENT)
    if not text or not _FOUND & {*ask.server_tools}:
        return
    annotations = [{**source, "start_index": 0, "end_index": len(text.encode())} for source in _SOURCES]
    yield content("", provider_data={PROTOCOL: {"annotations": annotations}})
    for raw in annotations:
        yield citation({"url": raw["url"], "title": raw["title"], "raw": raw})
