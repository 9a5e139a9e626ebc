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
CASES = [(protocol, one) for api, protocol in APIS.items() for one in recordings(api)]


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
    assert (collected.usage or {})["raw"] == expect["usage_raw"]
    media = [one.metadata for one in collected.media.values() if one.metadata is not None]
    told = [(one.mime_type, one.size_bytes, one.checksum) for one in media]
    assert told == [(one["mime"], one["size"], f"sha256:{one['sha256']}") for one in expect["media"]]


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


@pytest.mark.parametrize(
    "body", [b'{"error":{"message":"x"}}', b"<html>", b'{"choices":', b"[1]", b"\xff", b"[" * 3000]
)
def test_any_other_body_is_left_to_the_decoder(body: bytes) -> None:
    for protocol in {*APIS.values(), "google.interactions"}:
        assert stream_of_document(protocol, body) == body


def test_other_wires_are_not_read_so() -> None:
    with pytest.raises(UnknownProtocol, match=r"openai\.images"):
        stream_of_document("openai.images", b"{}")
