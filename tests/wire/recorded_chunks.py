"""What decoders make of recorded answers."""

from functools import cache
from typing import Any

from massgen_stream import wire
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.cuts import decode, whole
from massgen_stream.testing.recorded import DOCUMENTS_OF, Recording
from massgen_stream.wire.documents import stream_of_document

from .polled_saying import chunks_of_looks, of_all


@cache
def chunks_of(protocol: str, recording: Recording) -> list[Any]:
    """Return what the decoder makes of a recording, in the way in which `docs/media_wires.md` says that it is fed."""
    if recording.meta["kind"] == "sequence":
        steps = zip(recording.meta["steps"], recording.bodies, strict=True)
        return of_all(chunks_of_looks(protocol, [body for step, body in steps if is_look(step)]))
    body = recording.body
    if recording.api in DOCUMENTS_OF.get(protocol, ()):
        body = stream_of_document(protocol, body)
    return decode(wire.decoder(protocol, **options_of(protocol, recording)), whole(body))


def options_of(protocol: str, recording: Recording) -> dict[str, Any]:
    """Return what the headers of the answer tell its decoder."""
    content_type = str(recording.meta["content_type"])
    is_sound = protocol == "openai.speech" and content_type.startswith("audio/")
    return {"audio_format": content_type} if is_sound else {}


def is_look(step: dict[str, Any]) -> bool:
    """Return whether a body of a polled sequence is the vendor's word, and no medium that was downloaded."""
    return any(kind in str(step["content_type"]) for kind in ("json", "event-stream"))


def texts_of(protocol: str, recording: Recording) -> list[TextStreamChunk]:
    """Return those that are no media."""
    return [chunk for chunk in chunks_of(protocol, recording) if isinstance(chunk, TextStreamChunk)]
