"""What Anthropic refuses in a conversation, so that the simulator refuses it too.

https://platform.claude.com/docs/en/api/errors and https://platform.claude.com/docs/en/build-with-claude/thinking
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from ...vendor import BadRequest
from .image_sizes import check_images

_ID: Final = re.compile(r"[a-zA-Z0-9_-]+")
_SERVER_CALLS: Final = frozenset(("server_tool_use", "mcp_tool_use"))
Block = tuple[str, Mapping[str, Any]]


def check_conversation(messages: list[Any]) -> None:
    """Check the order of messages, that none says nothing, and that calls and results belong together.

    Raises:
        BadRequest: Something is not as it must be.
    """
    if not messages:
        raise BadRequest("messages: at least one message is required", param="messages")
    found = [_blocks(index, message) for index, message in enumerate(messages)]
    roles = [message["role"] for message in messages]
    _check_system(roles)
    for index, blocks in enumerate(found):
        if not blocks and index < len(found) - 1:
            raise BadRequest(f"messages.{index}: all messages must have non-empty content", param="messages")
        for place, block in blocks:
            _check_block(place, block)
    check_images(block for blocks in found for block in blocks)
    _check_calls(_turns(roles, found))


def _blocks(index: int, message: Any) -> list[Block]:
    if not isinstance(message, dict) or message.get("role") not in ("user", "assistant", "system"):
        raise BadRequest(f"messages.{index}.role: Input should be 'user', 'assistant' or 'system'", param="messages")
    content = message.get("content")
    if isinstance(content, str):
        return [(f"messages.{index}.content", {"type": "text", "text": content})] if content else []
    if not isinstance(content, list) or not all(isinstance(block, dict) for block in content):
        raise BadRequest(f"messages.{index}.content: Input should be a valid list", param="messages")
    return [(f"messages.{index}.content.{number}", block) for number, block in enumerate(content)]


def _check_system(roles: list[str]) -> None:
    for index, role in enumerate(roles):
        if role != "system":
            continue
        if index == 0:
            wanted = "use the top-level 'system' parameter for the initial system prompt"
            raise BadRequest(f"messages.0: {wanted}", param="messages")
        if roles[index - 1] == "assistant" or roles[index + 1 : index + 2] == ["user"]:
            raise BadRequest(f"messages.{index}: role 'system' must follow a user turn", param="messages")


def _check_block(place: str, block: Mapping[str, Any]) -> None:
    kind = block.get("type")
    if kind == "text" and not str(block.get("text", "")).strip():
        raise BadRequest(f"{place}: text content blocks must contain non-whitespace text", param="messages")
    if kind == "thinking" and not block.get("signature"):
        raise BadRequest(f"{place}.thinking.signature: Field required", param="messages")
    if kind == "tool_use" and not isinstance(block.get("input"), dict):
        raise BadRequest(f"{place}.tool_use.input: Input should be a valid dictionary", param="messages")
    if kind == "tool_result":
        inner = block.get("content")
        for number, one in enumerate(inner if isinstance(inner, list) else ()):
            _check_block(f"{place}.tool_result.content.{number}", one)
            if block.get("is_error") and one.get("type") != "text":
                wanted = 'all content must be type "text" if "is_error" is true'
                raise BadRequest(f"{place}.tool_result: {wanted}", param="messages")


def _turns(roles: list[str], found: list[list[Block]]) -> Iterator[tuple[str, list[Block]]]:
    """Yield role and blocks of each turn: messages of one role in a row are one."""
    pairs = zip(roles, found, strict=True)
    for role, group in groupby((pair for pair in pairs if pair[0] != "system"), key=lambda pair: pair[0]):
        yield role, [block for _, blocks in group for block in blocks]


def _check_calls(turns: Iterator[tuple[str, list[Block]]]) -> None:
    used: set[str] = set()
    waiting: set[str] = set()
    unfinished: set[str] = set()
    for role, blocks in turns:
        if role == "user":
            _check_results(blocks, waiting)
            if unfinished and not waiting:
                raise BadRequest(f"messages: tool use without a result block: {min(unfinished)}", param="messages")
        elif waiting:
            raise _unanswered(waiting)
        waiting, unfinished = set(), _unfinished(blocks)
        for place, block in blocks:
            if role == "assistant" and block.get("type") == "tool_use":
                _check_id(place, str(block.get("id")), used)
                waiting.add(str(block["id"]))


def _unfinished(blocks: list[Block]) -> set[str]:
    """Ids of the calls that the vendor has begun to run, and whose result has not come."""
    ended = {block.get("tool_use_id") for _, block in blocks if str(block.get("type")).endswith("_tool_result")}
    begun = (str(block.get("id")) for _, block in blocks if block.get("type") in _SERVER_CALLS)
    return {one for one in begun if one not in ended}


def _check_id(place: str, call_id: str, used: set[str]) -> None:
    if not _ID.fullmatch(call_id):
        raise BadRequest(f"{place}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'", param="messages")
    if call_id in used:
        raise BadRequest(f"{place}: `tool_use` ids must be unique", param="messages")
    used.add(call_id)


def _check_results(blocks: list[Block], waiting: set[str]) -> None:
    over = False
    left = set(waiting)
    for place, block in blocks:
        if block.get("type") != "tool_result":
            over = True
            continue
        if over and waiting:
            raise BadRequest(f"{place}: `tool_result` blocks must come first", param="messages")
        if block.get("tool_use_id") not in left:
            name = str(block.get("tool_use_id"))
            raise BadRequest(
                f"{place}: unexpected `tool_use_id` found in `tool_result` blocks: {name}", param="messages"
            )
        left.discard(str(block["tool_use_id"]))
    if left:
        raise _unanswered(left)


def _unanswered(ids: set[str]) -> BadRequest:
    names = ", ".join(sorted(ids))
    return BadRequest(
        f"messages: `tool_use` ids were found without `tool_result` blocks immediately after: {names}", param="messages"
    )
