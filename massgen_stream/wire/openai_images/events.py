"""The events and the document of the Images API: only the fields we use, in the types that well-behaved servers send.

https://platform.openai.com/docs/api-reference/images-streaming, and what compatible hosts add: ``media_type`` and
``image_generation.text_chunk`` (OpenRouter), ``mime_type`` (xAI).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec

PROTOCOL: Final = "openai.images"
PARTIAL: Final = "image_generation.partial_image"
COMPLETED: Final = "image_generation.completed"
TEXT: Final = "image_generation.text_chunk"
KINDS: Final[Mapping[str, str]] = {
    PARTIAL: PARTIAL,
    COMPLETED: COMPLETED,
    TEXT: TEXT,
    "image_edit.partial_image": PARTIAL,
    "image_edit.completed": COMPLETED,
    "image_edit.text_chunk": TEXT,
}
"""Types of events, to what they are."""

FORM: Final = frozenset(("output_format", "size"))
"""What an event says of the form of its picture."""

ENVELOPE: Final = (
    "created", "created_at", "model", "background", "output_format", "quality", "size", "safety_identifier",
    "svg_usage",
)  # fmt: skip
"""What goes into `complete_response`."""

CONTENT: Final = "content"
REASONING: Final = "reasoning"
"""Phases of the text that OpenRouter streams: what can be shown, and what the model thought. A third is ``draft``."""

Index = Annotated[int, msgspec.Meta(ge=0)]


class Picture(msgspec.Struct, gc=False):
    """One picture; `b64_json` is base64 on the wire."""

    b64_json: bytes | None = None
    url: str | None = None
    revised_prompt: str | None = None
    media_type: str | None = None
    mime_type: str | None = None


class Event(Picture, gc=False):
    """An event, or a document: that has its pictures in `data`."""

    type: str | None = None
    data: list[Picture] | None = None
    partial_image_index: Index | None = None
    output_format: str | None = None
    size: str | None = None
    background: str | None = None
    quality: str | None = None
    created: int | None = None
    created_at: int | None = None
    model: str | None = None
    safety_identifier: str | None = None
    svg_usage: dict[str, Any] | None = None
    usage: dict[str, Any] | None = None
    text: str | None = None
    phase: str | None = None
    error: Any = None


decode_event = msgspec.json.Decoder(Event).decode
"""Decode an event whose fields have the usual types; raises what msgspec raises."""
