"""The default answers: a voice that nobody understands, and small tunes, with the times of what is said in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.multimodal import MediaMetadata
from ....stream_chunk.narrow import done
from ....wire.audio_format import told_format
from ....wire.elevenlabs_sound.details import PROTOCOL
from ....wire.openai_speech.track import SoundTrack
from ...answers.spoken import SAMPLE_RATE, dialogue, music, speech
from .sound_ask import SoundAsk

Data = dict[str, Any]
_SAMPLE_BYTES: Final = 2
_DIGITS: Final = 3


class _Character(NamedTuple):
    """One character of a line, and when it is heard, in seconds."""

    text: str
    line: int
    start: float
    end: float


def sound_answer(ask: SoundAsk) -> Iterator[BaseStreamChunk]:
    """Yield the sound piece by piece, with details where they are asked for, and the end."""
    track = SoundTrack("audio-0", MediaMetadata(**told_format(ask.form)))
    if ask.details == "events":
        for said in _of_song(ask):
            yield track.segment(b"", {PROTOCOL: said})
    if ask.lines:
        yield from _spoken(ask, track)
    else:
        for piece in music(ask.prompt, seconds=ask.seconds, **_coding(ask)):
            yield track.segment(piece)
    if ask.timed:
        yield track.segment(b"", {PROTOCOL: {"word_timestamps": {"words": _sung(ask)}}})
    yield done("stop")


def _spoken(ask: SoundAsk, track: SoundTrack) -> Iterator[BaseStreamChunk]:
    pieces = list(dialogue([line.text for line in ask.lines], speed=ask.speed, **_coding(ask)))
    heard = list(_heard(ask))
    for place, piece in enumerate(pieces):
        first, last = (len(heard) * edge // len(pieces) for edge in (place, place + 1))
        said = {PROTOCOL: _aligned(ask, heard[first:last])} if ask.details == "lines" else None
        yield track.segment(piece, said)


def _heard(ask: SoundAsk) -> Iterator[_Character]:
    """Yield the characters of all lines; within a line each is as long as every other."""
    start = 0.0
    for number, line in enumerate(ask.lines):
        seconds = sum(map(len, speech(line.text, speed=ask.speed))) / _SAMPLE_BYTES / SAMPLE_RATE
        step = seconds / len(line.text)
        for place, text in enumerate(line.text):
            edges = (round(start + step * edge, _DIGITS) for edge in (place, place + 1))
            yield _Character(text, number, *edges)
        start += seconds


def _aligned(ask: SoundAsk, heard: Sequence[_Character]) -> Data:
    """Return what is told with one piece: its characters, and who speaks them."""
    if not heard:
        return {"alignment": None, "normalized_alignment": None, "voice_segments": []}
    characters = {
        "characters": [one.text for one in heard],
        "character_start_times_seconds": [one.start for one in heard],
        "character_end_times_seconds": [one.end for one in heard],
    }
    segments, place = [], 0
    for number, found in groupby(heard, lambda one: one.line):
        said = list(found)
        segments.append(
            {
                "voice_id": ask.lines[number].voice,
                "start_time_seconds": said[0].start,
                "end_time_seconds": said[-1].end,
                "character_start_index": place,
                "character_end_index": place + len(said),
                "dialogue_input_index": number,
            }
        )
        place += len(said)
    return {"alignment": characters, "normalized_alignment": characters, "voice_segments": segments}


def _of_song(ask: SoundAsk) -> Iterator[Data]:
    yield {"composition_plan": dict(ask.plan)}
    title = " ".join(ask.prompt.split()[:3]).title()
    metadata = {"title": title, "description": ask.prompt, "genres": ["simulated"], "languages": ["en"]}
    yield {"song_metadata": {**metadata, "is_explicit": False}}


def _sung(ask: SoundAsk) -> list[Data]:
    words = ask.prompt.split()
    step = ask.seconds * 1000 / max(1, len(words))
    return [
        {"word": word, "start_ms": round(place * step), "end_ms": round((place + 1) * step)}
        for place, word in enumerate(words)
    ]


def _coding(ask: SoundAsk) -> Data:
    """Return form and rate of the sound, which ElevenLabs says in one word: ``mp3_44100_128``."""
    word, _, rate = ask.form.partition("_")
    return {"form": word, "rate": int(rate.partition("_")[0])}
