"""Turn after turn: the model answers, its calls are run, their answers go back, until it calls nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from ..backend.base import LLMBackend
from ..backend.cost import Cost
from ..backend.stream import ChunkStream
from ..backend.turn import Turn
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.narrow import done, error
from ..stream_chunk.text import TextStreamChunk
from .call import Call, Circumstances
from .calls import CallsOfTurn
from .spending import Spending, summed
from .toolbox import Toolbox

Chunks = AsyncGenerator[BaseStreamChunk, None]
Message = Mapping[str, Any]

_CALLED: Final = frozenset(("tool_calls", "stop", "other"))
"""Ends of a turn after which its calls are whole."""
_PAUSED: Final = "pause"
"""End of a turn that the vendor goes on with when it gets it back."""


class Plan(NamedTuple):
    """How a run goes.

    Attributes:
        backend: Talks to the model.
        toolbox: What the model may call.
        preface: Stands before the conversation.
        options: Of every turn.
        max_rounds: Most turns of the model.
        max_concurrency: Most calls that run at the same time.
        tool_timeout: Seconds that one call may take; None: no limit.
        source: Put before the sources of tools.
    """

    backend: LLMBackend
    toolbox: Toolbox
    preface: Sequence[Message]
    options: Mapping[str, Any]
    max_rounds: int
    max_concurrency: int
    tool_timeout: float | None = None
    source: str | None = None

    def ask(self, messages: Sequence[Message]) -> ChunkStream:
        """Return the stream of the next turn; misuse is raised here."""
        return self.backend.stream_with_tools(messages, self.toolbox.definitions or None, **self.options)


class Loop:
    """One run under way: what its generator and its `AgentStream` share.

    Args:
        plan: How it goes.
        messages: The conversation so far.

    Attributes:
        messages: The conversation, with every turn that has ended and the answers to its calls.

    Raises:
        UsageError: The first turn cannot be asked for.
    """

    def __init__(self, plan: Plan, messages: Sequence[Message]) -> None:
        self._plan = plan
        self.messages: list[Message] = list(messages)
        self._asked: list[ChunkStream] = []
        self._asking: ChunkStream | None = self._ask([*plan.preface, *self.messages])
        self._calling: CallsOfTurn | None = None
        self._cancelled = False
        self._spent = Spending()
        self._sources: Counter[str] = Counter()

    async def chunks(self, turn: Turn) -> Chunks:  # noqa: ARG002 - of one attempt there is nothing to know
        """Yield the run, its `done` included."""
        rounds = 0
        while (asking := self._asking) is not None:
            rounds += 1
            answer = _Answer()
            async with asking:
                async for chunk in asking:
                    if not answer.take(chunk):
                        yield chunk
            for last in self._after(answer, rounds):
                yield last
            if self._calling is not None:
                async with aclosing(self._called(self._calling)) as called:
                    async for chunk in called:
                        yield chunk

    async def cost(self) -> Cost | None:
        """Return what the turns have cost so far; None where one of them has no known price."""
        return summed([await stream.cost() for stream in self._asked])

    def cancel(self) -> None:
        """End the run in order: what has come can still be read, and its end."""
        self._cancelled = True
        for running in (self._asking, self._calling):
            if running is not None:
                running.cancel()

    def _after(self, answer: _Answer, rounds: int) -> list[BaseStreamChunk]:
        """Return what ends the turn; if the run goes on, the calls are there that come before the next turn."""
        self._asking = None
        end = answer.end or done("incomplete")
        self._spent.add(end)
        if answer.message is not None:
            self.messages.append(answer.message)
        if not self._goes_on(answer, end.finish_reason):
            return [self._last(end)]
        if self._cancelled:
            return [self._last(replace(end, finish_reason="cancelled"))]
        if rounds >= self._plan.max_rounds:
            return self._over_limit(end, rounds)
        self._calling = self._started(answer.calls)  # none after a pause
        return [replace(end, type=ChunkType.TURN_DONE)]

    def _goes_on(self, answer: _Answer, reason: str | None) -> bool:
        if answer.message is None:
            return False
        if not answer.calls:
            return reason == _PAUSED
        by_caller = any(self._plan.toolbox.is_answered_by_caller(str(call["name"])) for call in answer.calls)
        return reason in _CALLED and not by_caller

    def _over_limit(self, end: TextStreamChunk, rounds: int) -> list[BaseStreamChunk]:
        message = f"the model still has work for its tools after {rounds} rounds; raise max_rounds to let it go on"
        info = {"kind": "tool", "code": "max_rounds", "retryable": False}
        return [error(message, error_info=info), self._last(replace(end, finish_reason="error"))]

    def _last(self, end: TextStreamChunk) -> TextStreamChunk:
        return replace(end, usage=self._spent.usage, usage_source=self._spent.source, media_results=None)

    def _started(self, calls: Sequence[Mapping[str, Any]]) -> CallsOfTurn:
        plan = self._plan
        around = Circumstances(plan.toolbox, plan.backend.account.secrets, plan.tool_timeout)
        asked = [Call(call, self._source_of(str(call["name"])), around) for call in calls]
        return CallsOfTurn(asked, most=plan.max_concurrency)

    async def _called(self, calling: CallsOfTurn) -> Chunks:
        """Yield what the calls do, then ask for the next turn; or yield the end if the run was cancelled meanwhile."""
        async with aclosing(calling.run()) as chunks:
            async for chunk in chunks:
                if chunk.type is ChunkType.TURN_DONE and isinstance(chunk, TextStreamChunk):
                    self._spent.add(chunk)
                yield chunk
        self._calling = None
        answers = calling.messages()
        self.messages += answers
        if self._cancelled:
            yield self._last(done("cancelled"))
        else:
            self._asking = self._ask(self._unsent(len(answers)))

    def _ask(self, messages: Sequence[Message]) -> ChunkStream:
        self._asked.append(self._plan.ask(messages))
        return self._asked[-1]

    def _unsent(self, answers: int) -> list[Message]:
        """Return what the next turn is asked with: all, or what is new to a backend that remembers."""
        if self._plan.backend.is_stateful():
            return self.messages[len(self.messages) - answers :]
        return [*self._plan.preface, *self.messages]

    def _source_of(self, name: str) -> str:
        """Return a source that no other call has."""
        self._sources[name] += 1
        number = self._sources[name]
        mine = name if number == 1 else f"{name}#{number}"
        return f"{self._plan.source}/{mine}" if self._plan.source else mine


class _Answer:
    """What one turn of the model comes to.

    Attributes:
        message: The assistant's message.
        calls: Calls of the client's tools.
        end: The turn's `done`.
    """

    def __init__(self) -> None:
        self.message: dict[str, Any] | None = None
        self.calls: list[dict[str, Any]] = []
        self.end: TextStreamChunk | None = None

    def take(self, chunk: BaseStreamChunk) -> bool:
        """Take the next chunk; return whether it is the end, which is kept."""
        if not isinstance(chunk, TextStreamChunk) or chunk.choice_index:
            return False
        if chunk.type is ChunkType.COMPLETE_MESSAGE:
            self.message = chunk.complete_message
        elif chunk.type is ChunkType.TOOL_CALLS:
            self.calls += chunk.tool_calls or ()
        elif chunk.type is ChunkType.DONE:
            self.end = chunk
        return self.end is chunk
