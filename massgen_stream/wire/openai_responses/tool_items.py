"""Items of tools that the vendor runs, and items that the client must answer: what they say, in chunks.

Every item goes into the chunk as the vendor sent it, since it must go back in the next request; pictures are left out
of it, they are media of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ...stream_chunk.vocabulary import STATUSES
from .events import PROTOCOL
from .metadata import word_at

Data = dict[str, Any]
IMAGE: Final = "image_generation_call"
_WORDS: Final = frozenset(STATUSES["server_tool_call"])
_ANSWERED: Final = frozenset(("computer_call", "local_shell_call", "apply_patch_call", "mcp_approval_request"))
_ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "web_search_call": ("action",),
    "file_search_call": ("queries",),
    "code_interpreter_call": ("code",),
    "computer_call": ("action", "actions"),
    "local_shell_call": ("action",),
    "shell_call": ("action",),
    "apply_patch_call": ("operation",),
    "tool_search_call": ("arguments",),
    "program": ("code",),
}
"""Where an item holds what the tool is called with."""
_WHOLE: Final = frozenset(("action", "operation", "arguments"))
"""Names that say nothing more than that."""

_OUTPUTS: Final = ("output", "result", "outputs", "results", "tools", "approve")
_TEXTS: Final = ("text", "logs", "stdout", "stderr")
_PICTURES: Final = ("image_url", "url")


def is_result(item_type: str) -> bool:
    """Return whether an item is the result of a call that another item holds."""
    return item_type.endswith("_output") or item_type == "mcp_approval_response"


def tool_name(item: Mapping[str, Any]) -> str:
    """Return the name of the tool: its own, else that of its type."""
    return word_at(item, "name") or str(item.get("type")).removesuffix("_call")


def call_chunk(call_id: str, item: Data, *, ended: bool) -> TextStreamChunk:
    """Return the call of *item*; *ended* tells that the vendor is done with it."""
    return TextStreamChunk(
        type=ChunkType.SERVER_TOOL_CALL,
        tool_call_id=call_id,
        tool_name=tool_name(item),
        arguments=_arguments(item),
        status=_status(item, ended=ended),
        provider_data={PROTOCOL: {"item": without_picture(item)}},
    )


def result_chunk(call_id: str, item: Data) -> TextStreamChunk | None:
    """Return the result in *item*; None if it is a call without one."""
    kind = str(item.get("type"))
    alone = is_result(kind)
    error = item.get("error") if kind == "mcp_call" else None
    said = error if error is not None else next((item[name] for name in _OUTPUTS if item.get(name) is not None), None)
    if not alone and (said in (None, [], "") or kind not in ("mcp_call", "code_interpreter_call", "file_search_call")):
        return None
    failed = error is not None or word_at(item, "status") in ("failed", "incomplete")
    pictures = list(_pictures(said))
    return TextStreamChunk(
        type=ChunkType.TOOL_RESULT,
        tool_call_id=call_id,
        tool_name=tool_name(item) if not alone else None,
        content=_text(said),
        attachments=[{"type": "image", "url": url} for url in pictures] or None,
        is_error=True if failed else None,
        provider_data={PROTOCOL: {"item": item}} if alone else None,
    )


def without_picture(item: Data) -> Data:
    """Return the item of an image without its bytes, any other as it is."""
    return {name: value for name, value in item.items() if name != "result"} if item.get("type") == IMAGE else item


def as_json(value: Any) -> str:
    """Return *value* as JSON, in the vendor's order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _status(item: Data, *, ended: bool) -> str | None:
    word = word_at(item, "status") or ("completed" if ended else "in_progress")
    if word == "completed":
        return "requires_action" if _is_for_client(item) else word
    if item.get("type") == "mcp_approval_request":
        return "requires_action"
    return word if word in _WORDS else None


def _is_for_client(item: Data) -> bool:
    kind = item.get("type")
    if kind == "shell_call":  # hosted ones name their container
        environment = item.get("environment")
        return not isinstance(environment, dict) or environment.get("type") in (None, "local")
    if kind == "tool_search_call":
        return item.get("execution") == "client"
    return kind in _ANSWERED


def _arguments(item: Data) -> str | None:
    arguments = item.get("arguments")
    if isinstance(arguments, str):
        return arguments or None
    names = _ARGUMENTS.get(str(item.get("type")), ())
    said = {name: item[name] for name in names if item.get(name)}
    if not said:
        return None
    name = next(iter(said))
    return as_json(said[name] if len(said) == 1 and name in _WHOLE else said)


def _text(said: Any) -> str:
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        pieces = [item[name] for item in said if isinstance(item, dict) for name in _TEXTS if item.get(name)]
        texts = [piece for piece in pieces if isinstance(piece, str)]
        if texts or not said or all(_url(item) for item in said):
            return "\n".join(texts) if len(texts) > 1 and not _is_terminal(said) else "".join(texts)
    return "" if said is None or _url(said) else as_json(said)


def _is_terminal(said: list[Any]) -> bool:
    return any(isinstance(item, dict) and "stdout" in item for item in said)


def _pictures(said: Any) -> Iterator[str]:
    for item in said if isinstance(said, list) else [said]:
        url = _url(item)
        if url is not None:
            yield url


def _url(item: Any) -> str | None:
    kind = str(item.get("type")) if isinstance(item, dict) else ""
    if "image" not in kind and "screenshot" not in kind:
        return None
    return next((item[name] for name in _PICTURES if isinstance(item.get(name), str)), None)
