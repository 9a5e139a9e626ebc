"""Tools that Google runs itself: code execution, and searches whose calls are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .calls import PROTOCOL

Data = dict[str, Any]
CODE_EXECUTION: Final = "code_execution"
CALLS: Final = ("executableCode", "toolCall")
RESULTS: Final = ("codeExecutionResult", "toolResponse")
_OUTCOMES: Final = {"OUTCOME_OK": None, "OUTCOME_UNSPECIFIED": None}
"""Outcomes that are no failure."""


class ServerTools:
    """Calls and results of one candidate; a result without an id belongs to the latest call of its kind.

    Args:
        choice_index: Index of the candidate, None for the first.
        mint: Makes an id.
    """

    def __init__(self, choice_index: int | None, mint: Callable[[], str]) -> None:
        self._choice_index, self._mint = choice_index, mint
        self._called: set[str] = set()
        self._latest: dict[str, str] = {}

    def call(self, field: str, said: Data, extras: Data) -> TextStreamChunk:
        """Return the chunk for a call, in *field* of its part."""
        call_id = _text(said, "id") or self._mint()
        while call_id in self._called:
            call_id = self._mint()
        self._called.add(call_id)
        self._latest[field] = call_id
        return TextStreamChunk(
            type=ChunkType.SERVER_TOOL_CALL,
            tool_call_id=call_id,
            tool_name=_name(field, said),
            arguments=_arguments(field, said),
            status="in_progress",
            choice_index=self._choice_index,
            provider_data={PROTOCOL: {"part": {field: said, **extras}}},
        )

    def result(self, field: str, said: Data, extras: Data) -> TextStreamChunk:
        """Return the chunk for a result, in *field* of its part."""
        call_id = _text(said, "id") or self._latest.get(CALLS[RESULTS.index(field)]) or self._mint()
        outcome = said.get("outcome")
        return TextStreamChunk(
            type=ChunkType.TOOL_RESULT,
            tool_call_id=call_id,
            tool_name=_name(field, said),
            content=_content(field, said),
            is_error=True if isinstance(outcome, str) and outcome not in _OUTCOMES else None,
            choice_index=self._choice_index,
            provider_data={PROTOCOL: {"part": {field: said, **extras}}},
        )


def _name(field: str, said: Data) -> str:
    if field in ("executableCode", "codeExecutionResult"):
        return CODE_EXECUTION
    return _text(said, "toolType") or "tool"


def _arguments(field: str, said: Data) -> str | None:
    arguments = said.get("args")
    if field == "executableCode":
        arguments = {name: said[name] for name in ("language", "code") if name in said}
    return None if arguments is None else _dumped(arguments)


def _content(field: str, said: Data) -> str:
    if field == "codeExecutionResult":
        return _text(said, "output") or ""
    response = said.get("response")
    return "" if response is None else _dumped(response)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(said: Data, name: str) -> str | None:
    value = said.get(name)
    return value if isinstance(value, str) and value else None
