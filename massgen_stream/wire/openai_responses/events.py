"""The events of a Responses stream: what the frequent ones hold, and which words there are.

https://platform.openai.com/docs/api-reference/responses-streaming. Nearly every event of a stream is a piece of text
or arguments, so that one small struct reads them all; the others are rare and read as documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, NamedTuple

import msgspec

PROTOCOL: Final = "openai.responses"
Index = Annotated[int, msgspec.Meta(ge=0)]


class Piece(msgspec.Struct, gc=False):
    """An event that adds a piece of text, and the place that it adds it to."""

    type: str = ""
    delta: str | None = None
    item_id: str | None = None
    output_index: Index | None = None
    content_index: Index | None = None
    summary_index: Index | None = None


decode_piece: Final = msgspec.json.Decoder(Piece).decode
"""Decode an event whose fields have the usual types; raises what msgspec raises."""


class TextEvents(NamedTuple):
    """A kind of text on the wire: its delta, its final, the final's field, and the type of its part.

    Attributes:
        indexed_by: The field with the index of the part.
    """

    delta: str
    done: str
    field: str
    part: str
    indexed_by: str = "content_index"


TEXT: Final = "text"
REFUSAL: Final = "refusal"
REASONING: Final = "reasoning"
SUMMARY: Final = "summary"

TEXT_EVENTS: Final[Mapping[str, TextEvents]] = {
    TEXT: TextEvents("response.output_text.delta", "response.output_text.done", "text", "output_text"),
    REFUSAL: TextEvents("response.refusal.delta", "response.refusal.done", "refusal", "refusal"),
    REASONING: TextEvents("response.reasoning_text.delta", "response.reasoning_text.done", "text", "reasoning_text"),
    SUMMARY: TextEvents(
        "response.reasoning_summary_text.delta",
        "response.reasoning_summary_text.done",
        "text",
        "summary_text",
        "summary_index",
    ),
}
TEXT_DELTAS: Final = {events.delta: kind for kind, events in TEXT_EVENTS.items()}
TEXT_FINALS: Final = {events.done: kind for kind, events in TEXT_EVENTS.items()}
PARTS: Final = {events.part: kind for kind, events in TEXT_EVENTS.items()}


class CallEvents(NamedTuple):
    """A kind of call of the client's tools on the wire.

    Attributes:
        field: Where its arguments are.
    """

    item: str
    delta: str
    done: str
    field: str


CALL_EVENTS: Final[Mapping[str, CallEvents]] = {
    "function": CallEvents(
        "function_call",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "arguments",
    ),
    "custom": CallEvents(
        "custom_tool_call",
        "response.custom_tool_call_input.delta",
        "response.custom_tool_call_input.done",
        "input",
    ),
}
CALL_DELTAS: Final = {events.delta: kind for kind, events in CALL_EVENTS.items()}
CALL_FINALS: Final = {events.done: kind for kind, events in CALL_EVENTS.items()}
CALL_ITEMS: Final = {events.item: kind for kind, events in CALL_EVENTS.items()}
CALL_CONTRADICTION: Final = "response.output_item.done"
"""What is said to contradict the pieces of a call, of either kind."""

LIFECYCLE: Final = frozenset(("response.created", "response.in_progress", "response.queued"))
TERMINAL: Final = frozenset(("response.completed", "response.failed", "response.incomplete"))
"""The documented ends."""

_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "web_search_call": ("in_progress", "searching", "completed"),
    "file_search_call": ("in_progress", "searching", "completed"),
    "code_interpreter_call": ("in_progress", "interpreting", "completed"),
    "image_generation_call": ("in_progress", "generating", "completed"),
    "mcp_call": ("in_progress", "completed", "failed"),
    "mcp_list_tools": ("in_progress", "completed", "failed"),
}
TOOL_STATES: Final = {f"response.{item}.{state}": (item, state) for item, states in _STATES.items() for state in states}
"""Events that tell the state of a tool that the vendor runs."""

TOOL_DELTAS: Final = {
    "response.code_interpreter_call_code.delta": "code_interpreter_call",
    "response.mcp_call_arguments.delta": "mcp_call",
    "response.shell_call_command.delta": "shell_call",
}
TOOL_FINALS: Final = {
    "response.code_interpreter_call_code.done": ("code_interpreter_call", "code"),
    "response.mcp_call_arguments.done": ("mcp_call", "arguments"),
    "response.shell_call_command.added": ("shell_call", "command"),
    "response.shell_call_command.done": ("shell_call", "command"),
}
"""Events with the whole of such a tool's arguments: the type of item, and the field."""
