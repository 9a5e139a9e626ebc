"""Sound and video in other forms."""

import asyncio
import io
import threading
from pathlib import Path
from typing import Any

import av
import pytest

from massgen_stream.errors import BrokenMedia, ConfigurationError, MediaOverLimit, UnsafeMedia
from massgen_stream.media.decoding_limits import DecodingLimits
from massgen_stream.media.detection import detect
from massgen_stream.media.probing import probe
from massgen_stream.media.recording_conversion import convert_audio, convert_video, stream_audio, stream_video
from massgen_stream.media.worker_pool import Workers

from .files import audio_file, picture, turned_video, video_file

pytestmark = pytest.mark.anyio

SOUNDS = ["audio/wav", "audio/mpeg", "audio/flac", "audio/ogg", "audio/aac", "audio/mp4"]


def loudness(data: bytes, form: str | None = None) -> tuple[int, float]:
    """Return the loudest sample, and how often a second the wave crosses zero upwards."""
    crossings = samples = loudest = 0
    before, rate = 0, 1
    with av.open(io.BytesIO(data), "r", format=form) as container:
        resampler = av.AudioResampler("s16", "mono", 44100)
        for frame in container.decode(audio=0):
            for one in resampler.resample(frame):
                rate = one.sample_rate
                for value in memoryview(one.planes[0]).cast("h")[: one.samples]:
                    crossings += before < 0 <= value
                    before, loudest, samples = value, max(loudest, value), samples + 1
    return loudest, crossings * rate / samples


@pytest.mark.parametrize("mime_type", SOUNDS)
@pytest.mark.parametrize("source", ["wav", "mp3", "flac"])
async def test_every_sound_to_every_other(source: str, mime_type: str) -> None:
    done = await convert_audio(audio_file(source), mime_type=mime_type)
    assert detect(done.data).kind in ("audio", "video")
    assert done.metadata.mime_type == mime_type
    assert done.metadata.duration_seconds == pytest.approx(0.5, abs=0.12)
    loudest, hertz = loudness(done.data)
    assert 15000 < loudest < 26000
    assert hertz == pytest.approx(440, rel=0.15)


async def test_rates_and_channels() -> None:
    done = await convert_audio(audio_file("wav", channels=2), mime_type="audio/x-wav", sample_rate=16000, channels=1)
    assert (done.metadata.sample_rate, done.metadata.channels, done.metadata.mime_type) == (16000, 1, "audio/wav")
    assert done.losses == ("44100 samples per second are 16000 now", "2 channels are 1 now")
    opus = await convert_audio(audio_file("wav"), mime_type="audio/ogg", sample_rate=22050, bit_rate=24000)
    assert opus.metadata.sample_rate == 48000  # what decoders of Opus give
    assert "sound encoded with libopus at 24000 bits per second" in opus.losses
    stereo = await convert_audio(audio_file("wav"), mime_type="audio/flac", channels=2)
    assert (stereo.metadata.channels, stereo.losses) == (2, ())


async def test_bare_samples() -> None:
    done = await convert_audio(audio_file("wav"), mime_type="audio/pcm", sample_rate=44100)
    assert done.data == audio_file("wav")[-len(done.data) :]
    assert len(done.data) == 2 * 22050


async def test_bit_rates_matter() -> None:
    small = await convert_audio(audio_file("wav", 2), mime_type="audio/mpeg", bit_rate=32000)
    large = await convert_audio(audio_file("wav", 2), mime_type="audio/mpeg", bit_rate=192000)
    assert len(small.data) * 3 < len(large.data)


async def test_the_sound_of_a_video() -> None:
    done = await convert_audio(video_file("mp4", sound=True), mime_type="audio/mpeg")
    assert done.metadata.duration_seconds == pytest.approx(1.0, abs=0.15)
    assert done.losses[0] == "the pictures are left out"


@pytest.mark.parametrize(
    ("form", "codec"),
    [("mp4", "libx264"), ("webm", "libvpx"), ("avi", "mpeg4"), ("matroska", "libx264"), ("mpegts", "libx264")],
)
async def test_every_video_to_smaller_mp4(form: str, codec: str) -> None:
    done = await convert_video(video_file(form, 24, codec=codec, width=128, height=96), max_width=64)
    assert (done.metadata.mime_type, done.metadata.width, done.metadata.height) == ("video/mp4", 64, 48)
    assert b"moof" in done.data
    assert done.losses[0] == "shrunk from 128 x 96 to 64 x 48 pixels"
    measured = await probe(done.data, whole=True)
    assert measured.metadata.frames == 24
    assert measured.metadata.duration_seconds == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("form", ["mp4", "matroska", "mov"])
async def test_what_fits_is_copied(form: str) -> None:
    data = video_file(form, sound=True)
    done = await convert_video(data)
    assert done.losses == ()
    found = await probe(done.data, whole=True)
    assert (found.metadata.frames, found.codecs) == (12, ("h264", "aac"))
    silent = await convert_video(data, sound=False)
    assert silent.losses == ("the sound is left out",)
    assert (await probe(silent.data)).codecs == ("h264",)


async def test_rates_and_sound_of_video() -> None:
    done = await convert_video(video_file("mp4", 24, sound=True), max_rate=6, bit_rate=50_000, sound_bit_rate=32_000)
    found = await probe(done.data, whole=True)
    assert found.metadata.frames == 12
    assert found.codecs == ("h264", "aac")
    assert found.metadata.duration_seconds == pytest.approx(2.0, abs=0.2)


async def test_sound_and_pictures_stay_together() -> None:
    """MPEG transport streams begin at any time; here at 1.4 seconds."""
    done = await convert_video(video_file("mpegts", 24, sound=True), max_width=32)
    starts = {}
    for kind in ("video", "audio"):
        with av.open(io.BytesIO(done.data), "r") as container:
            frames: Any = container.decode(**{kind: 0})
            starts[kind] = next(frames).time
    assert starts["video"] == pytest.approx(starts["audio"], abs=0.05)
    assert done.metadata.duration_seconds == pytest.approx(2.0, abs=0.2)


async def test_a_turned_video_stands_upright() -> None:
    done = await convert_video(turned_video(), max_height=1000)
    assert (done.metadata.width, done.metadata.height) == (48, 64)
    with av.open(io.BytesIO(done.data), "r") as container:
        frame = next(container.decode(video=0))
        assert frame.rotation == 0
        image = frame.to_image()  # type: ignore[no-untyped-call]
    red, _, blue = image.getpixel((36, 16))
    assert blue > 150 > red  # what was bottom right is top right, turned against the clock


@pytest.mark.parametrize("mime_type", SOUNDS)
async def test_sound_as_a_stream(mime_type: str) -> None:
    pieces = [piece async for piece in stream_audio(audio_file("wav", 2), mime_type=mime_type)]
    assert all(pieces)
    assert (await probe(b"".join(pieces), whole=True)).metadata.duration_seconds == pytest.approx(2.0, abs=0.15)


async def test_video_comes_before_it_is_done() -> None:
    ahead = video_file("matroska", 240, width=320, height=240, rate=24)
    pieces = [piece async for piece in stream_video(ahead, max_width=160)]
    assert len(pieces) > 2
    assert (await probe(b"".join(pieces), whole=True)).metadata.frames == 240


async def test_a_reader_that_leaves_ends_the_work() -> None:
    before = asyncio.all_tasks()
    workers = Workers(1)
    stream = stream_video(video_file("matroska", 240, width=320, height=240, rate=24), max_width=300, workers=workers)
    assert await anext(stream)
    await stream.aclose()
    assert asyncio.all_tasks() == before
    assert (await convert_audio(audio_file(), workers=workers)).data  # the place is free again


async def test_cancelling_ends_the_work() -> None:
    workers = Workers(1)
    data = video_file("matroska", 240, width=320, height=240, rate=24)
    task = asyncio.create_task(convert_video(data, max_width=300, workers=workers))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await convert_audio(audio_file(), workers=workers)).data  # the place is free again


async def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="use one of: audio/wav"):
        await convert_audio(audio_file(), mime_type="audio/amr")
    with pytest.raises(ConfigurationError, match="unknown option 'rate'"):
        await convert_audio(audio_file(), rate=5)
    with pytest.raises(ConfigurationError, match="bit_rate must be"):
        await convert_video(video_file(), bit_rate=-5)
    with pytest.raises(ConfigurationError, match="channels"):
        await convert_audio(audio_file(), channels=6)
    with pytest.raises(BrokenMedia, match="neither sound nor video"):
        await convert_audio(picture())
    with pytest.raises(BrokenMedia, match="no sound"):
        await convert_audio(video_file())
    with pytest.raises(BrokenMedia, match="no video"):
        await convert_video(audio_file())
    with pytest.raises(MediaOverLimit, match="max_result_bytes 30000; stream it"):
        await convert_audio(audio_file("mp3", 2), limits=DecodingLimits(max_result_bytes=30_000))
    with pytest.raises(UnsafeMedia, match="max_seconds"):
        await convert_audio(audio_file("wav", 2), limits=DecodingLimits(max_seconds=1))


async def test_in_a_process(tmp_path: Path) -> None:
    done = await convert_audio(audio_file(), workers=Workers(1, processes=True))
    assert done.metadata.duration_seconds == pytest.approx(0.5, abs=0.1)


def test_no_thread_is_left_behind() -> None:
    async def leave_early() -> None:
        async for _ in stream_audio(audio_file("wav", 2)):
            break

    before = set(threading.enumerate())
    asyncio.run(leave_early())
    for thread in set(threading.enumerate()) - before:
        thread.join(5)  # it was told to stop, and does so at its next look
        assert not thread.is_alive()
