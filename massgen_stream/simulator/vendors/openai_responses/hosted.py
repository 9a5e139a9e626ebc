"""Tools that OpenAI runs itself, and those that it leaves to the client: what they do, in chunks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.text import TextStreamChunk
from ....wire.openai_responses.tool_items import call_chunk, tool_name
from ...answers.topic import shortened, topic_of
from .drawing import described, drawing
from .response_ask import ResponseAsk

Data = dict[str, Any]
Work = Iterator[BaseStreamChunk]
WEB_PAGE: Final = MappingProxyType({"url": "https://example.com/simulated", "title": "A page that nobody wrote"})
_OUTPUTS: Final = "code_interpreter_call.outputs"
_RESULTS: Final = "file_search_call.results"
_SOURCES: Final = "web_search_call.action.sources"


def hosted_work(ask: ResponseAsk, serial: int) -> Work:
    """Yield what each hosted tool of the request does."""
    for number, tool in enumerate(ask.hosted):
        kind = str(tool.get("type"))
        work = next((work for name, work in _WORK.items() if kind.startswith(name)), None)
        if work is not None:
            yield from work(ask, tool, f"sim_{serial}_{number}")


def awaits_client(ask: ResponseAsk) -> bool:
    """Return whether one of the tools is the client's to run, so that the answer ends with it."""
    return any(_is_local(tool) or str(tool.get("type")).startswith("computer") for tool in ask.hosted)


def told(item: Data, *states: str) -> Work:
    """Yield the announcement of an item, and the states it goes through."""
    call_id = str(item.get("call_id") or item["id"])
    yield call_chunk(call_id, item, ended=False)
    for state in states:
        yield moved(item, status=state)


def moved(item: Data, **fields: Any) -> TextStreamChunk:
    """Return a change of a tool that has been announced."""
    return TextStreamChunk(
        type=ChunkType.SERVER_TOOL_CALL, tool_call_id=str(item["id"]), tool_name=tool_name(item), **fields
    )


def ended(item: Data) -> BaseStreamChunk:
    """Return the end of an item."""
    return call_chunk(str(item.get("call_id") or item["id"]), item, ended=True)


def _search(ask: ResponseAsk, _: Data, name: str) -> Work:
    item: Data = {"id": f"ws_{name}", "type": "web_search_call", "status": "in_progress"}
    query = topic_of(ask.prompt) or "anything"
    action: Data = {"type": "search", "query": query, "queries": [query]}
    if _SOURCES in ask.include:
        action["sources"] = [{"type": "url", "url": WEB_PAGE["url"]}]
    yield from told(item, "in_progress", "searching", "completed")
    yield ended({**item, "status": "completed", "action": action})


def _find(ask: ResponseAsk, _: Data, name: str) -> Work:
    query = topic_of(ask.prompt) or "anything"
    item: Data = {"id": f"fs_{name}", "type": "file_search_call", "status": "in_progress", "queries": [query]}
    page = {"file_id": "file-sim", "filename": "simulated.txt", "score": 0.5, "text": "Nobody wrote this."}
    yield from told(item, "in_progress", "searching", "completed")
    results = [{**page, "attributes": {}}] if _RESULTS in ask.include else None
    yield ended({**item, "status": "completed", "results": results})


def _run(ask: ResponseAsk, _: Data, name: str) -> Work:
    item: Data = {"id": f"ci_{name}", "type": "code_interpreter_call", "status": "in_progress"}
    item |= {"code": "", "container_id": f"cntr_{name}", "outputs": None}
    said = shortened(topic_of(ask.prompt) or "anything")
    lines = [f"topic = {said!r}\n", "print(len(topic))\n"]
    yield from told(item, "in_progress")
    for line in lines:
        yield moved(item, arguments=_code(line), status="incomplete")
    yield moved(item, arguments=_code("".join(lines)))
    yield moved(item, status="interpreting")
    yield moved(item, status="completed")
    logs = [{"type": "logs", "logs": f"{len(said)}\n"}] if _OUTPUTS in ask.include else None
    yield ended({**item, "status": "completed", "code": "".join(lines), "outputs": logs})


def _draw(ask: ResponseAsk, tool: Data, name: str) -> Work:
    item: Data = {"id": f"ig_{name}", "type": "image_generation_call", "status": "in_progress", "result": None}
    yield from told(item, "in_progress", "generating")
    yield from drawing(item["id"], tool)
    prompt = f"A lighthouse at dusk, in place of: {shortened(ask.prompt, 120)}"
    told_of = {**described(tool), "revised_prompt": prompt}
    yield ended({"id": item["id"], "type": item["type"], "status": "completed", **told_of})


def _shell(ask: ResponseAsk, tool: Data, name: str) -> Work:
    said = shortened(topic_of(ask.prompt) or "anything")
    item: Data = {"id": f"sh_{name}", "type": "shell_call", "call_id": f"call_{name}", "status": "completed"}
    item |= {"action": {"commands": [f"echo {said}"], "timeout_ms": None, "max_output_length": None}}
    if _is_local(tool):
        yield ended({**item, "environment": {"type": "local"}})
        return
    yield ended({**item, "environment": {"type": "container_reference", "container_id": f"cntr_{name}"}})
    output = [{"stdout": f"{said}\n", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}]
    answer = {"id": f"sho_{name}", "type": "shell_call_output", "call_id": item["call_id"], "output": output}
    yield TextStreamChunk(
        type=ChunkType.TOOL_RESULT,
        tool_call_id=item["call_id"],
        content=f"{said}\n",
        provider_data={"openai.responses": {"item": {**answer, "status": "completed"}}},
    )


def _look(_: ResponseAsk, __: Data, name: str) -> Work:
    item: Data = {"id": f"cu_{name}", "type": "computer_call", "call_id": f"call_{name}", "status": "completed"}
    yield ended({**item, "actions": [{"type": "screenshot"}], "pending_safety_checks": []})


def _is_local(tool: Data) -> bool:
    environment = tool.get("environment")
    hosted = isinstance(environment, dict) and environment.get("type") != "local"
    return tool.get("type") == "local_shell" or (tool.get("type") == "shell" and not hosted)


def _code(text: str) -> str:
    return json.dumps({"code": text})


_WORK: Final[Mapping[str, Callable[[ResponseAsk, Data, str], Work]]] = MappingProxyType(
    {
        "web_search": _search,
        "file_search": _find,
        "code_interpreter": _run,
        "image_generation": _draw,
        "shell": _shell,
        "computer": _look,
    }
)
"""What tools do, by how their type begins."""
