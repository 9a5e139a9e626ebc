"""What a reader holds of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..backend.cost import Cost
from ..backend.run import Job
from ..backend.stream import ChunkStream
from .loop import Loop


class AgentStream(ChunkStream):
    """A run as one stream: every turn of the model, what its tools did between them, and one `done`.

    Inner turns end in `turn_done`; chunks that a tool streams have a source of their own. `cancel` ends the turn or the
    tools that run, in order. The `timing` is that of the whole run.
    """

    __slots__ = ("_loop",)

    def __init__(self, loop: Loop, job: Job) -> None:
        super().__init__(job)
        self._loop = loop

    @property
    def messages(self) -> Sequence[Mapping[str, Any]]:
        """The conversation: what was asked, every turn that has ended, and the answers to its calls.

        Give it to the next run, with what the user says then.
        """
        return tuple(self._loop.messages)

    def cancel(self) -> None:
        """End the run in order: what has arrived and ``done("cancelled")``, with usage, still come."""
        self._loop.cancel()

    async def cost(self) -> Cost | None:
        """Return what the turns of the model have cost so far; None where one of them has no known price.

        Raises:
            MissingExtra: Prices are needed, and the extra ``cost`` is not installed.
        """
        return await self._loop.cost()
