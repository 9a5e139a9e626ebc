"""Videos that are being made: a quarter with each look, and there at the fifth."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

import msgspec

from .faults import ErrorEvent, fault_of_model, parse_fault
from .given import Ids
from .vendor import BadRequest

_STEP_PERCENT: Final = 25


class Job(msgspec.Struct):
    """One video.

    Attributes:
        model: Model id, as asked for.
        seconds: Its length.
        width: In pixels.
        height: In pixels.
        told: What is told of it besides.
        looks: How often it has been asked for.
        ends: When it expires, in Unix seconds; None: never.
    """

    model: str
    seconds: int
    width: int
    height: int
    told: dict[str, Any] = {}
    looks: int = 0
    ends: float | None = None

    @property
    def percentage(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, _STEP_PERCENT * max(0, self.looks - 1))

    @property
    def failure(self) -> ErrorEvent | None:
        """How it ends, where its model asks for the fault ``error``."""
        return failure_of(self.model)


class Jobs:
    """Jobs by the ids that were given for them.

    Args:
        ids: Those; other things may have some of them, which are no jobs.
        seconds: How long the vendor knows a job, as documented; None: it says nothing.
    """

    def __init__(self, ids: Ids[Any], seconds: float | None = None) -> None:
        self.ids, self._seconds = ids, seconds

    def begin(self, job: Job, job_id: str | None = None) -> str:
        """Return the id of a new job: the one that is given, or a random one."""
        job_id = job_id or str(uuid4())
        job.ends = self.ids.give(job_id, job, self._seconds)
        return job_id

    def look(self, job_id: str) -> Job:
        """Return a job that has gone on since the last look.

        Raises:
            BadRequest: There is none.
        """
        job = self.at(job_id)
        job.looks += 1
        return job

    def at(self, job_id: str) -> Job:
        """Return a job as it is.

        Raises:
            BadRequest: There is none, or no more.
        """
        job = self.ids.find(job_id)
        if not isinstance(job, Job):
            raise BadRequest(f"There is no job with id '{job_id:.80}'.", status=404)
        return job

    def expired(self, job_id: str) -> Job | None:
        """Return a job whose time is over; None for others."""
        job = self.ids.expired(job_id)
        return job if isinstance(job, Job) else None

    def forget(self, job_id: str) -> None:
        """Delete a job.

        Raises:
            BadRequest: There is none.
        """
        self.at(job_id)
        self.ids.forget(job_id)


def failure_of(model: str) -> ErrorEvent | None:
    """Return the fault ``error`` that a model name asks for.

    Raises:
        ConfigurationError: It asks for one that does not exist.
    """
    text = fault_of_model(model)
    fault = parse_fault(text) if text else None
    return fault if isinstance(fault, ErrorEvent) else None
