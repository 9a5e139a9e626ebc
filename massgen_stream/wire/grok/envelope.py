"""What the messages of a response say besides its outputs: id, model, time, usage, files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .output import Output
from .proto_json import plain

Data = dict[str, Any]
FIELDS = ("created", "system_fingerprint", "service_tier", "output_files", "debug_output")
"""Fields of a message that go into `complete_response` under their own names."""


class Envelope:
    """The envelope of one response.

    Attributes:
        response_id: Its id, the first that was sent; empty until then.
        model: Its model, likewise.
    """

    def __init__(self) -> None:
        self.response_id = self.model = ""
        self._fingerprint = ""
        self._tier: Any = None
        self._created: Any = None
        self._debug: Any = None
        self._files: list[Data] = []
        self._usage: Any = None

    def start(self, message: Any) -> TextStreamChunk:
        """Return the first chunk of the response, of its first message."""
        self.response_id, self.model = message.id, message.model
        return TextStreamChunk(type=ChunkType.START, model=self.model or None, response_id=self.response_id or None)

    def take(self, message: Any) -> None:
        """Take one message; time and fingerprint are those told first, usage and tier the latest; files are added."""
        if message.HasField("usage") and message.usage.ByteSize():  # an empty report says nothing
            self._usage = message.usage
        if self._created is None and message.HasField("created"):
            self._created = message
        if not self._fingerprint:
            self._fingerprint = message.system_fingerprint
        if message.service_tier:
            self._tier = message
        if message.output_files:
            self._files += map(plain, message.output_files)
        if message.HasField("debug_output"):
            self._debug = message.debug_output
        if not (self.model and self.response_id):
            self.response_id, self.model = self.response_id or message.id, self.model or message.model

    def usage(self) -> Data | None:
        """Return the latest usage report as it was sent; None when none came."""
        return plain(self._usage) if self._usage is not None else None

    def complete_response(self, outputs: Iterable[Output]) -> TextStreamChunk | None:
        """Return the envelope as a chunk, None when nothing is known of it."""
        response: Data = {
            "id": self.response_id,
            "model": self.model,
            "created": _field(self._created, "created"),
            "system_fingerprint": self._fingerprint,
            "service_tier": _field(self._tier, "service_tier"),
            "output_files": self._files,
            "debug_output": plain(self._debug) if self._debug is not None else None,
            "outputs": [said for output in outputs if (said := output.logprobs()) is not None],
        }
        known = {name: value for name, value in response.items() if value}
        return TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=known) if known else None


def _field(message: Any, name: str) -> Any:
    """Return a field as JSON holds it; None without a message, and for a time that no calendar has."""
    if message is None:
        return None
    try:
        return plain(message).get(name)
    except ValueError:
        return None
