"""The local engine: pictures, films and sounds without a key and without a model, so that a newcomer sees something.

The same words give the same medium. Nothing of it is intelligent, and its status chunks say so.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from typing import Any, ClassVar, Final

from ...backend.turn import Turn
from ...errors import excerpt
from ...media.worker_pool import THREADS, Output, Stop, library_for
from ...provider.spec import ProviderSpec
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import MediaEncoding, MediaType
from ...stream_chunk.multimodal import MediaMetadata
from ...stream_chunk.narrow import backend_status, media, media_progress
from ..choices import AudioType, OutputFormat
from ..config import GenerationConfig
from ..config_checks import pixels, ratio
from ..generator import Generator
from ..offer import Durations, Offer
from ..order import Order
from ..segments import Segments
from ..sketch import espeak, voice
from ..sketch.music import surroundings, tune
from ..sketch.scene import scene_of
from ..sketch.sounds import SAMPLE_BYTES, SAMPLE_RATE, samples_of
from ..wave_header import wave_header

_Chunks = AsyncGenerator[BaseStreamChunk, None]

_HOST: Final = ProviderSpec(
    name="local", title="Local engine", protocol="local", default_model="sketch", key_required=False, extra="media"
)
_LAST: Final = 1000
"""Place in the automatic choice: behind everybody who has a model."""
_SHARES: Final = (1 / 48, 1 / 20, 1 / 8, 1 / 3)
"""How sharp each preview is, as a share of the picture's own width."""
_MOST_PIXELS: Final = 4096
_LEAST_PIXELS: Final = 16
_WORDS: Final = {"auto": 0, "360p": 360, "480p": 480, "720p": 720, "1080p": 1080, "1K": 1024, "2K": 2048}
"""Sizes in words, in pixels: the shorter side, or with K the side of a square as large; 0: the usual size."""
_SEGMENT_BYTES: Final = 32 * 1024


class _SketchOffer(Offer, frozen=True, kw_only=True):
    """What is made by rules alone."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if config.model is not None and not self.knows_model(config.model):
            yield f"model is {excerpt(config.model)}; it has {self.default_model}"


class _FramedOffer(_SketchOffer, frozen=True, kw_only=True):
    """Pictures and films of any size that can be drawn.

    Attributes:
        usual: Width and height unless something else is asked for.
    """

    usual: tuple[int, int]

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return the shape beside a size that has one."""
        return {"aspect_ratio": "size says it"} if pixels(config.size) else {}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if config.size not in (None, *_WORDS) and pixels(config.size) is None:
            yield f"size is {config.size}; it takes pixels such as 768x512, or {', '.join(_WORDS)}"
        width, height = self.frame(config)
        if min(width, height) < _LEAST_PIXELS or max(width, height) > _MOST_PIXELS:
            yield f"its frame would be {width}x{height}; it draws {_LEAST_PIXELS} to {_MOST_PIXELS} pixels a side"

    def frame(self, config: GenerationConfig) -> tuple[int, int]:
        """Return width and height in pixels: of the shape that is asked for, and as large."""
        width, height = self.usual
        shape, side = ratio(config.aspect_ratio) or width / height, _WORDS.get(config.size or "", 0)
        if side and str(config.size).endswith("p"):
            return (round(side * shape), side) if shape >= 1 else (side, round(side / shape))
        area = side * side or width * height
        return pixels(config.size) or (round((area * shape) ** 0.5), round((area / shape) ** 0.5))


class _SoundOffer(_SketchOffer, frozen=True, kw_only=True):
    """Speech of one voice, tunes and noises."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return what a sound of that kind has no use for."""
        is_spoken = config.audio_type in (None, AudioType.SPEECH)
        has_voices = is_spoken and espeak.program() is not None
        useless = {"duration": is_spoken, "speed": not is_spoken, "voice": not has_voices}
        return {name: "it changes nothing here" for name, is_useless in useless.items() if is_useless}


class LocalImage(Generator):
    """Draws what it finds in the words, from a blur to a sharp picture."""

    name = "local"
    title = "Local engine"
    host = _HOST
    libraries: ClassVar = {"PIL": "media"}
    offers: ClassVar[Mapping[MediaType, _FramedOffer]] = {
        MediaType.IMAGE: _FramedOffer(
            default_model="sketch",
            usual=(768, 512),
            options=frozenset(("size", "aspect_ratio", "seed", "output_format", "partial_images")),
            priority=_LAST,
            most=10,
            formats=(OutputFormat.PNG, OutputFormat.JPEG, OutputFormat.WEBP),
        )
    }

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield previews, and the picture."""
        with library_for("drawing pictures"):
            from ..sketch import drawing  # noqa: PLC0415 - an optional library
        config = order.config
        size = self.offers[MediaType.IMAGE].frame(config)
        previews = min(len(_SHARES), len(_SHARES) if config.partial_images is None else config.partial_images)
        form = (config.output_format or OutputFormat.PNG).value
        for number in range(config.n):
            media_id = order.media_id(turn, number + 1)
            picture = await THREADS.run(drawing.drawn, scene_of(config.prompt, config.seed, number), size)
            for place, share in enumerate(_SHARES[len(_SHARES) - previews :]):
                data = await THREADS.run(drawing.blurred, picture, share, form)
                percentage = 100.0 * (place + 1) / (previews + 1)
                yield media_progress(media_id, progress_percentage=percentage, stage="running", media_type="image")
                yield _picture(media_id, data, form, size, place)
            yield _picture(media_id, await THREADS.run(drawing.encoded, picture, form), form, size)


class LocalVideo(Generator):
    """Films what it finds in the words, with a small tune."""

    name = "local"
    title = "Local engine"
    host = _HOST
    libraries: ClassVar = {"PIL": "media", "av": "media"}
    offers: ClassVar[Mapping[MediaType, _FramedOffer]] = {
        MediaType.VIDEO: _FramedOffer(
            default_model="film",
            usual=(640, 360),
            options=frozenset(("size", "aspect_ratio", "seed", "duration", "generate_audio", "output_format")),
            priority=_LAST,
            durations=Durations(0.25, 60),
            formats=(OutputFormat.MP4,),
        )
    }

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the film in segments as it is encoded, with its progress."""
        with library_for("making films"):
            from ..sketch.film import Film, write_film  # noqa: PLC0415 - an optional library
        config, media_id = order.config, order.media_id(turn)
        width, height = self.offers[MediaType.VIDEO].frame(config)
        film = Film(
            scene_of(config.prompt, config.seed),
            width // 2 * 2,
            height // 2 * 2,
            4.0 if config.duration is None else config.duration,
            sound=config.generate_audio is not False,
        )
        known = MediaMetadata(mime_type="video/mp4", width=film.width, height=film.height)
        segments = Segments(media_id, MediaType.VIDEO, known)
        async with aclosing(THREADS.stream(write_film, film)) as pieces:
            async for piece in pieces:
                yield media_progress(media_id, progress_percentage=film.percentage, stage="running", media_type="video")
                yield segments.next(piece)


class LocalAudio(Generator):
    """Speaks with espeak-ng where it is installed, else with something like a voice; plays small tunes."""

    name = "local"
    title = "Local engine"
    host = _HOST
    offers: ClassVar = {
        MediaType.AUDIO: _SoundOffer(
            default_model="voice",
            options=frozenset(("seed", "duration", "voice", "speed", "audio_type", "output_format")),
            priority=_LAST,
            durations=Durations(0.25, 600),
            formats=(OutputFormat.WAV,),
            audio_types=(AudioType.SPEECH, AudioType.SOUND_EFFECT, AudioType.MUSIC),
        )
    }

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the sound in segments, as a WAV file."""
        config, media_id = order.config, order.media_id(turn)
        kind = config.audio_type or AudioType.SPEECH
        program = espeak.program() if kind is AudioType.SPEECH else None
        yield backend_status("info", detail=_player(kind, program))
        known = MediaMetadata(mime_type="audio/wav", channels=1)
        segments = Segments(media_id, MediaType.AUDIO, known)
        async with aclosing(_composed(config, kind) if program is None else _by_program(config, program)) as pieces:
            async for piece in pieces:
                yield segments.next(piece)
        transcript = config.prompt if kind is AudioType.SPEECH else None
        yield media(media_id, MediaType.AUDIO, text_content=transcript, media_metadata=known)


async def _composed(config: GenerationConfig, kind: AudioType) -> AsyncGenerator[bytes, None]:
    """Yield the pieces of a WAV file that is made while it is read."""
    scene = scene_of(config.prompt, config.seed)
    if kind is AudioType.SPEECH:
        sounds = voice.plan(config.prompt, config.speed or 1.0)
        count = sum(sound.samples for sound in sounds)
        pieces: Iterator[Any] = voice.spoken(scene, sounds)
    else:
        seconds = config.duration or 8.0
        count = samples_of(seconds)
        pieces = (tune if kind is AudioType.MUSIC else surroundings)(scene, seconds)
    header = wave_header(count * SAMPLE_BYTES, sample_rate=SAMPLE_RATE)
    async with aclosing(THREADS.stream(_written, header, pieces)) as written:
        async for piece in written:
            yield piece


async def _by_program(config: GenerationConfig, program: str) -> AsyncGenerator[bytes, None]:
    found = await espeak.speech(program, config.prompt, voice=config.voice, speed=config.speed or 1.0)
    whole = wave_header(len(found.samples), sample_rate=found.sample_rate) + found.samples
    for start in range(0, len(whole), _SEGMENT_BYTES):
        yield whole[start : start + _SEGMENT_BYTES]


def _written(stop: Stop, output: Output, header: bytes, pieces: Iterator[Any]) -> None:
    output.write(header)
    for piece in pieces:
        stop.check()
        output.write(piece.tobytes())


def _player(kind: AudioType, program: str | None) -> str:
    if kind is not AudioType.SPEECH:
        return "played by arithmetic"
    if program is not None:
        return "spoken by espeak-ng"
    return "espeak-ng is not installed: it sounds like a voice, and says no words"


def _picture(
    media_id: str, data: bytes, form: str, size: tuple[int, int], preview: int | None = None
) -> BaseStreamChunk:
    return media(
        media_id,
        MediaType.IMAGE,
        media_data=data,
        media_encoding=MediaEncoding.BINARY,
        media_metadata=MediaMetadata(mime_type=f"image/{form}", width=size[0], height=size[1]),
        is_partial=preview is not None,
        partial_kind="preview" if preview is not None else None,
        chunk_index=preview,
    )
