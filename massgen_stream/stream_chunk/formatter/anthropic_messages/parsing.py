"""Messages requests in the neutral form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ....errors import InvalidMessage, excerpt
from ..neutral import Message, Part
from ..normalise import read_messages
from .parsing_blocks import assistant_part, input_part, kept, object_of
from .payload import MessagesPayload

_MESSAGE: Final = frozenset(("role", "content"))
_RESULT: Final = frozenset(("type", "tool_use_id", "content"))


def parsed_messages(payload: MessagesPayload) -> list[Message]:
    """Return the messages of a request in normal form; nothing of them is lost.

    Raises:
        InvalidMessage: The payload is not in the protocol's form; `where` is a place in the request.
    """
    found: list[Message] = []
    if payload.system:
        found.append({"role": "system", "content": _input_parts(payload.system, "system")})
    if not isinstance(payload.messages, list | tuple):
        raise InvalidMessage("messages", f"must be a list of messages, not {type(payload.messages).__name__}")
    for index, message in enumerate(payload.messages):
        where = f"messages[{index}]"
        try:
            found += _message(object_of(message, where), where)
        except RecursionError:
            raise InvalidMessage(where, "is nested too deeply, or contains itself") from None
    return read_messages(found, None)


def _message(message: Mapping[str, Any], where: str) -> Iterator[Message]:
    role, content = message.get("role"), message.get("content")
    data = kept({name: value for name, value in message.items() if name not in _MESSAGE})
    if role == "user":
        yield from _user(content, data, where)
    elif role == "assistant":
        blocks = _blocks(content, f"{where}.content")
        yield {"role": role, "content": [assistant_part(block, place) for place, block in blocks], **data}
    elif role == "system":
        yield {"role": role, "content": _input_parts(content, f"{where}.content"), **data}
    else:
        raise InvalidMessage(f"{where}.role", f"must be user, assistant or system, not {excerpt(role)!r}")


def _user(content: Any, data: dict[str, Any], where: str) -> Iterator[Message]:
    """Results of tools are messages of their own in the neutral form."""
    said: list[Part] = []
    for place, block in _blocks(content, f"{where}.content"):
        if block.get("type") == "tool_result":
            yield _answer(block, place)
        else:
            said.append(input_part(block, place))
    if said or data:
        yield {"role": "user", "content": said, **data}


def _answer(block: Mapping[str, Any], where: str) -> Message:
    rest = {name: value for name, value in block.items() if name not in _RESULT}
    answer: Message = {"role": "tool", "tool_call_id": block.get("tool_use_id")}
    if rest.get("is_error") is True:
        answer["is_error"] = rest.pop("is_error")
    content = block.get("content")
    return {**answer, "content": _input_parts(content or [], f"{where}.content"), **kept(rest)}


def _input_parts(content: Any, where: str) -> list[Part]:
    return [input_part(block, place) for place, block in _blocks(content, where)]


def _blocks(content: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each block with its place; a string is one block of text."""
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not isinstance(content, list | tuple):
        raise InvalidMessage(where, f"must be str or a list of blocks, not {type(content).__name__}")
    for index, block in enumerate(content):
        place = f"{where}[{index}]"
        yield place, object_of(block, place)
