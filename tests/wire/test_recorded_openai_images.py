"""Recorded truth: real answers, decoded, give the facts that an independent reader found in them."""

import re

import pytest

from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .recorded_chunks import chunks_of

PROTOCOL = "openai.images"
RECORDINGS = witnesses(PROTOCOL)
SIZE = re.compile(rb'"size": ?"(\d+)x(\d+)"')
"""What bodies say, some of them."""

pytestmark = pytest.mark.skipif(not RECORDINGS, reason=skip_reason(PROTOCOL))
each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: f"{recording.api}-{recording.name}")


@each
def test_dimensions_are_those_that_the_vendor_gave(recording: Recording) -> None:
    media = [
        chunk.media_metadata for chunk in chunks_of(PROTOCOL, recording) if isinstance(chunk, MultimodalStreamChunk)
    ]
    told = [(one.width, one.height) for one in media if one is not None]
    said: set[tuple[int | None, int | None]]
    said = {(int(width), int(height)) for width, height in SIZE.findall(recording.body)} or {(None, None)}
    assert set(told) == (said if media else set())
