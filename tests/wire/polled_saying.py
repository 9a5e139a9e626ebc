"""Jobs that are looked at: what a decoder makes of each look; and the film that they end with."""

from typing import Any

from massgen_stream import wire
from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.wire.polled import PolledDecoder

Looks = list[list[Any]]


def chunks_of_looks(protocol: str, bodies: list[bytes]) -> Looks:
    """Return what one decoder makes of each body, and at last of their end."""
    decoder = wire.decoder(protocol)
    assert isinstance(decoder, PolledDecoder)
    looks: Looks = [decoder.feed(body) + decoder.end_body() for body in bodies]
    return [*looks, decoder.close()]


def of_all(looks: Looks) -> list[Any]:
    return [chunk for look in looks for chunk in look]


def film(data: Any = "https://a/b.mp4", encoding: str = "url", **fields: Any) -> Any:
    """Return a video of eight seconds."""
    metadata = MediaMetadata(mime_type="video/mp4", duration_seconds=8)
    known = {"media_type": "video", "media_encoding": encoding, "media_data": data, "media_metadata": metadata}
    return narrow.media("m", **{**known, **fields})
