"""Every recorded answer of a media API is read by a decoder that has a name, and the names are in the documentation."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.cuts import joined
from massgen_stream.testing.recorded import (
    Recording,
    folder,
    readers,
    reads,
    recordings,
    skip_reason,
)

from .recorded_chunks import chunks_of

PAGE = Path(__file__).parents[2] / "docs" / "media_wires.md"
OF_TEXT = {
    "anthropic.messages", "bedrock.anthropic", "bedrock.converse", "cohere.chat", "google.generate_content",
    "google.interactions", "ollama.chat", "openai.chat", "openai.completions", "openai.responses",
}  # fmt: skip
"""APIs whose answers are text, media among it or not; tests of their wires read them."""
NO_APIS = {"licences"}


@cache
def media_apis() -> list[str]:
    place = folder()
    found = {path.name for path in place.iterdir() if path.is_dir()} if place is not None else set()
    return sorted(found - OF_TEXT - NO_APIS)


CASES = [one for api in media_apis() for one in recordings(api)]
pytestmark = pytest.mark.skipif(not CASES, reason=skip_reason("openai.images"))
each_api = pytest.mark.parametrize("api", media_apis())


def media_of(chunks: list[Any]) -> set[str]:
    """Return digest or address of each medium."""
    pieces: list[Any] = joined(chunks)
    media = [chunk for chunk in pieces if chunk.type == "media" and chunk.partial_kind != "segment"]
    known = [chunk.media_data if chunk.media_encoding == "url" else chunk.media_metadata.checksum for chunk in media]
    return {one.removeprefix("sha256:") for one in known if one is not None}


def expected_media(recording: Recording) -> set[str]:
    """Return the same of its expectations; a film that was downloaded is no answer of the API."""
    media = [one for one in recording.expect.get("media", ()) if recording.meta["kind"] != "sequence" or "url" in one]
    return {one.get("url") or one["sha256"] for one in media}


@each_api
def test_somebody_reads_it(api: str) -> None:
    assert readers(api), f"no decoder reads {api}: give it a row in massgen_stream/testing/recorded.py"


@pytest.mark.parametrize("recording", CASES, ids=lambda recording: f"{recording.api}-{recording.name}")
def test_it_is_read(recording: Recording) -> None:
    reading = [name for name in readers(recording.api) if reads(name, recording)]
    assert reading, f"{recording} is read by nobody"
    for protocol in reading:
        chunks, verifier, collected = chunks_of(protocol, recording), StreamVerifier(numbered=False), Accumulator()
        for chunk in chunks:
            verifier.feed(chunk)
            collected.feed(chunk)
        verifier.close()
        assert verifier.breaches == []
        assert [chunk.type for chunk in chunks].count("done") == 1
        assert media_of(chunks) >= expected_media(recording)
        assert collected.text == recording.expect.get("text") or not recording.expect.get("text")


@each_api
def test_the_page_names_who_reads_it(api: str) -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{api}` ")]
    assert len(rows) == 1
    for protocol in readers(api):
        assert f"`{protocol}`" in rows[0]
