"""Videos that are being made: a quarter with each look, and there at the fifth."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final
from uuid import uuid4

import msgspec

from .faults import ErrorEvent, fault_of_model, parse_fault
from .vendor import BadRequest

_MOST_JOBS: Final = 10_000
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
    """

    model: str
    seconds: int
    width: int
    height: int
    told: dict[str, Any] = {}
    looks: int = 0

    @property
    def percentage(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, _STEP_PERCENT * max(0, self.looks - 1))

    @property
    def failure(self) -> ErrorEvent | None:
        """How it ends, where its model asks for the fault ``error``."""
        return failure_of(self.model)


class Jobs:
    """The latest jobs, by id."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    def begin(self, job: Job, job_id: str | None = None) -> str:
        """Return the id of a new job: the one that is given, or a random one."""
        job_id = job_id or str(uuid4())
        self._jobs[job_id] = job
        while len(self._jobs) > _MOST_JOBS:
            self._jobs.popitem(last=False)
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
            BadRequest: There is none.
        """
        job = self._jobs.get(job_id)
        if job is None:
            raise BadRequest(f"There is no job with id '{job_id:.80}'.", status=404)
        return job

    def forget(self, job_id: str) -> None:
        """Delete a job.

        Raises:
            BadRequest: There is none.
        """
        self.at(job_id)
        del self._jobs[job_id]


def failure_of(model: str) -> ErrorEvent | None:
    """Return the fault ``error`` that a model name asks for.

    Raises:
        ConfigurationError: It asks for one that does not exist.
    """
    text = fault_of_model(model)
    fault = parse_fault(text) if text else None
    return fault if isinstance(fault, ErrorEvent) else None
