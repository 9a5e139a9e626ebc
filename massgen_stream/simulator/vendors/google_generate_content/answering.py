"""Default answers with what only Google says: signatures, code that it ran, sources, pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final

from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.narrow import citation, complete_response, content, server_tool_call, tool_result
from ....stream_chunk.text import TextStreamChunk
from ...answers import answer
from ...answers.drawn import coded, pictured
from ...answers.picture import png
from ...answers.topic import topic_of
from ...ask import Ask
from .asking import GoogleAsk

Chunk = TextStreamChunk | MultimodalStreamChunk
PROTOCOL: Final = "google.generate_content"
_CODE: Final = {"language": "PYTHON", "code": "print(6 * 7)"}
_RESULT: Final = {"outcome": "OUTCOME_OK", "output": "42\n"}
_SOURCES: Final = (
    {"web": {"uri": "https://example.com/", "title": "Example Domain"}},
    {"web": {"uri": "https://example.org/", "title": "Another example"}},
)
_GROUNDED: Final = frozenset(("web_search", "maps", "file_search"))


def default_answer(ask: Ask, serial: int) -> Iterator[Chunk]:
    """Yield the answer to *ask*.

    Calls come whole, the first one signed. Where thoughts are asked for, the text ends with a signature in a part of
    its own. What Google's own tools did stands between thoughts and text, what they found behind it.
    """
    said = answer(ask, serial)
    *before, done = said
    thoughts = [chunk for chunk in before if chunk.type is ChunkType.REASONING]
    yield from thoughts
    yield from _work(ask, serial)
    calls: dict[tuple[int, str], list[TextStreamChunk]] = {}
    for chunk in before[len(thoughts) :]:
        if chunk.type is ChunkType.TOOL_CALL_DELTA:
            calls.setdefault((chunk.choice_index or 0, chunk.tool_call_id or ""), []).append(chunk)
        else:
            yield chunk
    yield from _calls(calls, serial, ask)
    if ask.reasoning and not calls:
        yield content("", provider_data=_data(parts=[{"start": 0, "end": 0, "text": "", **_signed(serial)}]))
    yield from _found(ask)
    yield done


def _calls(calls: dict[tuple[int, str], list[TextStreamChunk]], serial: int, ask: Ask) -> Iterator[Chunk]:
    signed: set[int] = set()
    for (index, call_id), deltas in calls.items():
        if isinstance(ask, GoogleAsk) and ask.streams_arguments:
            yield from deltas
        arguments = "".join(delta.arguments_delta or "" for delta in deltas)
        call: dict[str, Any] = {"id": call_id, "name": deltas[0].tool_name or "", "arguments": arguments}
        call["kind"] = "function"
        if index not in signed:
            signed.add(index)
            call["provider_data"] = _data(**_signed(serial))
        yield TextStreamChunk(type=ChunkType.TOOL_CALLS, tool_calls=[call], choice_index=index or None)


def _work(ask: Ask, serial: int) -> Iterator[Chunk]:
    if "code_execution" in ask.server_tools:
        code_id = f"code_sim_{serial}"
        part = {"executableCode": {"id": code_id, **_CODE}, **_signed(serial)}
        yield server_tool_call(code_id, "code_execution", status="in_progress", provider_data=_data(part=part))
        part = {"codeExecutionResult": {"id": code_id, **_RESULT}}
        yield tool_result(code_id, tool_name="code_execution", content="42\n", provider_data=_data(part=part))
    if "web_search" in ask.server_tools and isinstance(ask, GoogleAsk) and ask.shows_tools:
        yield from _search(ask, serial)
    if "image_generation" in ask.server_tools:
        yield from _drawn(ask, serial)


def _drawn(ask: Ask, serial: int) -> Iterator[Chunk]:
    """A picture; before it, where thoughts are shown, the draft of it that was made meanwhile."""
    asked = ask if isinstance(ask, GoogleAsk) else GoogleAsk(ask.model)
    size, form = asked.picture, asked.picture_form
    if ask.reasoning:
        draft = coded(png(*size, sharpness=8), form)
        yield pictured(f"draft_sim_{serial}", draft, size, form, provider_data=_data(thought=True))
    picture = coded(png(*size), form)
    yield pictured(f"image_sim_{serial}", picture, size, form, provider_data=_data(**_signed(serial)))


def _search(ask: Ask, serial: int) -> Iterator[Chunk]:
    run = {"id": f"search_sim_{serial}", "toolType": "GOOGLE_SEARCH_WEB"}
    queries = {"queries": [topic_of(ask.prompt) or "example"]}
    part = {"toolCall": {**run, "args": queries}, **_signed(serial)}
    yield server_tool_call(run["id"], run["toolType"], status="in_progress", provider_data=_data(part=part))
    part = {"toolResponse": {**run, "response": {"search_suggestions": "<div>simulated</div>"}}}
    yield tool_result(run["id"], tool_name=run["toolType"], content="", provider_data=_data(part=part))


def _found(ask: Ask) -> Iterator[Chunk]:
    if not _GROUNDED & {*ask.server_tools}:
        return
    for index, source in enumerate(_SOURCES):
        web = source["web"]
        raw = {"index": index, "groundingChunk": source}
        yield citation({"url": web["uri"], "title": web["title"], "raw": raw})
    grounding = {"webSearchQueries": [topic_of(ask.prompt) or "example"]}
    yield complete_response({"candidates": [{"index": 0, "groundingMetadata": grounding}]})


def _data(**own: Any) -> dict[str, Any]:
    return {PROTOCOL: own}


def _signed(serial: int) -> dict[str, str]:
    return {"thoughtSignature": b64encode(f"simulated signature {serial}".encode()).decode()}
