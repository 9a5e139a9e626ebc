"""What a fault does to an answer: to its steps before they are encoded, then to what goes over the connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec.structs import replace

from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.narrow import content, error, usage
from ..stream_chunk.text import TextStreamChunk
from .faults import (
    Body,
    Comments,
    Cut,
    DoubleUsage,
    ErrorEvent,
    Fault,
    Huge,
    Malformed,
    NoEnd,
    Silence,
    Slow,
    Status,
)
from .ops import Close, Head, Op, Wait
from .scripts import Refuse, Step
from .vendor import Vendor

_DELTAS: Final = frozenset(
    (ChunkType.CONTENT, ChunkType.REASONING, ChunkType.TOOL_CALL_DELTA, ChunkType.REFUSAL, ChunkType.MEDIA)
)
_PAGES: Final = {
    "html": (
        "text/html",
        b"<!doctype html><html><head><title>Bad gateway</title></head><body>Simulated.</body></html>",
    ),
    "json": ("application/json", b'{"simulated": true, "detail": "a JSON document instead of the answer"}'),
}


def alter_steps(fault: Fault | None, steps: Iterable[Step], vendor: Vendor) -> Iterator[Step]:
    """Return *steps* as *fault* leaves them."""
    change = _STEPS.get(type(fault))
    return iter(steps) if change is None else change(fault, steps, vendor)


def alter_ops(fault: Fault | None, ops: Iterable[Op], vendor: Vendor) -> Iterator[Op]:
    """Return *ops* as *fault* leaves them."""
    change = _OPS.get(type(fault))
    return iter(ops) if change is None else change(fault, ops, vendor)


def replaces_answer(fault: Fault | None) -> bool:
    """Return whether nothing of the answer is left, so that a script need not give one."""
    return isinstance(fault, Status | Body) or (isinstance(fault, Silence) and fault.after is None)


def _refuse(fault: Status, _steps: Iterable[Step], _vendor: Vendor) -> Iterator[Step]:
    yield Refuse(fault.code, fault.message, retry_after=fault.retry_after)


def _error_event(fault: ErrorEvent, steps: Iterable[Step], _vendor: Vendor) -> Iterator[Step]:
    failure = error(fault.message, error_info={"kind": "server", "code": fault.code})
    for step, is_there in _reaching(steps, fault.after):
        if is_there:
            break
        yield step
    yield failure


def _malformed(fault: Malformed, steps: Iterable[Step], vendor: Vendor) -> Iterator[Step]:
    return _inserted(vendor.malformed, fault.after, steps)


def _huge(fault: Huge, steps: Iterable[Step], _vendor: Vendor) -> Iterator[Step]:
    return _inserted(content("x" * fault.size), 1, steps)


def _inserted(new: Step, after: int, steps: Iterable[Step]) -> Iterator[Step]:
    done = False
    for step, is_there in _reaching(steps, after):
        if is_there and not done:
            done = True
            yield new
        yield step


def _reaching(steps: Iterable[Step], after: int) -> Iterator[tuple[Step, bool]]:
    """Yield each step and whether it comes after the first *after* deltas, or is the end."""
    seen = 0
    for step in steps:
        kind = step.type if isinstance(step, TextStreamChunk) else _kind_of_media(step)
        yield step, kind is ChunkType.DONE or (seen >= after and kind is not ChunkType.START)
        seen += kind in _DELTAS


def _kind_of_media(step: Step) -> ChunkType | None:
    """Partial media count like any delta."""
    is_partial = isinstance(step, MultimodalStreamChunk) and step.is_partial
    return ChunkType.MEDIA if is_partial else None


def _double_usage(_fault: DoubleUsage, steps: Iterable[Step], _vendor: Vendor) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, TextStreamChunk) and step.type is ChunkType.DONE and step.usage:
            yield usage(dict(step.usage))
            yield usage(dict(step.usage))
            step = replace(step, usage=None, usage_source=None)
        yield step


def _body(fault: Body, _ops: Iterable[Op], _vendor: Vendor) -> Iterator[Op]:
    content_type, page = _PAGES[fault.type]
    yield Head(fault.code, (("content-type", content_type),))
    yield page


def _silence(fault: Silence, ops: Iterable[Op], _vendor: Vendor) -> Iterator[Op]:
    if fault.after is not None:
        yield from _first_bytes(ops, fault.after)
    yield Wait(None)


def _cut(fault: Cut, ops: Iterable[Op], _vendor: Vendor) -> Iterator[Op]:
    yield from _first_bytes(ops, fault.after)
    yield Close(fault.how)


def _first_bytes(ops: Iterable[Op], limit: int) -> Iterator[Op]:
    """Everything up to byte *limit* of the body, or its end."""
    for op in ops:
        if not isinstance(op, bytes):
            yield op
            continue
        if op[:limit]:
            yield op[:limit]
        limit -= len(op)
        if limit <= 0:
            return


def _slow(fault: Slow, ops: Iterable[Op], _vendor: Vendor) -> Iterator[Op]:
    for op in ops:
        if not isinstance(op, bytes):
            yield op
            continue
        for start in range(0, len(op), fault.size):
            yield op[start : start + fault.size]
            yield Wait(fault.delay)


def _comments(_fault: Comments, ops: Iterable[Op], vendor: Vendor) -> Iterator[Op]:
    in_stream = False
    for op in ops:
        if isinstance(op, Head):
            in_stream = any("event-stream" in value for _, value in op.headers)
        if isinstance(op, bytes) and in_stream:
            yield vendor.comment
        yield op


def _no_end(_fault: NoEnd, ops: Iterable[Op], vendor: Vendor) -> Iterator[Op]:
    for op in ops:
        kept = op.removesuffix(vendor.end_mark) if isinstance(op, bytes) else op
        if kept:
            yield kept


_STEPS: Final[Mapping[type, Callable[[Any, Iterable[Step], Vendor], Iterator[Step]]]] = {
    Status: _refuse,
    ErrorEvent: _error_event,
    Malformed: _malformed,
    Huge: _huge,
    DoubleUsage: _double_usage,
}
_OPS: Final[Mapping[type, Callable[[Any, Iterable[Op], Vendor], Iterator[Op]]]] = {
    Body: _body,
    Silence: _silence,
    Cut: _cut,
    Slow: _slow,
    Comments: _comments,
    NoEnd: _no_end,
}
