"""Transcription bytes to chunks: events, documents, plain text and subtitles."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream import wire
from massgen_stream.errors import ConfigurationError
from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.testing.cuts import byte_by_byte, cuts, decode
from massgen_stream.testing.wires_openai_transcription import texts

from ..endpoint_saying import Data, Endpoint, body, types

transcription = Endpoint("openai.transcription")
USAGE = {"type": "tokens", "input_tokens": 14, "output_tokens": 45, "total_tokens": 59}


def delta(text: str, **fields: Any) -> Data:
    return {"type": "transcript.text.delta", "delta": text, **fields}


def segment(text: str, own: Any = "seg_0", **fields: Any) -> Data:
    said = {"type": "transcript.text.segment", "id": own, "start": 0.0, "end": 3.5, "speaker": "A", "text": text}
    return {name: value for name, value in {**said, **fields}.items() if value is not None}


def done(text: str | None = None, **fields: Any) -> Data:
    return {"type": "transcript.text.done", **({} if text is None else {"text": text}), **fields}


def contents(chunks: list[Any]) -> list[str]:
    return [chunk.content for chunk in chunks if chunk.type == "content"]


def statuses(chunks: list[Any]) -> list[tuple[str, str]]:
    return [(chunk.status, chunk.detail) for chunk in chunks if chunk.type == "backend_status"]


@given(texts(), st.sampled_from(("text", "srt", "vtt")), st.data())
def test_any_cut_of_a_text_gives_equal_legal_chunks(text: str, form: str, chance: st.DataObject) -> None:
    chunks = transcription.decoded(text.encode(), response_format=form)
    decoder = wire.decoder("openai.transcription", response_format=form)
    assert decode(decoder, chance.draw(cuts(text.encode()))) == chunks


def test_a_stream() -> None:
    logprobs = [{"token": "The", "logprob": -0.5}]
    events = (delta("The", logprobs=logprobs), delta(" fox"), done("The fox", usage=USAGE, languages=[{"code": "en"}]))
    chunks = transcription.decoded(body(*events))
    assert types(chunks) == ["start", "content", "content", "content", "complete_response", "done"]
    assert contents(chunks) == ["The", " fox", ""]
    assert chunks[1].provider_data == {"openai.transcription": {"logprobs": logprobs}}
    assert chunks[3].provider_data == {"transcript": {"languages": ["en"]}}
    assert chunks[4].response == {"languages": [{"code": "en"}]}
    assert (chunks[-1].finish_reason, chunks[-1].usage["total_tokens"]) == ("stop", 59)


def test_a_document_says_what_the_last_event_says() -> None:
    document: Data = {"text": "The fox", "usage": USAGE, "language": "english", "duration": 5.5}
    chunks = transcription.decoded(json.dumps(document).encode())
    assert chunks == transcription.decoded(body(done(**document)))
    assert types(chunks) == ["start", "content", "content", "complete_response", "done"]
    assert chunks[2].provider_data == {"transcript": {"languages": ["english"], "duration_seconds": 5.5}}
    assert chunks[3].response == {"language": "english", "duration": 5.5}


def test_segments_and_speakers() -> None:
    chunks = transcription.decoded(
        body(delta("Hello", segment_id="seg_0"), segment("Hello"), segment(" there", "seg_1", speaker="B"), done())
    )
    assert [(chunk.content, chunk.item_id) for chunk in chunks if chunk.type == "content"] == [
        ("Hello", "seg_0"), ("", "seg_0"), (" there", "seg_1"),
    ]  # fmt: skip
    assert chunks[3].provider_data["transcript"]["segments"] == [
        {"id": "seg_1", "text": " there", "start_seconds": 0.0, "end_seconds": 3.5, "speaker": "B"}
    ]
    assert statuses(chunks) == []


def test_the_message_carries_all_marks() -> None:
    collected = Accumulator()
    for chunk in transcription.decoded(body(segment("a"), segment("b", "seg_1"), done())):
        collected.feed(chunk)
    parts = collected.message()["content"]
    marks = [mark for part in parts for mark in part["provider_data"]["transcript"]["segments"]]
    assert [mark["text"] for mark in marks] == ["a", "b"]


def test_deltas_without_segments_are_not_said_twice() -> None:
    chunks = transcription.decoded(body(delta("Hello there"), segment("Hello"), segment(" there", "seg_1"), done()))
    assert contents(chunks) == ["Hello there", "", ""]


@pytest.mark.parametrize(
    ("events", "said", "told"),
    [
        ((delta("The"), done("The fox")), ["The", " fox"], []),
        ((delta("The fox"), done("The fox")), ["The fox"], []),
        ((delta("The\n"), done("The")), ["The\n"], []),
        ((delta("The cat"), done("The fox")), ["The cat"], ["transcript.text.done"]),
        ((delta("A", segment_id="s"), segment(" A", "s"), done()), ["A", ""], []),
        ((delta("A", segment_id="s"), segment("B", "s"), done()), ["A", ""], ["transcript.text.segment of s"]),
        ((delta("A", segment_id="s"), segment("A!", "s"), done("A!")), ["A", "!"], []),
        ((segment("A", None), done("A B")), ["A", " B"], []),
        ((delta("A"), done()), ["A"], []),
        ((delta("A"), done("")), ["A"], []),
    ],
)  # fmt: skip
def test_finals(events: tuple[Data, ...], said: list[str], told: list[str]) -> None:
    chunks = transcription.decoded(body(*events))
    assert contents(chunks) == said
    details = [("contradiction", f"{what} contradicts its deltas; the deltas stand") for what in told]
    assert statuses(chunks) == details
    assert transcription.read_again(chunks) == chunks


def test_a_text_that_the_deltas_do_not_say_is_kept() -> None:
    chunks = transcription.decoded(body(delta("The cat"), done("The fox")))
    assert chunks[-2].response == {"text": "The fox"}


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ((delta("A"),), "incomplete"), ((delta("A"), b"[DONE]"), "other"), ((b"[DONE]",), "other"),
        ((delta("A"), done(), b"rubbish"), "stop"), ((delta("A"), {"error": {"message": "x"}}), "error"),
        ((delta("A"), b"rubbish"), "error"), (({"type": "transcript.text.new", "delta": 5},), "incomplete"),
        (({"type": "error", "error": {"message": "x"}}, done("A")), "error"),
    ],
)  # fmt: skip
def test_ends(events: tuple[Any, ...], reason: str) -> None:
    assert transcription.decoded(body(*events))[-1].finish_reason == reason


@pytest.mark.parametrize(
    ("odd", "what"),
    [
        (delta("x") | {"delta": 5}, "transcript.text.delta: delta is int"),
        (segment("x") | {"text": []}, "text is list"),
        (done() | {"text": {}}, "transcript.text.done: text is dict"),
    ],
)  # fmt: skip
def test_text_must_be_usable(odd: Data, what: str) -> None:
    chunks = transcription.decoded(body(delta("A"), odd))
    assert types(chunks) == ["start", "content", "error", "done"]
    assert what in chunks[2].error
    assert transcription.read_again(chunks) == chunks
    assert types(transcription.decoded(b'{"text":5}')) == ["error", "done"]


@pytest.mark.parametrize("kind", [delta, segment, done])
@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"segment_id": 5}, "segment_id"), ({"logprobs": {}}, "logprobs"), ({"usage": []}, "usage"),
        ({"usage": {"output_tokens": 1.5}}, "usage.output_tokens"), ({"id": True}, "id"), ({"start": "0"}, "start"),
        ({"speaker": []}, "speaker"), ({"audio_language": 5}, "audio_language"),
        ({"segments": 5}, "segments"), ({"languages": "en"}, "languages"),
        ({"end": float("nan")}, "end"), ({"model": ["m"]}, "model"), ({"duration": {}}, "duration"),
    ],
)  # fmt: skip
def test_other_fields_are_dropped_and_named_once(kind: Any, fields: Data, path: str) -> None:
    odd = {**kind("A"), **fields}
    chunks = transcription.decoded(body(odd, odd, done()))
    assert statuses(chunks) == [("ignored_field", path)]
    assert "A" in contents(chunks)
    assert transcription.read_again(chunks) == chunks


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"error":{"message":"x","code":"y"}}', "y"), (b'{"text":"abc', "truncated"), (b"<html>", "not_a_stream"),
        (b'{"transcript":"abc"}', "not_a_stream"), (b'{"text": nope}', "malformed_event"), (b"", "truncated"),
        (b'{"results":{"channels":5}}', "not_a_stream"), (b"\xef\xbb\xbf \n", "truncated"), (b"dat", "truncated"),
        (b"one line\nev", "truncated"), (b"foreign: 1\n", "truncated"), (b"one line\n: ping", "truncated"),
    ],
)  # fmt: skip
def test_bodies_that_are_no_transcript(data: bytes, code: str) -> None:
    chunks = transcription.decoded(data)
    assert (types(chunks), chunks[0].error_info["code"]) == (["error", "done"], code)


def test_plain_text() -> None:
    chunks = transcription.decoded("\ufeffДа.\n".encode(), response_format="text")
    assert (types(chunks), contents(chunks)) == (["start", "content", "done"], ["Да.\n"])
    assert types(transcription.decoded(b"", response_format="text")) == ["start", "done"]


@pytest.mark.parametrize(
    ("text", "said", "form"),
    [
        (" The quick\nfox: it ran.\n", " The quick\nfox: it ran.\n", None), ("\ufeffDa.", "Da.", None),
        ("1\n00:00:00,000 --> 00:00:04,800\nThe quick\n", "The quick", "srt"),
        ("WEBVTT\n\n00:00.000 --> 00:04.800\nThe quick\n", "The quick", "vtt"),
    ],
)  # fmt: skip
def test_a_text_of_a_format_that_nobody_told(text: str, said: str, form: str | None) -> None:
    chunks = transcription.decoded(text.encode())
    assert contents(chunks)[0] == said
    assert next((chunk.response["format"] for chunk in chunks if chunk.type == "complete_response"), None) == form
    assert chunks[-1].finish_reason == "stop"
    assert decode(wire.decoder("openai.transcription"), byte_by_byte(text.encode())) == chunks
    assert types(transcription.decoded(text.encode(), response_format="json")) == ["error", "done"]


def test_a_text_of_a_format_that_nobody_told_has_a_limit() -> None:
    decoder = wire.decoder("openai.transcription", max_event_bytes=5)
    assert decoder.feed(b"12345") == []
    assert types(decoder.feed(b"6")) == ["error", "done"]
    assert decoder.feed(b"7") == decoder.close() == []


def test_subtitles() -> None:
    text = "1\n00:00:00,000 --> 00:00:04,800\nThe quick\n\n2\n00:00:04,800 --> 00:01:00,000\nfox\n"
    chunks = transcription.decoded(text.encode(), response_format="srt")
    assert contents(chunks) == ["The quick\nfox", ""]
    assert chunks[2].provider_data["transcript"]["segments"] == [
        {"id": "1", "text": "The quick", "start_seconds": 0.0, "end_seconds": 4.8},
        {"id": "2", "text": "fox", "start_seconds": 4.8, "end_seconds": 60.0},
    ]
    assert (chunks[3].response["format"], chunks[3].response["body"]) == ("srt", text)


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (b' {"error":{"message":"x"}}', ["error", "done"]), (b"<!DOCTYPE html><p>no</p>", ["error", "done"]),
        (b'{"text":"after all"}', ["start", "content", "done"]), (b"<v Ann>hi</v>", ["start", "content", "done"]),
    ],
)  # fmt: skip
def test_errors_and_documents_where_a_text_was_asked_for(data: bytes, kinds: list[str]) -> None:
    assert types(transcription.decoded(data, response_format="text")) == kinds


def test_a_text_over_the_limit_ends_at_once() -> None:
    decoder = wire.decoder("openai.transcription", response_format="text", max_event_bytes=5)
    assert decoder.feed(b"12345") == []
    assert types(decoder.feed(b"6")) == ["error", "done"]
    assert decoder.feed(b"7") == decoder.close() == []


def test_an_unknown_format_is_a_misuse() -> None:
    with pytest.raises(ConfigurationError, match="unknown response_format 'xml'; use one of json, "):
        wire.decoder("openai.transcription", response_format="xml")


def test_the_model_of_the_first_event() -> None:
    assert transcription.decoded(b'{"text":"A","model":"voxtral"}')[0].model == "voxtral"
    assert transcription.decoded(body(delta("A", model="m"), done(model="n")))[0].model == "m"
    silent = transcription.decoded(body(delta("", model="m"), done("")))
    assert transcription.read_again(silent) == silent


MISTRAL_USAGE = {"prompt_audio_seconds": 3, "prompt_tokens": 3, "total_tokens": 389, "completion_tokens": 11}


def test_mistral_streams_events_of_its_own() -> None:
    """Names and fields of `TranscriptionStreamEvents` in Mistral's SDK; a segment repeats what its deltas said."""
    events = (
        {"type": "transcription.language", "audio_language": "en"},
        {"type": "transcription.text.delta", "text": "Hello"}, {"type": "transcription.text.delta", "text": " you."},
        {"type": "transcription.segment", "text": "Hello you.", "start": 0.1, "end": 3, "speaker_id": "speaker_1"},
        {"type": "transcription.done", "model": "voxtral", "text": "Hello you.", "usage": MISTRAL_USAGE},
    )  # fmt: skip
    chunks = transcription.decoded(body(*events))
    assert contents(chunks) == ["", "Hello", " you.", ""]
    assert chunks[1].provider_data == {"transcript": {"languages": ["en"]}}
    mark = {"text": "Hello you.", "start_seconds": 0.1, "end_seconds": 3, "speaker": "speaker_1"}
    assert chunks[4].provider_data == {"transcript": {"segments": [mark]}}
    assert (chunks[-1].finish_reason, chunks[-1].usage["raw"]) == ("stop", MISTRAL_USAGE)
    assert transcription.read_again(chunks) == chunks


def test_segments_without_ids_are_told_as_they_come() -> None:
    said = [segment("Hello,", None), segment(" you.", None), done("Hello, you.")]
    assert contents(transcription.decoded(body(*said))) == ["Hello,", " you."]


def test_mistral_text_must_be_usable() -> None:
    chunks = transcription.decoded(body({"type": "transcription.text.delta", "text": 5}))
    assert "transcription.text.delta: text is int" in chunks[0].error
    assert transcription.read_again(chunks) == chunks


WORD = {"word": "hello", "punctuated_word": "Hello", "start": 0.1, "end": 0.5, "confidence": 0.9, "speaker": 0}
HEARD = {"transcript": "Hello you.", "confidence": 0.9, "words": [WORD]}
MARKED = {"text": "Hello", "start_seconds": 0.1, "end_seconds": 0.5, "speaker": "0"}


def test_a_transcript_of_deepgram() -> None:
    """https://developers.deepgram.com/docs/utterances and the pages beside it."""
    spoken = {"id": "u1", "start": 0.1, "end": 1.0, "channel": 0, "speaker": 0, "transcript": "Hello you."}
    channel = {"alternatives": [HEARD, {"transcript": "Hallo"}], "detected_language": "en"}
    doc = {"metadata": {"duration": 3.7}, "results": {"channels": [channel], "utterances": [spoken]}}
    chunks = transcription.decoded(json.dumps(doc).encode())
    assert (contents(chunks), chunks[3].response, chunks[-1].finish_reason) == (["Hello you.", ""], doc, "stop")
    assert chunks[2].provider_data["transcript"] == {
        "segments": [
            {"id": "u1", "text": "Hello you.", "start_seconds": 0.1, "end_seconds": 1.0, "speaker": "0"}
        ],
        "words": [MARKED], "languages": ["en"], "duration_seconds": 3.7,
    }  # fmt: skip
    assert transcription.read_again(chunks) == chunks


@pytest.mark.parametrize(
    "doc",
    [
        {"results": {"channels": [{"alternatives": [HEARD]}, {"alternatives": [{"transcript": "Bye."}]}]}},
        {"transcripts": [
            {"text": "Hello you.", "words": [{**WORD, "type": "word"}], "channel_index": 0, "language_code": "eng"},
            {"text": "Bye.", "channel_index": 1, "language_code": "eng"},
        ]},
    ],
)  # fmt: skip
def test_channels_follow_each_other(doc: Data) -> None:
    chunks = transcription.decoded(json.dumps(doc).encode())
    assert contents(chunks) == ["Hello you.\nBye.", ""]
    assert chunks[2].provider_data["transcript"]["words"] == [MARKED]
    assert transcription.read_again(chunks) == chunks


@pytest.mark.parametrize(
    "doc",
    [
        {"results": {"channels": [{"alternatives": [{"transcript": "", "words": []}]}]}}, {"transcripts": [5]},
        {"results": {"channels": [5, {"alternatives": 5}]}}, {"request_id": "r"},
        {"message": "Request processed successfully", "request_id": "r", "transcription_id": "t"},
    ],
)  # fmt: skip
def test_answers_without_words(doc: Data) -> None:
    """Silence, and a transcript that will come to a webhook."""
    chunks = transcription.decoded(json.dumps(doc).encode())
    assert types(chunks) == ["start", "complete_response", "done"]
    assert (chunks[1].response, chunks[-1].finish_reason) == (doc, "stop")


@pytest.mark.parametrize(("told", "seconds"), [("8.47", 8.47), (8, 8), ("nan", None), ("long", None)])
def test_a_duration_may_be_text(told: Any, seconds: Any) -> None:
    chunks = transcription.decoded(json.dumps({"text": "A", "duration": told, "language": "en"}).encode())
    assert chunks[2].provider_data["transcript"].get("duration_seconds") == seconds
    assert statuses(chunks) == []
