"""The stream of a tool on its way into the stream of a run: under a source of its own, with its end as an inner one."""

from __future__ import annotations

import json
from typing import Any, Final

from msgspec.structs import replace

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.narrow import error, turn_done
from ..stream_chunk.text import TextStreamChunk
from .spending import Spending
from .tools import ToolOutput

_CUT: Final = frozenset(("error", "incomplete", "cancelled"))
_FACTS: Final = ("width", "height", "duration_seconds")
_SAID: Final = frozenset(("warning", "loss", "info"))


class Relay:
    """Takes what one call of a tool yields.

    Laws:
        1. Every chunk that leaves has a source: the call's own, or one below it.
        2. What began ends in a `turn_done` of its source; after a failure an `error` comes before the call's own.
        3. The usage of all `turn_done` together is the usage that the tool told.

    Args:
        source: Source of the call's chunks.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._given: ToolOutput | None = None
        self._ended = False
        self._turns: dict[str | None, _Turns] = {}
        self._main: str | None = None
        self._media: list[dict[str, Any]] = []
        self._notes: list[str] = []
        self._spent = Spending()

    def take(self, one: BaseStreamChunk | ToolOutput) -> list[BaseStreamChunk]:
        """Return what to hand on for the next thing that the tool yielded; nothing follows its `done`."""
        if isinstance(one, ToolOutput):
            self._given = one
            return []
        if self._ended:
            return []
        turns = self._turns.setdefault(one.source, _Turns())
        turns.open = True
        if isinstance(one, MultimodalStreamChunk) and one.type is ChunkType.MEDIA and not one.is_partial:
            self._media.append(_medium(one))
        if not isinstance(one, TextStreamChunk):
            return [self._sourced(one)]
        self._notes += _notes(one)
        turns.read(one)
        if one.type is ChunkType.TURN_DONE:
            self._spent.add(one)
        return self._done(one) if one.type is ChunkType.DONE else [self._sourced(one)]

    def end(self, failure: str | None = None, *, cancelled: bool = False, late: bool = False) -> list[BaseStreamChunk]:
        """Return what ends the tool's part of the stream; *failure* says what was raised, or that it was too *late*."""
        if self._ended:
            return []
        self._ended = True
        own = self._turns.get(None)
        if own is None or not own.open:
            return self._rest("cancelled" if cancelled or failure is not None else "stop")
        if cancelled or failure is None:
            return self._rest("cancelled" if cancelled else "stop")
        own.open = False
        problem = error(failure, error_info={"kind": "timeout" if late else "tool", "retryable": False})
        return [*self._rest("cancelled"), self._sourced(problem), self._sourced(turn_done("error"))]

    def output(self, failure: str | None = None) -> ToolOutput:
        """Return the answer: the one that the tool gave, else what its chunks say; *failure* says what was raised."""
        if failure is None and self._given is not None:
            return self._given
        main = self._turns.get(self._main) or _Turns()
        problem = main.error if failure is None else failure
        said = [turns.error for turns in self._turns.values() if turns.error not in (None, problem)]
        if problem is None and main.cut is not None:
            problem = "; ".join(map(str, said)) or f"the tool ended with {main.cut}"
        text = "".join(main.text).strip() if self._given is None else self._given.text
        given = [] if self._given is None else self._given.media
        if not self._media and not given:
            return ToolOutput(text) if problem is None else ToolOutput(problem, is_error=True)
        told = {"text": text, "media": self._media, "error": problem, "notes": [*self._notes, *said]}
        whole = json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)
        return ToolOutput([{"type": "text", "text": whole}, *given] if given else whole, is_error=problem is not None)

    def _done(self, chunk: TextStreamChunk) -> list[BaseStreamChunk]:
        """Return the ends of all sources: what ends the tool's stream ends just its part of the run."""
        self._ended, self._main = True, chunk.source
        self._turns[chunk.source].open = False
        usage = self._spent.left_of(chunk.usage)
        source = chunk.usage_source if usage else "none"
        end = replace(chunk, type=ChunkType.TURN_DONE, usage=usage, usage_source=source)
        return [*self._rest("cancelled" if chunk.finish_reason in _CUT else "stop"), self._sourced(end)]

    def _rest(self, reason: str) -> list[BaseStreamChunk]:
        """Return the ends of what is open."""
        left = [source for source, turns in self._turns.items() if turns.open]
        return [self._sourced(replace(turn_done(reason), source=source)) for source in left]

    def _sourced(self, chunk: BaseStreamChunk) -> BaseStreamChunk:
        return replace(chunk, source=self._source if chunk.source is None else f"{self._source}/{chunk.source}")


class _Turns:
    """What one source has told.

    Attributes:
        text: Pieces of its last turn's text: the last turn of an agent is its answer.
        error: What went wrong, of all its turns.
        cut: Why it was not whole, where it was not.
        open: Whether its last turn has not ended.
    """

    def __init__(self) -> None:
        self.text: list[str] = []
        self.error: str | None = None
        self.cut: str | None = None
        self.open = False

    def read(self, chunk: TextStreamChunk) -> None:
        if chunk.type is ChunkType.CONTENT and not chunk.choice_index:
            self.text.append(chunk.content or "")
        elif chunk.type is ChunkType.ERROR and not _is_partial(chunk):
            self.error = self.error or chunk.error
        elif chunk.type is ChunkType.TURN_DONE:
            self.open = False
            self.text.clear()
        elif chunk.type is ChunkType.DONE and chunk.finish_reason in _CUT:
            self.cut = chunk.finish_reason


def _notes(chunk: TextStreamChunk) -> list[str]:
    """Return what a model is told besides: what was left out, and which of several media failed."""
    if chunk.type is ChunkType.BACKEND_STATUS and chunk.status in _SAID and chunk.detail:
        return [chunk.detail]
    return [chunk.error or ""] if chunk.type is ChunkType.ERROR and _is_partial(chunk) else []


def _is_partial(problem: TextStreamChunk) -> bool:
    """Whether an error is of a single tool or medium."""
    return problem.tool_call_id is not None or problem.media_id is not None


def _medium(final: MultimodalStreamChunk) -> dict[str, Any]:
    """Return what a model needs to know of a medium."""
    known = final.media_metadata
    reference = final.media_data if isinstance(final.media_data, str) and final.media_encoding != "base64" else None
    found: dict[str, Any] = {
        "kind": final.media_type.value if final.media_type else None,
        "path": final.path,
        "reference": reference,
        "mime_type": known.mime_type if known else None,
        "size_bytes": known.size_bytes if known else None,
        **{name: getattr(known, name, None) for name in _FACTS},
        "says": final.text_content,
        "continuation_id": final.continuation_id,
        "media_id": final.media_id,
    }
    return {name: value for name, value in found.items() if value is not None}
