"""Lyria's music, through Interactions, against the simulator."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from google.genai._gaos.types import interactions as types
from pydantic import TypeAdapter

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation import explain_media, generate_media
from massgen_stream.media.probing import probe
from massgen_stream.simulator import Simulator, stall, text

from ...fakes import PNG
from ...google_media import last, left, made
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL, CLIP = "lyria-3.5", "lyria-3-clip-preview"


def composed(sim: Simulator, **options: Any) -> Any:
    return made(sim, "audio", **{"prompt": "a calm harbour", "audio_type": "music", **options})


def test_it_is_registered() -> None:
    environ = {"GEMINI_API_KEY": "k"}
    music = explain_media("a", "audio", environ=environ, audio_type="music")
    assert f"google: chosen, with {MODEL}" in music
    assert any("audio_type is music; it takes speech, dialogue" in line for line in music)
    assert f"google: chosen, with {CLIP}" in explain_media("a", "audio", environ=environ, model=CLIP)
    assert f"google: chosen, with {MODEL}" in explain_media(mode="audio", environ=environ, lyrics="La")
    assert not any(
        line.startswith("google: chosen") and MODEL in line for line in explain_media("a", "audio", environ=environ)
    )


async def test_words_and_sound(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(composed(sim, output_dir=tmp_path))
        assert last(sim).path == "/v1/interactions"
        assert last(sim).json == {
            "model": MODEL,
            "input": [{"type": "user_input", "content": [{"type": "text", "text": "a calm harbour"}]}],
            "response_format": {"type": "audio"},
            "stream": True,
            "store": False,
        }
    assert [chunk.content for chunk in of_type(chunks, "content")] == ["[[A0]]\nLa la la: a calm harbour"]
    (final,) = finals(chunks)
    assert stored(final.path) == data(chunks)
    seen = (await probe(Path(final.path))).metadata
    assert (seen.mime_type, round(seen.duration_seconds or 0)) == ("audio/mpeg", 4)
    assert len([chunk for chunk in of_type(chunks, "media") if chunk.is_partial]) > 1
    assert chunks[-1].finish_reason == "stop"


IMAGE = {"type": "image", "data": b64encode(PNG).decode(), "mime_type": "image/png"}


@pytest.mark.parametrize(
    ("options", "words", "more"),
    [
        ({"instrumental": True}, "a calm harbour\n\nInstrumental only, no vocals.", []),
        ({"instrumental": False}, "a calm harbour", []),
        ({"lyrics": "[Verse]\nLa"}, "a calm harbour\n\nLyrics:\n[Verse]\nLa", []),
        ({"lyrics": "La", "prompt": ""}, "Lyrics:\nLa", []),
        ({"duration": 90}, "a calm harbour\n\nThe piece is 90 seconds long.", []),
        ({"input_images": PNG, "reference_images": [PNG]}, "a calm harbour", [IMAGE, IMAGE]),
        (
            {"model": CLIP, "duration": 30, "output_format": "mp3"},
            "a calm harbour\n\nThe piece is 30 seconds long.",
            [],
        ),
    ],
)
async def test_parameters(options: dict[str, Any], words: str, more: list[Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(composed(sim, **options))
        sent = last(sim).json
    assert sent["input"][0]["content"] == [{"type": "text", "text": words}, *more]
    assert details(chunks, "loss") == []
    known = TypeAdapter(types.CreateModelInteraction).validate_python(sent)
    assert known.model_dump(exclude_none=True, exclude_unset=True).keys() == sent.keys()


async def test_a_wave_file_stays_one() -> None:
    async with Simulator() as sim:
        chunks = await read(composed(sim, output_format="wav"))
        assert last(sim).json["response_format"] == {"type": "audio", "mime_type": "audio/wav"}
    assert data(chunks)[:4] == b"RIFF" != data(chunks)[44:48]
    assert finals(chunks)[0].media_metadata.mime_type == "audio/wav"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"lyrics": "La", "instrumental": True}, "lyrics are given for a piece that is instrumental"),
        ({"prompt": "", "input_images": PNG}, "it needs a prompt, or lyrics"),
        ({"audio_type": "sound_effect"}, "audio_type is sound_effect; it takes music"),
        ({"model": CLIP, "duration": 60}, "duration is 60 s; its clips have 30 s"),
        ({"model": CLIP, "input_images": PNG}, "it makes clips of words alone; lyria-3.5 takes images"),
        ({"model": CLIP, "output_format": "wav"}, "output_format is wav; its clips are mp3"),
        ({"output_format": "flac"}, "output_format is flac; it takes mp3, wav"),
        ({"input_images": [PNG] * 11}, "11 input images; it takes at most 10"),
        ({"composition": {"sections": []}}, "it does not know composition"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    given = {"prompt": "a", "model": MODEL, "audio_type": "music", **options}
    with pytest.raises(ConfigurationError) as refused:
        generate_media(mode="audio", backend_type="google", api_key="k", environ={}, **given)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("options", "kind"), [({"input_images": b"no picture"}, "media"), ({"input_images": b"%PDF-1.7 x"}, "media")]
)
async def test_what_cannot_be_sent_is_an_error(options: dict[str, Any], kind: str) -> None:
    async with Simulator() as sim:
        chunks = await read(composed(sim, **options))
        assert sim.requests == []
    (error,) = of_type(chunks, "error")
    assert error.error_info["kind"] == kind


async def test_words_without_sound_are_an_error(tmp_path: Path) -> None:
    async with Simulator([[text("La")]]) as sim:
        chunks = await read(composed(sim, output_dir=tmp_path))
    (error,) = of_type(chunks, "error")
    assert error.error.startswith("Google has answered without sound")
    assert names(tmp_path) == []


async def test_leaving_closes_the_connection(tmp_path: Path) -> None:
    async with Simulator([[text("La"), stall()]]) as sim:
        await left(sim, composed(sim, output_dir=tmp_path), "content", "break")
    assert names(tmp_path) == []
