"""What a request asks for, whatever vendor's API it came through."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec


class Seen(msgspec.Struct, frozen=True):
    """A media part of the last message.

    Attributes:
        kind: ``image``, ``audio``, ``video``, ``document`` or ``file``.
        label: What is known of it: MIME type, file name, URL or id.
        size_bytes: Its size, where the bytes are in the request.
    """

    kind: str
    label: str
    size_bytes: int | None = None


class Tool(msgspec.Struct, frozen=True):
    """A function that the client offers; *parameters* is its JSON Schema."""

    name: str
    parameters: dict[str, Any] = {}


class Again(msgspec.Struct, frozen=True):
    """A request for an answer that was kept.

    Attributes:
        response_id: Its id.
        is_new: Whether the client has not seen an event of it yet.
        stream: Whether it comes in events; else as a whole.
        model: For the answer as a whole.
    """

    response_id: str
    is_new: Callable[[bytes], bool] = lambda _: True
    stream: bool = True
    model: str = "simulator"


def numbered_after(pattern: re.Pattern[bytes], number: int) -> Callable[[bytes], bool]:
    """Return whether an event has no number, by the group of *pattern*, or one over *number*: for `Again.is_new`."""

    def is_new(event: bytes) -> bool:
        found = pattern.search(event)
        return found is None or int(found[1]) > number

    return is_new


class Ask(msgspec.Struct, frozen=True):
    """One request.

    Attributes:
        model: Model id, as asked for.
        prompt: Text of the last user message.
        media: Media parts of the last user message.
        user_turn: Whether the last message is the user's.
        input_characters: Length of all text in the request; four characters count as one token.
        input_media: Media parts in the whole request.
        tools: Functions offered, in order.
        tool_choice: ``auto``, ``none``, ``required``, or the name of the tool that must be called.
        server_tools: Tools offered that the vendor would run itself, by names of `massgen_stream.provider.spec`.
        results: What tools answered, when the last messages are tool messages.
        reasoning: Whether reasoning is asked for, as the vendor's API does.
        json: Whether the answer must be JSON.
        schema: JSON Schema that the answer must fit; None for any object.
        max_tokens: Bound of the answer, reasoning included.
        stop: Texts before which the answer ends.
        choices: How many answers.
        stream: Whether the answer comes in events.
        usage: Whether the answer tells its usage.
        kept: Whether the answer goes on without its reader, and can be asked for again.
    """

    model: str
    prompt: str = ""
    media: tuple[Seen, ...] = ()
    user_turn: bool = True
    input_characters: int = 0
    input_media: int = 0
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    server_tools: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    reasoning: bool = False
    json: bool = False
    schema: dict[str, Any] | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    choices: int = 1
    stream: bool = False
    usage: bool = True
    kept: bool = False
