"""Chunks to bytes: what a server says for them, and what has no place is named."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk import narrow
from massgen_stream.testing.wires_openai_transcription import documents, texts

from ..endpoint_saying import Endpoint, body, documents_of
from .test_decoder import USAGE, delta, done, segment

transcription = Endpoint("openai.transcription")
UNSAID = "a Transcription stream has no place for it"


@given(texts(), st.sampled_from(("text", "srt", "vtt")))
def test_texts_are_said_again_as_events(text: str, form: str) -> None:
    chunks = transcription.decoded(text.encode(), response_format=form)
    assert transcription.read_again(chunks) == chunks


def test_events_are_the_vendors() -> None:
    events = [
        delta("Hel"), delta("lo", segment_id="seg_0", logprobs=[{"token": "lo"}]), segment("lo"),
        done("Hello", languages=[{"code": "en"}], usage=USAGE),
    ]  # fmt: skip
    data, losses = transcription.encoded(transcription.decoded(body(*events)))
    assert documents_of(data) == events
    assert data.startswith(b"event: transcript.text.delta\n")
    assert losses == []


def test_chunks_of_other_origin() -> None:
    marks = {
        "transcript": {"segments": [{"text": "Hi", "start_seconds": 0, "speaker": "A"}], "words": [{"text": "Hi"}]}
    }
    chunks = [
        narrow.start(model="scribe", provider="p"), narrow.content("Hi", provider_data=marks),
        narrow.done("stop", usage={"input_tokens": 3}, usage_source="reported"),
    ]  # fmt: skip
    data, losses = transcription.encoded(chunks)
    assert documents_of(data) == [
        {"type": "transcript.text.delta", "delta": "Hi", "model": "scribe"},
        {"type": "transcript.text.segment", "text": "Hi", "start": 0, "speaker": "A"},
        {"type": "transcript.text.done", "text": "Hi", "usage": {"input_tokens": 3}},
    ]
    assert losses == [f"start.provider: {UNSAID}", f"content.provider_data[transcript][words]: {UNSAID}"]


def test_marks_that_the_response_says_are_not_said_twice() -> None:
    words = [{"word": "Hi", "start": 0.0, "end": 0.5}]
    chunks = transcription.decoded(body(delta("Hi"), done("Hi", words=words)))
    data, losses = transcription.encoded(chunks)
    assert documents_of(data) == [delta("Hi"), done("Hi", words=words)]
    assert losses == []


@pytest.mark.parametrize("reason", ["incomplete", "cancelled", "error"])
def test_a_stream_that_broke_off_has_no_end(reason: str) -> None:
    data, _ = transcription.encoded([narrow.start(), narrow.content("x"), narrow.done(reason)])
    assert documents_of(data) == [delta("x")]


def test_another_end() -> None:
    assert transcription.encoded([narrow.done("other")])[0] == b"data: [DONE]\n\n"
    data, losses = transcription.encoded([narrow.content("x"), narrow.done("length")])
    assert documents_of(data)[-1] == done("x")
    assert losses == [f"done.finish_reason length: {UNSAID}"]


LOST = [
    (narrow.content("x", phase="commentary"), ["content.phase"]),
    (narrow.content("x", provider_data={"z": {}}), ["content.provider_data[z]"]),
    (
        narrow.content("x", provider_data={"openai.transcription": {"y": 1}}),
        ["content.provider_data[openai.transcription][y]"],
    ),
    (narrow.content("x", choice_index=2), ["content"]),
    (narrow.reasoning("x"), ["reasoning"]),
    (narrow.media("m", media_type="image", media_encoding="url", media_data="https://x"), ["media"]),
    (narrow.backend_status("contradiction", detail="something else"), ["backend_status"]),
    (narrow.backend_status("ignored_field", detail="size"), ["backend_status"]),
    (narrow.done("stop", finish_details={"a": 1}), ["done.finish_details"]),
]  # fmt: skip


@pytest.mark.parametrize(("chunk", "losses"), LOST)
def test_losses(chunk: Any, losses: list[str]) -> None:
    _, told = transcription.encoded([chunk])
    assert [line.partition(":")[0] for line in told] == losses


@given(documents())
def test_a_document_is_said_again_as_one(document: dict[str, Any]) -> None:
    chunks = transcription.decoded(json.dumps(document).encode())
    data, losses = transcription.encoded(chunks, whole=True)
    assert transcription.decoded(data) == chunks
    assert losses == []


def test_a_stream_said_as_a_document() -> None:
    events = [delta("Hel", logprobs=[{"token": "Hel"}]), delta("lo"), segment("Hello"), done("Hello", usage=USAGE)]
    data, losses = transcription.encoded(transcription.decoded(body(*events)), whole=True)
    assert json.loads(data) == {"text": "Hello", "segments": [segment("Hello")], "usage": USAGE}
    assert losses == ["transcript.text.delta.logprobs: a document has no place for it"]
