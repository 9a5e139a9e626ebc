"""Which fault the next request meets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .faults import Fault, checked_fault, fault_of_model, parse_fault

Chosen = Fault | str | None
Faults = Chosen | Sequence[Chosen]


class FaultPlan:
    """Chooses the fault of each request, and counts where a fault has a number of `times`.

    Raises:
        ConfigurationError: *faults* names none that exists.
    """

    def __init__(self, faults: Faults = None) -> None:
        self._queue: Iterator[Fault | None] = iter(())
        self._count: Counter[Fault] = Counter()
        if isinstance(faults, Sequence) and not isinstance(faults, str):
            self._queue = iter([fault for one in faults for fault in _repeated(_read(one))])
            return
        always = _read(faults)
        if always is not None:
            self._queue = _endless(always) if always.times is None else iter([always] * always.times)

    def next(self, header: str | None, model: str) -> Fault | None:
        """Return the fault for a request with this header and model.

        Raises:
            ConfigurationError: They name one that does not exist.
        """
        text = header or fault_of_model(model)
        return next(self._queue, None) if text is None else self._counted(parse_fault(text))

    def named(self, header: str | None) -> Fault | None:
        """Return the fault for a request that asks for no answer: the one that its header names.

        Raises:
            ConfigurationError: It names one that does not exist.
        """
        return self._counted(parse_fault(header)) if header else None

    def _counted(self, fault: Fault) -> Fault | None:
        if fault.times is None:
            return fault
        self._count[fault] += 1
        if self._count[fault] <= fault.times:
            return fault
        del self._count[fault]
        return None


def _read(fault: Chosen) -> Fault | None:
    if fault is None:
        return None
    return parse_fault(fault) if isinstance(fault, str) else checked_fault(fault)


def _repeated(fault: Fault | None) -> list[Fault | None]:
    return [fault] * (1 if fault is None or fault.times is None else fault.times)


def _endless(fault: Fault) -> Iterator[Fault]:
    while True:
        yield fault
