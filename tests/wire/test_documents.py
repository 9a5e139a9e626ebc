"""Documents as event streams: recorded answers say what an independent reader found in them."""

import json
from typing import Any

import pytest

from massgen_stream import wire
from massgen_stream.errors import UnknownProtocol
from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.cuts import decode, strides
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason
from massgen_stream.wire.documents import stream_of_document

APIS = {
    "google.image": "google.generate_content",
    "google.tts": "google.generate_content",
    "openai.responses_image": "openai.responses",
}
CASES = [
    (protocol, one) for api, protocol in APIS.items() for one in recordings(api) if one.meta["kind"] == "unary"
]  # fmt: skip


@pytest.mark.skipif(not available("google.image"), reason=skip_reason("google.image"))
@pytest.mark.parametrize(("protocol", "recording"), CASES, ids=[f"{one.api}-{one.name}" for _, one in CASES])
def test_recorded_answers(protocol: str, recording: Recording) -> None:
    chunks: list[Any] = decode(wire.decoder(protocol), strides(stream_of_document(protocol, recording.body), 65_536))
    collected, verifier = Accumulator(), StreamVerifier(numbered=False)
    for chunk in chunks:
        collected.feed(chunk)
        verifier.feed(chunk)
    verifier.close()
    assert verifier.breaches == []
    expect = recording.expect
    assert collected.text == expect["text"]
    assert collected.raw_finish_reason == expect["finish_reason"]
    assert (collected.usage or {}).get("raw") == expect["usage_raw"]
    media = [one.metadata for one in collected.media.values() if one.metadata is not None]
    told = [(one.mime_type, one.size_bytes, one.checksum) for one in media if one.checksum is not None]
    expected = [one for one in expect["media"] if "sha256" in one]
    assert told == [(one["mime"] or one["magic"], one["size"], f"sha256:{one['sha256']}") for one in expected]


def test_chat() -> None:
    document = {"id": "c1", "choices": [{"index": 0, "message": {"content": "Hi"}, "finish_reason": "stop"}]}
    chunks: list[Any] = decode(
        wire.decoder("openai.chat"), [stream_of_document("openai.chat", json.dumps(document, indent=1).encode())]
    )
    assert [str(chunk.type) for chunk in chunks] == ["start", "content", "complete_response", "done"]
    assert (chunks[1].content, chunks[-1].finish_reason) == ("Hi", "stop")


def test_an_interaction() -> None:
    step = {"type": "model_output", "content": [{"type": "text", "text": "Hi"}]}
    document = {"id": "v1_a", "status": "completed", "model": "m", "steps": [step], "usage": {"total_tokens": 7}}
    pieces = [stream_of_document("google.interactions", json.dumps(document, indent=1).encode())]
    collected = Accumulator()
    for chunk in decode(wire.decoder("google.interactions"), pieces):
        collected.feed(chunk)
    assert (collected.text, collected.finish_reason) == ("Hi", "stop")
    assert (collected.usage or {})["raw"] == {"total_tokens": 7}


def test_a_list_of_documents_is_as_many_events() -> None:
    """Google's answer to ``streamGenerateContent`` without ``alt=sse``."""
    texts = [{"candidates": [{"content": {"parts": [{"text": text}]}}]} for text in ("Hel", "lo")]
    said = json.dumps([*texts, {"candidates": [{"finishReason": "STOP"}]}], indent=1).encode()
    for data in (said, b"\xef\xbb\xbf" + said + b"\r\n"):
        pieces = [stream_of_document("google.generate_content", data)]
        chunks: list[Any] = decode(wire.decoder("google.generate_content"), pieces)
        assert [chunk.content for chunk in chunks if chunk.type == "content"] == ["Hel", "lo"]
        assert chunks[-1].finish_reason == "stop"


def test_a_prompt_that_was_blocked_has_no_candidates() -> None:
    said = json.dumps({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "modelVersion": "m"}).encode()
    pieces = [stream_of_document("google.generate_content", said)]
    chunks: list[Any] = decode(wire.decoder("google.generate_content"), pieces)
    assert chunks[-1].finish_reason == "content_filter"


@pytest.mark.parametrize(
    "body",
    [
        b'{"error":{"message":"x"}}',
        b"<html>",
        b'{"choices":',
        b"[1]",
        b"[]",
        b'[{"candidates":[]}, 1]',
        b"[{]",
        b"\xff",
        b"[" * 3000,
    ],
)
def test_any_other_body_is_left_to_the_decoder(body: bytes) -> None:
    for protocol in {*APIS.values(), "google.interactions"}:
        assert stream_of_document(protocol, body) == body


def test_other_wires_are_not_read_so() -> None:
    with pytest.raises(UnknownProtocol, match=r"openai\.images"):
        stream_of_document("openai.images", b"{}")
