"""What the events of an answer say besides its steps: ids, model, status, usage, and where it can go on."""

from __future__ import annotations

from typing import Any

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..metadata import Metadata
from .fields import Data
from .finish import CONTINUES, TERMINAL, TOKEN, details_of
from .usage import added, unusable_figures, usage_of

_USAGES = ("total_usage", "usage")
"""Where the metadata of an event have the report; the SDK names the first, the server sends the second."""


class Envelope:
    """The envelope of one answer: of one interaction, or of several where it goes on in other requests.

    Attributes:
        response_id: Id of the answer's first interaction; empty when it is not known.
        interaction_id: Id of the latest one.
        model: The model, or the agent.
        status: The latest status.
        token: With which the answer goes on, if it does in another request.
    """

    def __init__(self) -> None:
        self.response_id = self.interaction_id = self.model = self.status = self.token = ""
        self._usage: Data = {}
        self._before: Data = {}  # usage of the interactions that this one goes on from
        self._ids: list[str] = []
        self._steps: list[Any] = []  # of the interactions before, where each told them
        self._tells_steps = True
        self._parts = 0
        self._response: Data | None = None

    @property
    def paused(self) -> bool:
        """Whether the answer has to go on in another request."""
        return self.status == CONTINUES and self._response is not None

    @property
    def over(self) -> bool:
        """Whether the vendor has said that nothing more will come."""
        return self.status in TERMINAL

    @property
    def usage(self) -> Data:
        """The latest report, of all requests together."""
        return added(self._before, self._usage)

    def take_interaction(self, interaction: Data, read: Metadata) -> bool:
        """Take what any event with an interaction says; return whether it said what it is."""
        found = read.text(interaction, "id", "interaction")
        self._take_id(found)
        model = read.text(interaction, "model", "interaction") or read.text(interaction, "agent", "interaction")
        self.model = self.model or model
        status = read.text(interaction, "status", "interaction")
        self.status = status or self.status
        self.token = read.text(interaction, TOKEN, "interaction") or self.token
        self._take_usage(interaction, "usage", "interaction.", read)
        return bool(found or model or status)

    def take_completed(self, interaction: Data, read: Metadata) -> None:
        """Take the final object of an interaction."""
        self.status, self.token = "", ""
        self.take_interaction(interaction, read)
        self.status = self.status or "completed"
        self._response = interaction or {"status": self.status}
        self._parts += 1
        if self.status == CONTINUES:
            self._before, self._usage = self.usage, {}
            self._ids += [self.interaction_id] if self.interaction_id else []
            self._keep_steps(self._response)

    def take_update(self, event: Data, read: Metadata) -> None:
        """Take an ``interaction.status_update``."""
        self._take_id(read.text(event, "interaction_id", ""))
        self.status = read.text(event, "status", "") or self.status
        self.token = read.text(event, TOKEN, "") or self.token

    def take_reports(self, event: Data, read: Metadata) -> None:
        """Take the usage reports that any event may have; each counts everything so far."""
        self._take_usage(event, "usage", "", read)
        metadata = read.data(event, "metadata")
        for name in _USAGES:
            self._take_usage(metadata, name, "metadata.", read)

    def go_on(self) -> None:
        """The answer goes on in another request."""
        self.status, self._response = "in_progress", None

    def response(self) -> Data:
        """Return the vendor's final object; of several, the last one with what they have together."""
        found = self._response
        if found is None:
            known = {"id": self.interaction_id, "model": self.model, "status": self.status, "usage": self.usage}
            known[TOKEN] = self.token if self.status == CONTINUES else ""
            return {name: value for name, value in known.items() if value}
        others = [one for one in self._ids if one != self.interaction_id]
        merged: Data = {"continuation_ids": [*others, self.interaction_id]} if others else {}
        if self._parts > 1:
            steps = self.final_steps()
            merged |= {} if steps is None else {"steps": steps}
            found = {name: value for name, value in found.items() if name != "steps"}
        return found | merged | ({"usage": self.usage} if self._before else {})

    def final_steps(self) -> list[Any] | None:
        """Return the steps of the whole answer; None where the vendor did not tell them all."""
        told = (self._response or {}).get("steps")
        if not self._tells_steps or not isinstance(told, list):
            return None
        return self._steps if self.paused else [*self._steps, *told]

    def start(self) -> TextStreamChunk:
        """Return the first chunk of the answer."""
        return TextStreamChunk(type=ChunkType.START, model=self.model or None, response_id=self.response_id or None)

    def done(self, reason: str, *, normal: bool) -> TextStreamChunk:
        """Return the last chunk, with *reason*, our word; *normal* tells that the vendor said how it ended."""
        usage = self.usage
        return TextStreamChunk(
            type=ChunkType.DONE,
            finish_reason=reason,
            raw_finish_reason=self.status if normal else None,
            finish_details=(details_of(self.response()) or None) if normal else None,
            usage=usage_of(usage) if usage else None,
            usage_source="reported" if usage else "none",
        )

    def _keep_steps(self, interaction: Data) -> None:
        steps = interaction.get("steps")
        self._tells_steps = self._tells_steps and isinstance(steps, list)
        self._steps += steps if isinstance(steps, list) else []

    def _take_id(self, found: str) -> None:
        self.interaction_id = found or self.interaction_id
        self.response_id = self.response_id or found

    def _take_usage(self, owner: Data, name: str, path: str, read: Metadata) -> None:
        usage = read.data(owner, name, path)
        for figure in unusable_figures(usage):
            read.drop(f"usage.{figure}")
        self._usage = usage or self._usage
