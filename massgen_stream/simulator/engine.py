"""Decides what each request gets: the script or the default answer, changed by a fault, as ops for its connection."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from ..errors import ConfigurationError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.narrow import start
from .ask import Again, Ask
from .fault_effects import alter_ops, alter_steps, replaces_answer
from .fault_plan import FaultPlan, Faults
from .faults import HEADER, Fault, Status
from .file_serving import file_ops
from .kept import KeptAnswers
from .ops import Close, Head, Op, Wait
from .request import Request
from .scripts import Refuse, Script, Step, Turns, completed
from .vendor import JSON, BadRequest, File, Path, Refused, Reply, Result, Vendor
from .wiring import Wiring

_REQUEST_ID = Vendor.request_id_header
_SPOKEN = (ChunkType.CONTENT, ChunkType.REASONING)


class Engine:
    """Answers requests; knows no sockets.

    Args:
        script: Turns; see `scripts`.
        faults: What goes wrong; see `faults`.
        delay: Seconds before each word of a default answer.
        api_key: The only key that is accepted; None accepts any, and none.
        clock: Returns Unix seconds, for the time that answers state.

    Raises:
        ConfigurationError: *script* or *faults* make no sense.
    """

    def __init__(
        self,
        script: Script | None = None,
        faults: Faults = None,
        *,
        delay: float = 0.0,
        api_key: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._turns, self._plan = Turns(script), FaultPlan(faults)
        self._delay, self._api_key, self._clock = delay, api_key, clock
        self._serials = count(1)
        self._kept = KeptAnswers()

    def respond(self, vendor: Vendor, path: Path, request: Request, key: str | None) -> Iterator[Op]:
        """Return what happens on the connection of *request*, which came with *key*."""
        ops = self._respond(vendor, path, request, key)
        return ops if vendor.request_id_header == _REQUEST_ID else _with_id_as(vendor.request_id_header, ops)

    def _respond(self, vendor: Vendor, path: Path, request: Request, key: str | None) -> Iterator[Op]:
        serial = next(self._serials)
        try:
            if not path.is_public:
                self._check(key)
            asked = path.handle(request)
            fault = self._fault(asked, request.headers.get(HEADER))
        except BadRequest as problem:
            refuse = Refuse(problem.status, problem.message, problem.code)
            return _refused(vendor, refuse, serial, problem.param)
        except ConfigurationError as problem:
            return _refused(vendor, Refuse(400, str(problem)), serial)
        if isinstance(asked, Ask):
            return alter_ops(fault, self._answer(vendor, asked, fault, serial), vendor)
        if isinstance(fault, Status):
            return _refused(vendor, Refuse(fault.code, fault.message, retry_after=fault.retry_after), serial)
        if isinstance(asked, Again):
            return alter_ops(fault, self._again(vendor, asked, serial), vendor)
        return alter_ops(fault, _ops_of(asked, request, serial), vendor)

    def _fault(self, asked: object, header: str | None) -> Fault | None:
        if isinstance(asked, Ask | Result):
            return self._plan.next(header, asked.model)
        return self._plan.next(header, "") if isinstance(asked, File) else self._plan.named(header)

    def _check(self, key: str | None) -> None:
        if self._api_key is not None and key != self._api_key:
            raise BadRequest("Incorrect API key provided.", status=401, code="invalid_api_key")

    def _answer(self, vendor: Vendor, ask: Ask, fault: Fault | None, serial: int) -> Iterator[Op]:
        response_id = vendor.response_id(serial)
        turn = () if replaces_answer(fault) else self._turn(vendor, ask, serial, response_id)
        steps = _noted(vendor, ask, alter_steps(fault, completed(turn, ask, serial, response_id), vendor))
        wiring = vendor.wiring_of(ask, int(self._clock()))
        if ask.kept:
            kept = self._kept.keep(response_id, _streamed(steps, vendor, wiring, ask, serial))
            return (
                kept if ask.stream else self._again(vendor, Again(response_id, stream=False, model=ask.model), serial)
            )
        if ask.stream:
            return _streamed(steps, vendor, wiring, ask, serial)
        return _whole(steps, vendor, wiring, ask, serial)

    def _again(self, vendor: Vendor, again: Again, serial: int) -> Iterator[Op]:
        """The rest of an answer that was kept."""
        ops = self._kept.again(again)
        if ops is None:
            return _refused(vendor, Refuse(404, f"No answer with id '{again.response_id:.80}' is kept."), serial)
        if again.stream:
            return iter(ops)
        stream = b"".join(op for op in ops if isinstance(op, bytes))
        return _joined(stream, vendor, Ask(again.model), serial)

    def _turn(self, vendor: Vendor, ask: Ask, serial: int, response_id: str) -> Iterable[Step]:
        turn = self._turns.next()
        return self._default(vendor, ask, serial, response_id) if turn is None else turn

    def _default(self, vendor: Vendor, ask: Ask, serial: int, response_id: str) -> Iterator[Step]:
        yield start(model=ask.model, response_id=response_id)
        for chunk in vendor.answer(ask, serial):
            if self._delay and not isinstance(chunk, Wait) and chunk.type in _SPOKEN:  # some answers wait by themselves
                yield Wait(self._delay)
            yield chunk


def _noted(vendor: Vendor, ask: Ask, steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, BaseStreamChunk):
            vendor.note(ask, step)
        yield step


def _streamed(steps: Iterable[Step], vendor: Vendor, wiring: Wiring, ask: Ask, serial: int) -> Iterator[Op]:
    kind = vendor.content_type_of(ask)
    head: Head | None = Head(200, (("content-type", kind), ("cache-control", "no-cache"), _id(serial)))
    for step in steps:
        if isinstance(step, Refuse) and head is not None:
            yield from _refused(vendor, step, serial)
            return
        if head is not None and not isinstance(step, Wait):
            yield head
            head = None
        yield from _spoken(step, wiring)
        if isinstance(step, Close):
            return
    if head is not None:
        yield head
    if tail := wiring.close():
        yield tail


def _whole(steps: Iterable[Step], vendor: Vendor, wiring: Wiring, ask: Ask, serial: int) -> Iterator[Op]:
    """Say everything at once; waits stay where they were, and a cut leaves the first half."""
    stream = bytearray()
    for step in steps:
        if isinstance(step, Refuse):
            yield from _refused(vendor, step, serial)
            return
        if isinstance(step, Close):
            *head, body = _joined(bytes(stream), vendor, ask, serial)
            yield from (*head, body[: len(body) // 2] if isinstance(body, bytes) else b"", step)
            return
        for op in _spoken(step, wiring):
            if isinstance(op, bytes):
                stream += op
            else:
                yield op
    yield from _joined(bytes(stream) + wiring.close(), vendor, ask, serial)


def _joined(stream: bytes, vendor: Vendor, ask: Ask, serial: int) -> Iterator[Op]:
    try:
        document = vendor.whole(stream, ask)
    except Refused as problem:
        yield from _refused(vendor, problem.refuse, serial)
    except ValueError:
        yield from (_json_head(200, serial), stream)
    else:
        yield from _document(document, serial)


def _spoken(step: Step, wiring: Wiring) -> Iterator[Op]:
    if isinstance(step, BaseStreamChunk):
        yield from wiring.events(step)
    elif isinstance(step, Op):
        yield step


def _ops_of(asked: Result | Reply | File | JSON, request: Request, serial: int) -> Iterator[Op]:
    if isinstance(asked, File):
        return file_ops(asked, request)
    if isinstance(asked, Reply | Result):
        return _document(asked.document, serial, asked.headers)
    return _document(asked, serial)


def _document(document: JSON, serial: int, more: tuple[tuple[str, str], ...] = ()) -> Iterator[Op]:
    yield from (_json_head(200, serial, more), json.dumps(document).encode())


def _refused(vendor: Vendor, refuse: Refuse, serial: int, param: str | None = None) -> Iterator[Op]:
    wait = () if refuse.retry_after is None else (("retry-after", f"{refuse.retry_after:g}"),)
    yield _json_head(refuse.status, serial, wait)
    yield json.dumps(vendor.refusal(refuse, param=param)).encode()


def _json_head(status: int, serial: int, more: tuple[tuple[str, str], ...] = ()) -> Head:
    return Head(status, (("content-type", "application/json"), _id(serial), *more))


def _id(serial: int) -> tuple[str, str]:
    return _REQUEST_ID, f"req_sim_{serial}"


def _with_id_as(header: str, ops: Iterator[Op]) -> Iterator[Op]:
    for op in ops:
        if isinstance(op, Head):
            named = ((header if name == _REQUEST_ID else name, value) for name, value in op.headers)
            yield Head(op.status, tuple(named))
        else:
            yield op
