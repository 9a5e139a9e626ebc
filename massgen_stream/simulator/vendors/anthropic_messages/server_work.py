"""What the simulator's own web, files and machine say: results of tools that Anthropic would run.

Blocks: https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool, and the like for the others.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.narrow import citation, content, server_tool_call, tool_result
from ...answers.topic import topic_of
from ...ask import Ask

_PROTOCOL: Final = "anthropic.messages"
_URL: Final = "https://example.com/simulated"
_TITLE: Final = "A page of the simulator"
_PAGE: Final = "Nothing is known of it, since this page is simulated."
_PRINTED: Final = "simulated\n"

Data = dict[str, Any]


def work_of(ask: Ask, serial: int) -> Iterator[BaseStreamChunk]:
    """Yield calls and results of the tools that *ask* lets the vendor run, once in each turn of the user."""
    if not ask.user_turn or ask.tool_choice == "none":
        return
    for number, name in enumerate(ask.server_tools):
        if name in _TOOLS:
            yield from _TOOLS[name](f"srvtoolu_sim_{serial}_{number}", topic_of(ask.prompt) or "something")


def _search(call_id: str, topic: str) -> Iterator[BaseStreamChunk]:
    found = {
        "type": "web_search_result",
        "url": _URL,
        "title": _TITLE,
        "encrypted_content": b64encode(_PAGE.encode()).decode(),
        "page_age": None,
    }
    yield from _run(call_id, "web_search", {"query": topic}, "web_search_tool_result", [found])
    yield from _cited(call_id)


def _fetch(call_id: str, _: str) -> Iterator[BaseStreamChunk]:
    source = {"type": "text", "media_type": "text/plain", "data": _PAGE}
    document = {"type": "document", "source": source, "title": _TITLE, "citations": None}
    result = {"type": "web_fetch_result", "url": _URL, "content": document, "retrieved_at": None}
    yield from _run(call_id, "web_fetch", {"url": _URL}, "web_fetch_tool_result", result)


def _code(call_id: str, topic: str) -> Iterator[BaseStreamChunk]:
    result: Data = {"type": "bash_code_execution_result", "stdout": _PRINTED, "stderr": "", "return_code": 0}
    command = {"command": f"echo {json.dumps(topic)}"}
    kind = "bash_code_execution"
    yield from _run(call_id, kind, command, f"{kind}_tool_result", {**result, "content": []})


def _run(call_id: str, name: str, arguments: Data, kind: str, result: Any) -> Iterator[BaseStreamChunk]:
    block = {"type": "server_tool_use", "id": call_id, "name": name, "input": {}}
    yield server_tool_call(call_id, name, status="in_progress", provider_data={_PROTOCOL: {"block": block}})
    yield server_tool_call(call_id, name, arguments=json.dumps(arguments), status="in_progress")
    answered = {"type": kind, "tool_use_id": call_id, "content": result}
    text = json.dumps(result)
    yield tool_result(call_id, content=text, tool_name=name, provider_data={_PROTOCOL: {"block": answered}})


def _cited(call_id: str) -> Iterator[BaseStreamChunk]:
    raw = {
        "type": "web_search_result_location",
        "url": _URL,
        "title": _TITLE,
        "cited_text": _PAGE,
        "encrypted_index": b64encode(call_id.encode()).decode(),
    }
    told = {"url": _URL, "title": _TITLE, "cited_text": _PAGE, "raw": raw}
    yield content(f"{_PAGE} ", item_id=call_id)
    yield citation(told, item_id=call_id)


_TOOLS: Final[Mapping[str, Callable[[str, str], Iterator[BaseStreamChunk]]]] = {
    "web_search": _search,
    "web_fetch": _fetch,
    "code_execution": _code,
}
