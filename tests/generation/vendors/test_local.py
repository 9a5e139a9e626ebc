"""The local engine: real files, without a key, and the same for the same words."""

from __future__ import annotations

import asyncio
import io
import os
import stat
import wave
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from massgen_stream.errors import ConfigurationError, MissingExtra
from massgen_stream.generation import explain_media, generate_media
from massgen_stream.media.probing import probe

from ..reading import data, details, finals, names, of_type, previews, read, stored

pytestmark = pytest.mark.anyio
PROMPT = "a lighthouse at dusk. Who keeps it?"


def local(mode: str, **options: Any) -> Any:
    return generate_media(options.pop("prompt", PROMPT), mode, environ={}, **options)


@pytest.fixture(autouse=True)
def _no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)


def picture(encoded: bytes) -> Image.Image:
    with Image.open(io.BytesIO(encoded)) as image:
        image.load()
        return image.convert("RGB")


def distance(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def test_what_is_not_installed_is_named_at_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massgen_stream.backend.requirements._installed", lambda library: library not in ("av", "PIL"))
    for mode in ("image", "video"):
        with pytest.raises(ConfigurationError, match=r"is ready: local \(pip install 'massgen-stream\[media\]'\)"):
            local(mode)
        with pytest.raises(MissingExtra, match=r"massgen-stream\[media\]"):
            local(mode, backend_type="local")
    assert local("audio")


async def test_a_picture_grows_sharper(tmp_path: Path) -> None:
    chunks = await read(local("image", output_dir=tmp_path, size="320x200"))
    status = chunks[1]
    assert (str(status.type), status.status) == ("backend_status", "info")
    assert status.detail.startswith("no key is set that could make this, so the local engine does: a sketch")
    (final,) = finals(chunks)
    whole = picture(final.media_data)
    shown = [picture(one.media_data) for one in previews(chunks)]
    assert len(shown) == 4
    assert {image.size for image in [*shown, whole]} == {(320, 200)}
    away = [distance(image, whole) for image in shown]
    assert away == sorted(away, reverse=True)
    assert away[-1] > 0
    assert [one.progress_percentage for one in of_type(chunks, "media_progress")] == [20.0, 40.0, 60.0, 80.0]
    assert picture(stored(final.path)).size == (320, 200)
    assert len(names(tmp_path)) == 1


async def test_the_same_words_give_the_same_picture_and_others_another() -> None:
    async def drawn(**options: Any) -> bytes:
        return data(await read(local("image", size="160x100", partial_images=0, **options)))

    one = await drawn()
    assert one == await drawn()
    for other in ({"seed": 1}, {"seed": 0}, {"prompt": PROMPT + "!"}):
        assert await drawn(**other) != one


async def test_several_pictures_differ() -> None:
    chunks = await read(local("image", n=3, size="64x64", partial_images=1))
    assert len({final.media_data for final in finals(chunks)}) == 3
    assert len({final.media_id for final in finals(chunks)}) == 3
    assert len(previews(chunks)) == 3
    assert len(chunks[-1].media_results) == 3


@pytest.mark.parametrize(
    ("options", "size", "kind"),
    [
        ({}, (768, 512), "PNG"),
        ({"aspect_ratio": "1:1"}, (627, 627), "PNG"),
        ({"aspect_ratio": "16:9", "output_format": "jpeg"}, (836, 470), "JPEG"),
        ({"size": "17x33", "output_format": "webp"}, (17, 33), "WEBP"),
        ({"size": "auto"}, (768, 512), "PNG"),
        ({"size": "360p", "aspect_ratio": "16:9"}, (640, 360), "PNG"),
        ({"size": "360p", "aspect_ratio": "9:16"}, (360, 640), "PNG"),
        ({"size": "1K", "aspect_ratio": "1:1"}, (1024, 1024), "PNG"),
    ],
)
async def test_sizes_and_formats(options: dict[str, Any], size: tuple[int, int], kind: str) -> None:
    (final,) = finals(await read(local("image", partial_images=0, **options)))
    with Image.open(io.BytesIO(final.media_data)) as image:
        assert (image.size, image.format) == (size, kind)
    assert final.media_metadata.mime_type == f"image/{kind.lower()}"
    assert (final.media_metadata.width, final.media_metadata.height) == size


@pytest.mark.parametrize("size", ["8x800", "9999x64", "4K"])
@pytest.mark.parametrize("mode", ["image", "video"])
def test_sizes_that_cannot_be_drawn(size: str, mode: str) -> None:
    assert not any("local: chosen" in line for line in explain_media(mode=mode, environ={}, size=size))
    with pytest.raises(ConfigurationError, match=r"size is |it draws 16 to 4096 pixels a side"):
        local(mode, size=size, backend_type="local")


async def test_a_film_with_sound(tmp_path: Path) -> None:
    chunks = await read(local("video", size="160x90", duration=2, output_path=tmp_path / "a.mp4"))
    (final,) = finals(chunks)
    film = data(chunks)
    assert stored(tmp_path / "a.mp4") == film
    assert film.count(b"moof") >= 2
    with av.open(io.BytesIO(film), "r") as container:
        kinds = {stream.type: stream.codec_context.name for stream in container.streams}
        frames = len(list(container.decode(video=0)))
    assert (kinds, frames) == ({"video": "h264", "audio": "aac"}, 48)
    found = await probe(tmp_path / "a.mp4", whole=True)
    assert found.metadata.duration_seconds == pytest.approx(2, abs=0.1)
    assert final.media_metadata.duration_seconds == pytest.approx(2, abs=0.1)
    progress = [one.progress_percentage for one in of_type(chunks, "media_progress")]
    assert progress == sorted(progress)
    assert progress[-1] == 100


async def test_a_film_without_sound_is_the_same_each_time() -> None:
    one, other = [data(await read(local("video", size="64x64", duration=0.5, generate_audio=False))) for _ in "ab"]
    assert one == other
    with av.open(io.BytesIO(one)) as container:
        assert [stream.type for stream in container.streams] == ["video"]


@pytest.mark.parametrize("mode", ["video", "audio", "image"])
async def test_leaving_ends_the_work_and_leaves_no_file(tmp_path: Path, mode: str) -> None:
    options = {"duration": 60} if mode == "video" else {"prompt": "hello " * 4000} if mode == "audio" else {"n": 10}
    stream = local(mode, output_path=tmp_path / "a", **options)
    async for chunk in stream:
        if chunk.type == "media":
            stream.cancel()
    assert chunk.finish_reason == "cancelled"
    assert names(tmp_path) == []


async def test_something_like_a_voice() -> None:
    chunks = await read(local("audio"))
    assert details(chunks, "info")[1] == "espeak-ng is not installed: it sounds like a voice, and says no words"
    (final,) = finals(chunks)
    assert final.text_content == PROMPT
    sound = data(chunks)
    with wave.open(io.BytesIO(sound)) as found:
        seconds = found.getnframes() / found.getframerate()
        assert (found.getnchannels(), found.getsampwidth()) == (1, 2)
        samples = found.readframes(found.getnframes())
    assert 2 < seconds < 6
    assert max(samples) > 0
    assert len(samples) == len(sound) - 44
    assert sound == data(await read(local("audio")))
    slow = data(await read(local("audio", speed=0.5)))
    assert len(slow) == pytest.approx(2 * len(sound), rel=0.05)


@pytest.mark.parametrize("prompt", ["?", "…", "123", "灯台", "a" * 3000])
async def test_every_text_sounds(prompt: str) -> None:
    with wave.open(io.BytesIO(data(await read(local("audio", prompt=prompt))))) as found:
        assert found.getnframes() > 0


@pytest.mark.parametrize("kind", ["music", "sound_effect"])
async def test_tunes_and_surroundings_have_the_length_that_is_asked_for(kind: str) -> None:
    for prompt in ("waves at sea", "a storm in the city"):
        sound = data(await read(local("audio", audio_type=kind, duration=1.25, prompt=prompt)))
        with wave.open(io.BytesIO(sound)) as found:
            assert found.getnframes() / found.getframerate() == pytest.approx(1.25, abs=0.001)
            assert any(found.readframes(found.getnframes()))


@pytest.mark.parametrize(
    ("kind", "losses"),
    [("speech", ["duration", "voice"]), ("music", ["speed", "voice"]), (None, ["duration", "voice"])],
)
async def test_what_a_sound_has_no_use_for_is_told(kind: str | None, losses: list[str]) -> None:
    chunks = await read(local("audio", audio_type=kind, duration=1, speed=2, voice="en"))
    said = [f"local: {name} is left out, since it changes nothing here" for name in losses]
    assert details(chunks, "loss") == said


def test_it_has_one_voice() -> None:
    with pytest.raises(ConfigurationError, match="audio_type is dialogue; it takes speech, sound_effect, music"):
        local("audio", audio_type="dialogue", backend_type="local")


@pytest.mark.parametrize(("mode", "model"), [("image", "sketch"), ("video", "film"), ("audio", "voice")])
def test_it_has_one_model_of_a_kind(mode: str, model: str) -> None:
    with pytest.raises(ConfigurationError, match=f"model is sora-2; it has {model}"):
        local(mode, model="sora-2", backend_type="local")
    assert local(mode, model=model, backend_type="local")


async def test_a_size_says_the_shape() -> None:
    for mode in ("image", "video"):
        given = {"size": "64x64", "aspect_ratio": "16:9", **({"duration": 0.25} if mode == "video" else {})}
        chunks = await read(local(mode, **given))
        assert details(chunks, "loss") == ["local: aspect_ratio is left out, since size says it"]


SPEAKER = """#!/usr/bin/env python3
import os, pathlib, struct, sys, time
pathlib.Path(sys.argv[0] + ".pid").write_text(str(os.getpid()))
text = sys.stdin.buffer.read()
if b"wrong" in text:
    sys.exit("no such voice")
if b"sleep" in text:
    time.sleep(60)
if b"noise" in text:
    print("hello")
    sys.exit()
form = struct.pack("<HHIIHH", 1, 1, 22050, 44100, 2, 16)
out = b"RIFF" + struct.pack("<I", 0x7FFFF024) + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data"
sys.stdout.buffer.write(out + struct.pack("<I", 0x7FFFF000) + text * 4000 + repr(sys.argv[1:]).encode())
"""


@pytest.fixture
def _speaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "espeak-ng"
    program.parent.mkdir()
    program.write_text(SPEAKER)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("shutil.which", lambda name: str(program) if name == "espeak-ng" else None)


@pytest.mark.usefixtures("_speaker")
async def test_espeak_speaks_where_it_is_installed() -> None:
    chunks = await read(local("audio", prompt="--help me", voice="de", speed=2))
    assert details(chunks, "info")[1] == "spoken by espeak-ng"
    sound = data(chunks)
    with wave.open(io.BytesIO(sound)) as found:
        assert found.getframerate() == 22_050
        samples = found.readframes(found.getnframes())
    assert samples.startswith(b"--help me")
    assert len(sound) in (len(samples) + 44, len(samples) + 45)
    assert b"'--stdout', '--stdin', '-b', '1', '-s', '320', '-v', 'de'" in samples
    assert len(of_type(chunks, "media")) > 2


@pytest.mark.usefixtures("_speaker")
@pytest.mark.parametrize(("prompt", "said"), [("wrong", "no such voice"), ("noise", "gave no WAV file")])
async def test_what_espeak_cannot_speak(prompt: str, said: str) -> None:
    chunks = await read(local("audio", prompt=prompt))
    assert said in of_type(chunks, "error")[0].error
    assert chunks[-1].finish_reason == "error"


@pytest.mark.usefixtures("_speaker")
async def test_espeak_is_ended_with_the_stream(tmp_path: Path) -> None:
    stream = local("audio", prompt="sleep")
    told = tmp_path / "bin" / "espeak-ng.pid"

    async def cancel() -> None:
        while not told.exists() or not told.read_text():  # noqa: ASYNC110 - another process tells it
            await asyncio.sleep(0.01)
        stream.cancel()

    chunks, _ = await asyncio.gather(read(stream), cancel())
    assert chunks[-1].finish_reason == "cancelled"
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)
