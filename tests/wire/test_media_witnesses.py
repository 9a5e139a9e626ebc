"""The vendor's own SDK reads what our encoders of media endpoints write, and agrees with our decoders."""

import base64
from typing import Any

import httpx2
import openai
import pytest

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.wire.openai_images import ImagesEncoder
from massgen_stream.wire.openai_speech import SpeechEncoder
from massgen_stream.wire.openai_transcription import TranscriptionEncoder

PNG = MediaMetadata(mime_type="image/png", width=16, height=32)
USAGE: dict[str, Any] = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
END = narrow.done("stop", usage=USAGE, usage_source="reported")


def client(body: bytes, content_type: str) -> openai.OpenAI:
    """Return the SDK on a server that answers *body* to everything."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": content_type}, content=body)

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    return openai.OpenAI(api_key="x", base_url="http://127.0.0.1/v1", http_client=http, max_retries=0)


def said(encoder: Any, chunks: list[Any]) -> bytes:
    """Return the bytes of *chunks*, of which nothing may be lost."""
    data: bytes = b"".join(map(encoder.encode, chunks)) + encoder.close()
    assert encoder.losses == []
    return data


def picture(data: bytes, **fields: Any) -> Any:
    return narrow.media("m", media_type="image", media_encoding="binary", media_data=data, media_metadata=PNG, **fields)


PICTURE = [
    narrow.start(), picture(b"whole", text_content="a cat"),
    narrow.complete_response({"created_at": 5, "output_format": "png", "size": "16x32", "quality": "low"}), END,
]  # fmt: skip


def test_a_stream_of_images() -> None:
    preview = picture(b"draft", is_partial=True, partial_kind="preview", chunk_index=0)
    body = said(ImagesEncoder(), [PICTURE[0], preview, *PICTURE[1:]])
    with client(body, "text/event-stream") as sdk:
        events: list[Any] = list(sdk.images.generate(prompt="x", model="gpt-image-2", stream=True, partial_images=1))
    assert [event.type for event in events] == ["image_generation.partial_image", "image_generation.completed"]
    assert [base64.b64decode(event.b64_json) for event in events] == [b"draft", b"whole"]
    assert (events[0].partial_image_index, events[0].size) == (0, "16x32")
    assert (events[1].usage.total_tokens, events[1].created_at, events[1].quality) == (3, 5, "low")


def test_a_document_of_images() -> None:
    encoder = ImagesEncoder(whole=True)
    encoder.created = 7
    with client(said(encoder, PICTURE), "application/json") as sdk:
        found: Any = sdk.images.generate(prompt="x", model="gpt-image-2")
    assert (found.created, found.size, found.usage.total_tokens) == (7, "16x32", 3)
    assert [(base64.b64decode(one.b64_json), one.revised_prompt) for one in found.data] == [(b"whole", "a cat")]


def test_raw_speech() -> None:
    sound = narrow.media("m", media_type="audio", media_encoding="binary", media_data=b"ID3\x04", media_metadata=None)
    with client(said(SpeechEncoder(raw=True), [narrow.start(), sound, narrow.done("stop")]), "audio/mpeg") as sdk:
        assert sdk.audio.speech.create(input="x", model="tts-1", voice="alloy").content == b"ID3\x04"


TRANSCRIPT: list[Any] = [
    narrow.start(), narrow.content("Hel", item_id="s"), narrow.content("lo", item_id="s"),
    narrow.content("", item_id="s", provider_data={"transcript": {"segments": [
        {"id": "s", "text": "Hello", "start_seconds": 0.0, "end_seconds": 1.5, "speaker": "A"}]}}),
    END,
]  # fmt: skip


def test_a_stream_of_a_transcript() -> None:
    with client(said(TranscriptionEncoder(), TRANSCRIPT), "text/event-stream") as sdk:
        events: list[Any] = list(
            sdk.audio.transcriptions.create(file=b"x", model="gpt-4o-transcribe-diarize", stream=True)
        )
    kinds = [event.type.removeprefix("transcript.text.") for event in events]
    assert kinds == ["delta", "delta", "segment", "done"]
    assert [events[0].delta, events[1].delta, events[2].text, events[3].text] == ["Hel", "lo", "Hello", "Hello"]
    assert (events[1].segment_id, events[2].speaker, events[2].end) == ("s", "A", 1.5)
    assert events[3].usage.output_tokens == 2


@pytest.mark.parametrize("form", ["json", "diarized_json"])
def test_a_document_of_a_transcript(form: Any) -> None:
    with client(said(TranscriptionEncoder(whole=True), TRANSCRIPT), "application/json") as sdk:
        found: Any = sdk.audio.transcriptions.create(file=b"x", model="gpt-4o-transcribe-diarize", response_format=form)
    assert found.text == "Hello"
    if form == "diarized_json":
        assert [(one.speaker, one.start, one.end, one.text) for one in found.segments] == [("A", 0.0, 1.5, "Hello")]


def test_an_error() -> None:
    error = narrow.error("no", error_info={"kind": "quota", "code": "billing", "retryable": False})
    body = said(ImagesEncoder(), [error, narrow.done("error")])
    with client(body, "text/event-stream") as sdk, pytest.raises(openai.APIError, match="no"):
        list(sdk.images.generate(prompt="x", model="gpt-image-2", stream=True))
