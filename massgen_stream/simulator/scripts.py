"""What the simulator answers: turns of chunks and small steps, written to be read.

::

    Simulator(script=[text("Hel"), stall(2.0), text("lo"), cut()])      # the answer to every request
    Simulator(script=[[refuse(429, retry_after=1)], [text("Hello")]])   # one turn per request, then default answers

A turn may hold any chunk that the vendor's encoder can say. What a turn leaves out is added: `start` before the first
chunk, and `done` with finish reason and usage at its end, unless it ends with an error or a cut, or holds no chunk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from ..errors import ConfigurationError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.narrow import content, error, reasoning, start
from .answers.answer import call_deltas
from .answers.ending import ending
from .answers.reply import Call
from .ask import Ask
from .ops import Close, Closing, Wait

_LOWEST: Final = 400
_HIGHEST: Final = 599


class Refuse(msgspec.Struct, frozen=True):
    """An HTTP error in the vendor's shape instead of an answer.

    Attributes:
        status: HTTP status.
        message: What the error says; None for a usual sentence.
        code: The vendor's code of the error; None for the usual one.
        retry_after: Seconds, for the ``Retry-After`` header.
    """

    status: int
    message: str | None = None
    code: str | None = None
    retry_after: float | None = None


# The functions below all return a `Step`, so that type checkers see a list of them as a turn.
Step = BaseStreamChunk | Call | Refuse | Wait | Close | bytes
Turn = Sequence[Step]
Script = Sequence[Step | Turn]
"""Steps, or turns; never a mix of both."""


def text(words: str) -> Step:
    """Say *words*, in one event."""
    return content(words)


def think(words: str) -> Step:
    """Reason, in one event."""
    return reasoning(words)


def call(name: str, arguments: Mapping[str, Any] | str = "{}") -> Step:
    """Call a tool of the client; *arguments* are an object or any text."""
    return Call(name, arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False))


def fail(message: str, *, code: str | None = None, kind: str = "server") -> Step:
    """Report an error in the stream; not streamed, it is an HTTP error."""
    return error(message, error_info={"kind": kind, **({"code": code} if code else {})})


def refuse(
    status: int, message: str | None = None, *, code: str | None = None, retry_after: float | None = None
) -> Step:
    """Answer with an HTTP error.

    Raises:
        ConfigurationError: *status* is no HTTP error.
    """
    if not _LOWEST <= status <= _HIGHEST:
        raise ConfigurationError(f"refuse({status}): a status between {_LOWEST} and {_HIGHEST} is needed")
    return Refuse(status, message, code, retry_after)


def stall(seconds: float | None = None) -> Step:
    """Be silent for *seconds*, or for as long as the client stays; first in a turn, before the headers."""
    return Wait(seconds)


def cut(how: Closing = "close") -> Step:
    """Drop the connection; see `Closing` for the ways."""
    return Close(how)


def raw(data: bytes) -> Step:
    """Send bytes as they are."""
    return bytes(data)


class Turns:
    """The turns of a script, one per request.

    Raises:
        ConfigurationError: Something in *script* is neither a turn nor a step.
    """

    def __init__(self, script: Script | None) -> None:
        items = list(script or ())
        self._every: Turn | None = None
        self._turns: Iterator[Turn] = iter(())
        if any(isinstance(item, list | tuple) for item in items):
            turns = [_checked(item) for item in items]
            self._turns = iter(turns)
        elif items:
            self._every = _checked(items)

    def next(self) -> Turn | None:
        """Return the turn for the next request; None for the default answer."""
        return self._every if self._every is not None else next(self._turns, None)


def _checked(turn: object) -> Turn:
    if not isinstance(turn, list | tuple):
        raise ConfigurationError(f"a script is a list of steps or a list of turns, not a mix: {type(turn).__name__}")
    for step in turn:
        if not isinstance(step, Step):
            raise ConfigurationError(f"a turn holds chunks and steps, not {type(step).__name__}; use text(...)")
    return list(turn)


def completed(turn: Iterable[Step], ask: Ask, serial: int, response_id: str) -> Iterator[Step]:
    """Yield the steps of *turn* with what it leaves out."""
    said: list[BaseStreamChunk] = []
    for number, step in enumerate(turn):
        steps = call_deltas(step, f"call_sim_{serial}_{number}") if isinstance(step, Call) else (step,)
        for one in steps:
            if isinstance(one, BaseStreamChunk):
                if not said and one.type != ChunkType.START:
                    yield start(model=ask.model, response_id=response_id)
                said.append(one)
            yield one
        if isinstance(step, Close | Refuse):
            return
    if said and said[-1].type not in (ChunkType.DONE, ChunkType.ERROR):
        yield ending(said, ask)
