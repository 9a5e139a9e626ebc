"""The recording as a file of a form."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from massgen_stream.errors import BrokenMedia, MediaError, MediaMismatch, MediaOverLimit
from massgen_stream.generation.transcription.input import Recording, sample_url

from ...media.files import audio_file, picture, video_file

pytestmark = pytest.mark.anyio


async def test_a_file_is_open_while_it_is_sent_and_read_again_each_time(tmp_path: Path) -> None:
    path = tmp_path / "private.mp3"
    path.write_bytes(audio_file("mp3"))
    recording = Recording(path, "openai", 10**6)
    for _ in range(2):
        async with recording.opened() as file:
            assert (file.filename, file.mime_type) == ("recording.mp3", "audio/mpeg")
            assert not isinstance(file.content, bytes)
            assert file.content.read() == path.read_bytes()
        assert file.content.closed


async def test_what_comes_once_is_kept() -> None:
    data = audio_file("flac")
    recording = Recording(io.BytesIO(data), "openai", 10**6)
    for _ in range(2):
        async with recording.opened() as file:
            assert file == ("recording.flac", data, "audio/flac")


async def test_video_is_heard_too() -> None:
    async with Recording(video_file(sound=True), "openai", 10**7).opened() as file:
        assert (file.filename, file.mime_type) == ("recording.mp4", "video/mp4")


async def test_a_declared_type_counts() -> None:
    part = {"data": audio_file("ogg", codec="libopus", rate=48000), "mime_type": "audio/opus"}
    async with Recording(part, "openai", 10**6).opened() as file:
        assert (file.filename, file.mime_type) == ("recording.ogg", "audio/opus")


async def test_the_limit_holds_for_every_source(tmp_path: Path) -> None:
    data = audio_file("wav")
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    for source in (data, path):
        Recording(source, "openai", len(data))
        with pytest.raises(
            MediaOverLimit, match=f"has {len(data):,} bytes, over the limit of .* of openai; send it in"
        ):
            Recording(source, "openai", len(data) - 1)
    late = Recording(io.BytesIO(data), "openai", len(data) - 1)
    with pytest.raises(MediaOverLimit, match=r"has more than .* bytes, over the limit of"):
        async with late.opened():
            pass
    grown = Recording(path, "openai", len(data))
    path.write_bytes(data + b"x")
    with pytest.raises(MediaOverLimit):
        async with grown.opened():
            pass


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (picture("PNG"), MediaError),
        (b"hello", MediaError),
        (b"", BrokenMedia),
        ({"data": b"hello", "mime_type": "audio/wav"}, MediaMismatch),
    ],
)
async def test_what_is_no_recording(source: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        async with Recording(source, "openai", 10**6).opened():
            pass


async def test_samples_of_voices(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(audio_file("wav", 0.1))
    url = await sample_url(path)
    assert url.startswith("data:audio/wav;base64,")
    assert await sample_url(url) == url
    with pytest.raises(MediaError, match="a sample of a voice is image/png"):
        await sample_url(picture("PNG"))
