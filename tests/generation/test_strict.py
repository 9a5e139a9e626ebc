"""Under the strict policy nothing is lost: what would be ends the request before anybody is asked, or paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError, MediaError
from massgen_stream.generation import GenerationConfig, Policy, explain_media, generate_media
from massgen_stream.generation.fitting import fit
from massgen_stream.generation.registry import generators
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.kinds import MediaType

from ..media.files import mask, picture
from .elevenlabs import GEORGE
from .fakes import PNG, instruments
from .reading import details, of_type, read
from .ways import KEY, WAYS, Way

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:The (generate_images|edit_image) method is deprecated"),
]
LINES = [{"text": "Hi", "voice": GEORGE}]
VALUES: Mapping[str, tuple[Any, ...]] = {
    "n": (2,),
    "quality": ("low", "high", "optimized", "mp3_44100_192"),
    "size": ("1024x1024", "720p", "1K"),
    "aspect_ratio": ("16:9",),
    "duration": (4, 5),
    "output_format": ("jpeg", "webp", "mp4", "mp3", "wav"),
    "output_compression": (50,),
    "background": ("transparent", "opaque"),
    "negative_prompt": ("fog",),
    "seed": (7,),
    "guidance_scale": (0.5,),
    "steps": (4,),
    "sampler": ("Euler",),
    "strength": (0.5,),
    "partial_images": (1,),
    "generate_audio": (True,),
    "audio_type": ("speech", "music"),
    "voice": (GEORGE, "Kore"),
    "voice_settings": ({"stability": 0.5},),
    "speed": (1.1,),
    "instructions": ("Softly.",),
    "language": ("en",),
    "dialogue": (LINES,),
    "lyrics": ("La la",),
    "composition": ({"sections": []},),
    "instrumental": (True,),
    "style_description": ("oil",),
    "input_images": (PNG,),
    "reference_images": (PNG,),
    "last_frame": (PNG,),
    "edit_mode": ("edit", "extend"),
    "mask_dilation": (0.1,),
}
"""Values of options, of which a generator gets all that it takes together."""
FORWARD = tuple(VALUES)
BACKWARD = FORWARD[::-1]


def accepted(way: Way, sim: Simulator, order: tuple[str, ...]) -> dict[str, Any]:
    """Return options that a way takes together under the strict policy; each is tried in its turn."""
    found: dict[str, Any] = {}
    for name in order:
        for value in VALUES[name] if name not in way.options else ():
            try:
                way.made(sim, policy="strict", **found, **{name: value})
            except (ConfigurationError, MediaError):
                continue
            found[name] = value
            break
    return found


@pytest.mark.parametrize("order", [FORWARD, BACKWARD], ids=["forward", "backward"])
@pytest.mark.parametrize("way", WAYS, ids=repr)
async def test_what_is_accepted_is_not_lost(way: Way, order: tuple[str, ...], tmp_path: Path) -> None:
    async with Simulator() as sim:
        options = accepted(way, sim, order)
        if way.name == "ElevenLabsDialogue":
            assert options == {}  # a prompt is given, which is lost beside a dialogue
            return
        chunks = await read(way.made(sim, policy="strict", output_dir=tmp_path, **options))
    assert details(chunks, "loss") == [], options


def configs(kind: MediaType) -> Iterator[GenerationConfig]:
    """Yield requests of one option, and of two."""
    given = [(name, value) for name, values in VALUES.items() for value in values]
    pairs = [(one, other) for place, one in enumerate(given) for other in given[place + 1 :] if one[0] != other[0]]
    for options in [*((one,) for one in given), *pairs]:
        try:
            yield GenerationConfig.of(prompt="a", media_type=kind, **dict(options))
        except ConfigurationError:
            continue


@pytest.mark.parametrize("kind", list(MediaType)[:3])
def test_what_is_told_under_one_policy_is_refused_under_the_other(kind: MediaType) -> None:
    offers = [offer for one in generators() if (offer := one.offers.get(kind)) is not None]
    for config in configs(kind):
        for offer in offers:
            told, refused = fit(config, offer, Policy.DEGRADE), fit(config, offer, Policy.STRICT)
            assert refused.losses == []
            assert set(told.faults) <= set(refused.faults)
            assert len(told.losses) <= len(refused.faults) - len(told.faults)
            assert not told.losses or told.config != config or all(line.startswith("prompt ") for line in told.losses)


CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("audio", "elevenlabs", {"audio_type": "music", "seed": 7}, "seed would be left out"),
    ("audio", "elevenlabs", {"composition": {"sections": []}}, "prompt would be left out"),
    ("audio", "elevenlabs", {"composition": {"sections": []}, "prompt": None, "duration": 9}, "duration would be"),
    ("audio", "elevenlabs", {"model": "eleven_multilingual_v2", "language": "en"}, "language would be left out"),
    ("audio", "elevenlabs", {"dialogue": LINES}, "prompt would be left out"),
    ("video", "elevenlabs", {"guidance_scale": 3}, "veo-3.1-generate-001 does not know guidance_scale"),
    ("image", "openai", {"size": "1024x1024", "aspect_ratio": "1:1"}, "aspect_ratio would be left out"),
    ("audio", "openai", {"model": "tts-1", "instructions": "Softly."}, "instructions would be left out"),
    ("video", "openai", {"continue_from": "sora_vid_1", "duration": 4}, "duration would be left out"),
    ("video", "openai", {"continue_from": "sora_vid_1", "model": "sora-2-pro"}, "model would be left out"),
    ("video", "openai", {"size": "1280x720", "aspect_ratio": "16:9"}, "aspect_ratio would be left out"),
    ("video", "grok", {"input_videos": b"v", "duration": 4}, "duration would be left out"),
    ("video", "grok", {"input_videos": b"v", "aspect_ratio": "1:1", "edit_mode": "extend"}, "aspect_ratio would be"),
    ("video", "grok", {"input_videos": b"v", "size": "720p"}, "size would be left out"),
    ("video", "google", {"input_videos": b"v", "duration": 4}, "duration would be left out"),
    ("video", "google", {"model": "veo-3.1-generate-001", "input_videos": b"v", "duration": 4}, "duration would be"),
    ("audio", "google", {"dialogue": LINES}, "prompt would be left out"),
    ("image", "stable_diffusion", {"strength": 0.5}, "strength would be left out"),
    ("audio", "local", {"duration": 4}, "duration would be left out"),
    ("audio", "local", {"audio_type": "music", "voice": "en"}, "voice would be left out"),
    ("image", "local", {"size": "64x64", "aspect_ratio": "1:1"}, "aspect_ratio would be left out"),
]


@pytest.mark.parametrize(("mode", "backend", "options", "said"), CASES)
def test_what_would_be_lost_is_refused_at_the_call(mode: str, backend: str, options: Any, said: str) -> None:
    given = {"prompt": "a", "mode": mode, "backend_type": backend, "policy": "strict", **options}
    given |= (
        {"api_key": KEY, "base_url": "http://127.0.0.1:9", "environ": {}} if backend != "local" else {"environ": {}}
    )
    with pytest.raises(ConfigurationError, match=said):
        generate_media(**given)


def test_outpainting_by_a_mask_loses_its_shape(tmp_path: Path) -> None:
    (tmp_path / "m.png").write_bytes(mask())
    given: dict[str, Any] = {"mode": "image", "backend_type": "google", "model": "imagen-3.0-capability-001"}
    given |= {"edit_mode": "outpaint", "input_images": picture(), "mask_path": tmp_path / "m.png"}
    given |= {"aspect_ratio": "16:9", "environ": {"GOOGLE_CLOUD_PROJECT": "p"}}
    (line,) = [line for line in explain_media("a", **given) if ": chosen" in line]
    assert line.endswith(
        "aspect_ratio is left out, since the picture is painted on within its own edges, as the mask says"
    )
    assert any("aspect_ratio would be left out" in line for line in explain_media("a", policy="strict", **given))


async def test_what_only_a_look_at_the_media_shows_ends_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "m.png").write_bytes(mask())
    given: dict[str, Any] = {"input_images": picture("PNG", 640, 480), "mask_path": tmp_path / "m.png"}
    for backend in ("openai", "stable_diffusion", "replicate", "elevenlabs"):
        async with Simulator() as sim:
            options = {"backend_type": backend, "base_url": sim.url(backend), "instruments": instruments(), **given}
            options |= {"model": "stability-ai/sdxl"} if backend == "replicate" else {}
            options |= {"model": "gpt-image-1.5"} if backend == "elevenlabs" else {}
            told = await read(generate_media("a", api_key=KEY, environ={}, **options))
            before = len(sim.requests)
            chunks = await read(generate_media("a", api_key=KEY, environ={}, policy="strict", **options))
            assert len(sim.requests) == before, backend
        (loss,) = details(told, "loss")
        assert "the mask is resized" in loss
        (error,) = of_type(chunks, "error")
        assert error.error_info["kind"] == "invalid_request"
        assert "nothing is sent, since the policy is strict: the mask is resized" in error.error


def test_another_generator_is_chosen_that_loses_nothing() -> None:
    environ = {"ELEVENLABS_API_KEY": "k", "OPENAI_API_KEY": "k"}
    given: dict[str, Any] = {
        "size": "1024x1024",
        "aspect_ratio": "1:1",
        "environ": {**environ, "OPENROUTER_API_KEY": "k"},
    }
    assert "openai: chosen" in explain_media("a", "image", **given)[0]
    strict = explain_media("a", "image", policy="strict", **given)
    assert [line.partition(":")[0] for line in strict if ": chosen" in line] == ["openrouter"]
    several = explain_media("a", "image", policy="strict", n=2, partial_images=2, environ={"OPENAI_API_KEY": "k"})
    assert "openai (OpenAI, gpt-image-2.6-sunburst): partial_images would be left out, since only a" in several[0]
    assert several[1] == "openai: chosen, with gpt-6.1-terra"  # it makes them one by one
