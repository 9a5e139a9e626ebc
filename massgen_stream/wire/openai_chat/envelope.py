"""What the events of a response say besides the message: ids, model, usage, log probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .choice import ChoiceState
from .events import Event
from .usage import unusable_figures, usage_of

Data = dict[str, Any]
FIELDS: Final = ("created", "system_fingerprint", "service_tier", "provider", "prompt_filter_results")
"""Fields of an event that go into `complete_response` under their own names."""


class Envelope:
    """The envelope of one response.

    Attributes:
        response_id: Id of the response, the first that was sent; empty until then.
        model: Its model, likewise.
        usage: The server's latest report, as it sent it.
    """

    def __init__(self) -> None:
        self.response_id = self.model = ""
        self.usage: Data | None = None
        self._fields: Data = {}

    def identify(self, event: Event) -> None:
        """Take id and model where they are not known yet."""
        self.response_id = self.response_id or event.id or ""
        self.model = self.model or event.model or ""

    def take(self, event: Event) -> None:
        """Take everything but usage; of each field the latest value counts."""
        self.identify(event)
        values = ((name, getattr(event, name)) for name in FIELDS)
        self._fields.update((name, value) for name, value in values if value)

    def start(self) -> TextStreamChunk:
        """Return the first chunk of the response."""
        return TextStreamChunk(type=ChunkType.START, model=self.model or None, response_id=self.response_id or None)

    def complete_response(self, choices: Iterable[ChoiceState]) -> TextStreamChunk | None:
        """Return the envelope as a chunk, None when nothing is known of it."""
        logprobs = [{"index": choice.index, "logprobs": said} for choice in choices if (said := choice.logprobs())]
        response = {"id": self.response_id, "model": self.model, **self._fields, "choices": logprobs}
        known = {name: value for name, value in response.items() if value}
        return TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=known) if known else None


def reported_usage(event: Event) -> Data | None:
    """Return the usage report of an event: OpenAI's place, else Groq's."""
    if event.usage:
        return event.usage
    usage = event.x_groq.get("usage") if event.x_groq else None
    return usage if isinstance(usage, dict) and usage else None


def usage_chunk(raw: Data) -> TextStreamChunk:
    """Return the chunk for a report that comes in an event of its own."""
    return TextStreamChunk(type=ChunkType.USAGE, usage=usage_of(raw))


def dropped_figures(raw: Data) -> list[str]:
    """Return the paths of the figures of a report that are no numbers."""
    return [f"usage.{path}" for path in unusable_figures(raw)]
