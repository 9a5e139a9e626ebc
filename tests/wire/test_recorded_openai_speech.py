"""Recorded truth: real answers, decoded, give the facts that an independent reader found in them."""

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.testing.cuts import decode
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .recorded_chunks import chunks_of

PROTOCOL = "openai.speech"
RECORDINGS = [one for one in witnesses(PROTOCOL) if one.meta["content_type"].startswith("audio/")]
"""Those whose body is the sound."""

pytestmark = pytest.mark.skipif(not RECORDINGS, reason=skip_reason(PROTOCOL))
each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: f"{recording.api}-{recording.name}")


@each
def test_the_sound_is_the_body(recording: Recording) -> None:
    media = [chunk for chunk in chunks_of(PROTOCOL, recording) if isinstance(chunk, MultimodalStreamChunk)]
    assert b"".join(chunk.media_data for chunk in media if chunk.media_data) == recording.body
    assert [chunk.is_partial for chunk in media] == [True, False]


@each
def test_a_short_body_is_a_cut_where_the_length_is_known(recording: Recording) -> None:
    decoder = wire.decoder(PROTOCOL, content_length=len(recording.body))
    chunks = decode(decoder, [recording.body[:-1]])
    assert [chunk.type for chunk in chunks][-2:] == ["error", "done"]
    assert [chunk.type for chunk in decode(wire.decoder(PROTOCOL), [recording.body[:-1]])][-1] == "done"


@each
def test_as_raw_sound(recording: Recording) -> None:
    encoder = wire.encoder(PROTOCOL, raw=True)
    assert b"".join(map(encoder.encode, chunks_of(PROTOCOL, recording))) + encoder.close() == recording.body
