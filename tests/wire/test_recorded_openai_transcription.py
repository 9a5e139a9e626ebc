"""Recorded truth: real answers, decoded, give the facts that an independent reader found in them."""

import json
from typing import Any

import pytest

from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .recorded_chunks import chunks_of

PROTOCOL = "openai.transcription"
RECORDINGS = [one for one in witnesses(PROTOCOL) if one.body.lstrip().startswith(b"{") and b'"text"' in one.body]
"""Those that are a document of one transcript."""

pytestmark = pytest.mark.skipif(not RECORDINGS, reason=skip_reason(PROTOCOL))
each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: f"{recording.api}-{recording.name}")


def marks(recording: Recording) -> dict[str, Any]:
    data = [chunk.provider_data for chunk in chunks_of(PROTOCOL, recording) if isinstance(chunk, TextStreamChunk)]
    found = [one["transcript"] for one in data if one is not None and "transcript" in one]
    return found[0] if found else {}


@each
def test_marks_are_those_of_the_body(recording: Recording) -> None:
    """Every time, speaker and language of the document is in the neutral place."""
    doc = json.loads(recording.body)
    if "text" not in doc:
        return  # by channel
    spoken = [word for word in doc.get("words") or () if word.get("type") != "spacing"]
    for name, items in (("segments", doc.get("segments") or []), ("words", spoken)):
        told = [
            (one["text"], one.get("start_seconds"), one.get("end_seconds"), one.get("speaker"))
            for one in marks(recording).get(name, ())
        ]
        assert told == [(text_of(one), one.get("start"), one.get("end"), speaker_of(one)) for one in items]
    duration = doc.get("duration") or doc.get("audio_duration_secs")
    assert marks(recording).get("duration_seconds") == (None if duration is None else float(duration))
    language = doc.get("language") or doc.get("language_code")
    assert marks(recording).get("languages") == (None if language is None else [language])


def text_of(item: dict[str, Any]) -> Any:
    return item.get("text", item.get("word"))


def speaker_of(item: dict[str, Any]) -> Any:
    speaker = item.get("speaker", item.get("speaker_id"))
    return None if speaker is None else str(speaker)


def test_there_are_marks() -> None:
    """So that the comparison above compares something."""
    assert any(marks(one).get(name) for one in RECORDINGS for name in ("segments", "words"))
