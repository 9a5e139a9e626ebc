from typing import Any

import pytest

from massgen_stream.wire.openai_transcription.marks import marks_of, segment_mark, segment_of

WHISPER = {
    "language": "english", "duration": 5.5, "task": "transcribe",
    "segments": [{"id": 0, "start": 0.0, "end": 4.8, "text": " The", "avg_logprob": -0.4}],
    "words": [{"word": "The", "start": 0.0, "end": 0.5}],
}  # fmt: skip
SCRIBE = {
    "language_code": "eng", "audio_duration_secs": 7, "words": [
        {"text": "you", "start": 1, "end": 2, "type": "word", "speaker_id": "speaker_0", "logprob": 0.0},
        {"text": " ", "start": 2, "end": 2, "type": "spacing"}, {"text": "(laughs)", "type": "audio_event"},
    ],
}  # fmt: skip


def test_whisper() -> None:
    assert marks_of(WHISPER) == {
        "segments": [{"id": 0, "text": " The", "start_seconds": 0.0, "end_seconds": 4.8}],
        "words": [{"text": "The", "start_seconds": 0.0, "end_seconds": 0.5}],
        "languages": ["english"],
        "duration_seconds": 5.5,
    }


def test_scribe() -> None:
    assert marks_of(SCRIBE) == {
        "words": [
            {"text": "you", "start_seconds": 1, "end_seconds": 2, "speaker": "speaker_0"},
            {"text": "(laughs)", "kind": "audio_event"},
        ],
        "languages": ["eng"],
        "duration_seconds": 7,
    }


@pytest.mark.parametrize(
    ("doc", "languages"),
    [
        ({"languages": [{"code": "en"}, {"code": 5}, "de", None]}, ["en", "de"]), ({"languages": []}, None),
        ({"language": "", "language_code": "x"}, None), ({"language": None, "language_code": "x"}, ["x"]), ({}, None),
    ],
)  # fmt: skip
def test_languages(doc: dict[str, Any], languages: list[str] | None) -> None:
    assert marks_of(doc).get("languages") == languages


@pytest.mark.parametrize(
    "doc",
    [
        {}, {"segments": 5, "words": None}, {"segments": [5, None, {}]}, {"words": [{"start": "0", "text": 5}]},
        {"duration": True}, {"duration": float("inf")}, {"segments": [{"id": True, "speaker": []}]},
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_left_out(doc: dict[str, Any]) -> None:
    assert marks_of(doc) == {}


def test_a_segment_is_said_again() -> None:
    said = {"id": "seg_0", "text": "Hi", "start": 0.5, "end": 1, "speaker": "A"}
    assert segment_of(segment_mark(said)) == said
    assert segment_of({**segment_mark(said), "new": 1}) == said
