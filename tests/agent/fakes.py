"""Models without a network: each turn is a script; and what runs of agents over them come to."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from massgen_stream.agent import Agent, AgentStream, FunctionTool
from massgen_stream.backend import Turn
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.narrow import content, done, start, tool_calls
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier

from ..backend.fakes import Script, ScriptedBackend, saying

Messages = Sequence[Mapping[str, Any]]


def call(name: str, call_id: str = "c1", **arguments: Any) -> dict[str, Any]:
    return {"id": call_id, "name": name, "arguments": json.dumps(arguments), "kind": "function"}


def calling(*calls: Mapping[str, Any], text: str = "", finish: str = "tool_calls", **end: Any) -> Script:
    async def script(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield start(model="fake-1")
        if text:
            yield content(text)
        yield tool_calls([dict(one) for one in calls])
        yield done(finish, **end)

    return script


class Ran(NamedTuple):
    """A run that was read to its end.

    Attributes:
        chunks: Everything.
        stream: What was read.
        backend: What was asked.
    """

    chunks: list[BaseStreamChunk]
    stream: AgentStream
    backend: ScriptedBackend

    def of(self, kind: ChunkType | str) -> list[Any]:
        return [chunk for chunk in self.chunks if chunk.type == kind]

    @property
    def results(self) -> list[tuple[str | None, bool]]:
        return [(chunk.content, bool(chunk.is_error)) for chunk in self.of("tool_result") if chunk.source is None]

    @property
    def end(self) -> TextStreamChunk:
        last = self.chunks[-1]
        assert isinstance(last, TextStreamChunk)
        return last

    def asked(self, turn: int) -> Any:
        """Return what was asked in a turn, from 0."""
        return self.backend.turns[turn].payload

    @property
    def answers(self) -> list[Mapping[str, Any]]:
        return [message for message in self.stream.messages if message["role"] == "tool"]


async def ran(
    tools: Iterable[Any],
    *scripts: Script,
    messages: str | Messages = "Hello",
    run: Mapping[str, Any] = {},
    **options: Any,
) -> Ran:
    """Read a run to its end; it keeps the grammar."""
    backend = ScriptedBackend(*(scripts or (saying("Hi."),)))
    stream = Agent(backend, tools, **options).run(messages, **run)
    return Ran(await read(stream), stream, backend)


async def read(stream: AgentStream) -> list[BaseStreamChunk]:
    """Read a stream to its end; it keeps the grammar."""
    verifier, chunks = StreamVerifier(), []
    async with stream:
        async for chunk in stream:
            verifier.feed(chunk)
            chunks.append(chunk)
    verifier.close()
    assert verifier.breaches == []
    return chunks


async def called(*tools: Any, calls: Iterable[dict[str, Any]] = (), **options: Any) -> Ran:
    """One turn that calls every tool, in order, and one that says something."""
    made = [tool if isinstance(tool, FunctionTool) else FunctionTool(tool) for tool in tools]
    asked = list(calls) or [call(tool.name, f"c{number}") for number, tool in enumerate(made)]
    return await ran(made, calling(*asked), saying("Done."), **options)
