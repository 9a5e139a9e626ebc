"""The default answer as OpenAI tells it: reasoning in summaries, then its own tools, then text with its sources."""

from __future__ import annotations

from collections.abc import Iterator

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.narrow import citation, reasoning, reasoning_summary
from ....stream_chunk.text import TextStreamChunk
from ...answers import answer
from .hosted import WEB_PAGE, awaits_client, hosted_work
from .response_ask import ResponseAsk

_T = ChunkType


def default_answer(ask: ResponseAsk, serial: int) -> Iterator[BaseStreamChunk]:
    """Yield the answer to request number *serial*."""
    said = answer(ask, serial)
    thoughts = [chunk for chunk in said if chunk.type is _T.REASONING]
    spoken = [chunk for chunk in said if chunk.type is not _T.REASONING]
    if thoughts and not ask.summary:
        yield reasoning("")  # the step is told, but not what it held
    for chunk in thoughts if ask.summary else ():
        yield reasoning_summary(chunk.reasoning_delta or "", summary_index=0)
    works = bool(ask.hosted) and ask.user_turn
    if works:
        yield from hosted_work(ask, serial)
    if works and awaits_client(ask):
        yield spoken[-1]
        return
    yield from _with_source(spoken) if works and _searches(ask) else spoken


def _searches(ask: ResponseAsk) -> bool:
    return any(str(tool.get("type")).startswith("web_search") for tool in ask.hosted)


def _with_source(spoken: list[TextStreamChunk]) -> Iterator[BaseStreamChunk]:
    text = "".join(chunk.content or "" for chunk in spoken)
    for chunk in spoken:
        if chunk.type is _T.DONE and text:
            yield citation({**WEB_PAGE, "start": 0, "end": len(text)})
        yield chunk
