"""Events of an Interactions stream: the deltas in typed form, everything else as the document it is.

Nine events of ten are deltas of text or arguments, and the largest hold media; steps and the interaction's own events
are read field by field, since the steps of Google's tools go back unchanged in the next request.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

CREATED: Final = "interaction.created"
STATUS_UPDATE: Final = "interaction.status_update"
COMPLETED: Final = "interaction.completed"
STEP_START: Final = "step.start"
STEP_DELTA: Final = "step.delta"
STEP_STOP: Final = "step.stop"
ERROR: Final = "error"

MEDIA: Final = frozenset(("image", "audio", "video", "document"))
"""Types of contents that are media."""

Index = Annotated[int, msgspec.Meta(ge=0)]


class Delta(msgspec.Struct, gc=False):
    """What a step adds; `type` says which of the fields count."""

    type: str = ""
    text: str | None = None
    arguments: Any = None
    data: bytes | None = None
    mime_type: str | None = None
    uri: str | None = None
    sample_rate: Index | None = None
    rate: Index | None = None
    channels: Index | None = None
    resolution: str | None = None


class Event(msgspec.Struct, gc=False):
    """A ``step.delta``, or an event of another type of which only that is known."""

    event_type: str = ""
    index: Index | None = None
    delta: Delta | None = None
    event_id: str | None = None
    metadata: Any = None


decode_event = msgspec.json.Decoder(Event).decode
"""Decode an event whose fields have the usual types; raises what msgspec raises."""
