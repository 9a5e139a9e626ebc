"""What has no place on a wire is named, on every wire."""

from collections.abc import Iterable

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk import MultimodalStreamChunk, TextStreamChunk
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.wire.losses import other_keys, unsaid_data, unsaid_fields

CHUNK = TextStreamChunk(
    type="content", content="x", phase="commentary", extra={"new": 1}, provider_data={"a": {"b": 1, "c": 2}, "z": 5}
)


def medium(media_type: str) -> MultimodalStreamChunk:
    return MultimodalStreamChunk(
        type="media", media_type=media_type, media_data=b"x", media_encoding="binary", extra={"new": 1}
    )


FILM = MultimodalStreamChunk(
    type="media", media_type="video", media_data="https://a.example/b.mp4", media_encoding="url", extra={"new": 1}
)
MEDIA = {
    "elevenlabs.sound": medium("audio"),
    "google.imagen": medium("image"),
    "openai.speech": medium("audio"),
    "openai.videos": FILM,
    "xai.video": FILM,
}
"""What wires carry that have no text."""


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (unsaid_fields(CHUNK, {ChunkType.CONTENT: ("phase", "item_id")}), ["extra", "phase"]),
        (unsaid_fields(CHUNK, {ChunkType.DONE: ("usage",)}), ["extra"]),
        (unsaid_data(CHUNK, "a"), ["provider_data[z]"]),
        (unsaid_data(CHUNK, "a", ("b",)), ["provider_data[z]", "provider_data[a][c]"]),
        (other_keys("x", {"a": 1, "b": 2}, ("a",)), ["x[b]"]),
        (other_keys("x", None, ()), []),
    ],
)
def test_what_is_found(found: Iterable[str], expected: list[str]) -> None:
    assert list(found) == expected


@pytest.mark.parametrize("protocol", wire.PROTOCOLS)
def test_unknown_fields_are_a_loss_on_every_wire(protocol: str) -> None:
    encoder = wire.encoder(protocol)
    chunk = MEDIA.get(protocol) or TextStreamChunk(type="content", content="x", extra={"new": 1})
    encoder.encode(chunk)
    assert any(loss.startswith(f"{chunk.type}.extra") for loss in encoder.losses)
