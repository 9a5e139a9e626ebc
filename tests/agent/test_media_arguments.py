from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from massgen_stream.agent.media_arguments import MediaArguments, options_of
from massgen_stream.errors import UsageError
from massgen_stream.generation import GenerationConfig, Offer
from massgen_stream.generation.choices import AudioType, OutputFormat
from massgen_stream.generation.config import OPTIONS
from massgen_stream.stream_chunk.kinds import MediaType

from ..generation.fakes import maker

EVERYTHING = Offer(default_model="m", options=OPTIONS, most=4, continuation="fake")
FAKE = maker("fake", image=EVERYTHING)
DOORS = [(FAKE, MediaType.IMAGE, EVERYTHING)]


def test_every_option_of_a_request_can_be_asked_for() -> None:
    schema = MediaArguments(DOORS).schema
    jsonschema.Draft202012Validator.check_schema(schema)
    hidden = {"media_type", "output_path", "output_dir", "extra_params", "input_image_paths", "backend"}
    assert set(schema["properties"]) == {*GenerationConfig.__struct_fields__, "mode"} - hidden
    assert schema["required"] == ["prompt", "mode"]
    assert all(rule.get("description") for rule in schema["properties"].values())
    assert schema["properties"]["mode"]["enum"] == ["image"]
    assert schema["properties"]["n"]["maximum"] == 4
    assert "inpaint" in schema["properties"]["edit_mode"]["enum"]
    assert schema["properties"]["input_images"]["items"] == {"type": "string"}
    assert schema["properties"]["dialogue"]["items"]["required"] == ["text"]


def test_only_what_somebody_knows_is_offered() -> None:
    little = Offer(default_model="m", options=frozenset({"seed"}))
    doors = [(FAKE, MediaType.IMAGE, little), (maker("other", audio=little), MediaType.AUDIO, little)]
    schema = MediaArguments(doors, without=["model"]).schema
    assert list(schema["properties"]) == ["prompt", "mode", "backend", "n", "seed"]
    assert schema["properties"]["mode"]["enum"] == ["audio", "image"]
    assert schema["properties"]["backend"]["enum"] == ["fake", "other"]
    assert options_of(doors) == ["n", "seed"]


def test_only_values_that_somebody_takes_are_offered() -> None:
    def schema(*offers: Offer) -> Any:
        return MediaArguments([(FAKE, MediaType.AUDIO, offer) for offer in offers]).schema["properties"]

    options = frozenset({"audio_type", "output_format"})
    speech = Offer(default_model="m", options=options, audio_types=(AudioType.SPEECH,), formats=(OutputFormat.WAV,))
    music = Offer(default_model="m", options=options, audio_types=(AudioType.MUSIC,))
    assert (schema(speech)["audio_type"]["enum"], schema(speech)["output_format"]["enum"]) == (["speech"], ["wav"])
    assert schema(speech, music)["audio_type"]["enum"] == ["music", "speech"]
    assert "flac" in schema(speech, music)["output_format"]["enum"]  # one of them takes any


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.png").write_bytes(b"x")
    (tmp_path / "secret.png").write_bytes(b"x")
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    monkeypatch.chdir(tmp_path)
    return inside


def checked(folder: Path, **arguments: Any) -> dict[str, Any]:
    return MediaArguments(DOORS).checked({"prompt": "a", "mode": "image", **arguments}, [folder])


def test_what_is_given_is_handed_on(folder: Path) -> None:
    given = {
        "input_images": ["inside/a.png", "https://x.org/a.png"],
        "last_frame": "data:image/png;base64,AA==",
        "mask_path": "inside/a.png",
        "keyframes": [{"image": "inside/a.png", "timestamp": 1.5}],
        "dialogue": [{"text": "a"}, {"text": "b", "voice": "c"}],
        "edit_mode": "inpaint",
        "segmentation_classes": (1, 2),
        "voice_settings": {"stability": 0.5, "on": None},
        "duration": 6,
        "n": 4,
        "seed": 0,
    }
    assert checked(folder, **given, size=None) == {"prompt": "a", "mode": "image", **given}


def test_the_name_of_a_backend_is_handed_on(folder: Path) -> None:
    doors = [*DOORS, (maker("other", image=EVERYTHING), MediaType.IMAGE, EVERYTHING)]
    found = MediaArguments(doors).checked({"prompt": "a", "mode": "image", "backend": "other"}, [folder])
    assert found == {"prompt": "a", "mode": "image", "backend_type": "other"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"prompt": None}, "missing required field `prompt`"),
        ({"prompt": ["a", "b"]}, r"Expected `str`, got `array` - at `\$.prompt`"),
        ({"n": 5}, "Expected `int` <= 4"),
        ({"n": 5.0}, "Expected `int`"),
        ({"n": "5"}, "Expected `int`"),
        ({"mode": "smell"}, "Invalid enum value 'smell'"),
        ({"backend": "other"}, "unknown field `backend`"),
        ({"input_images": ["secret.png"]}, "'secret.png' is not in a folder that may be read"),
        ({"input_images": ["inside/../secret.png"]}, "is not in a folder that may be read"),
        ({"input_images": ["inside/link.png"]}, "is not in a folder that may be read"),
        ({"input_images": ["/etc/passwd"]}, "is not in a folder that may be read"),
        ({"input_images": ["file:///etc/passwd"]}, "is not in a folder that may be read"),
        ({"input_images": ["s3://bucket/a.png"]}, "is not in a folder that may be read"),
        ({"input_images": "inside/a.png"}, "Expected `array`, got `str`"),
        ({"input_images": [{"path": "inside/a.png"}]}, "Expected a path or URL, got {'path': 'inside/a.png'}"),
        ({"input_images": [""]}, "Expected a path or URL, got nothing"),
        ({"mask_path": "https://x.org/a.png"}, "is not in a folder that may be read"),
        ({"mask_path": "a\0b"}, "is not in a folder that may be read"),
        ({"mask_path": ["inside/a.png"]}, "Expected a path, got "),
        ({"last_frame": {"path": "inside/a.png"}}, "Expected a path or URL"),
        ({"keyframes": [{"image": "secret.png", "timestamp": 1}]}, "'secret.png' is not in a folder .* at `"),
        ({"keyframes": {"image": "secret.png", "timestamp": 1}}, "Expected `array`, got `object`"),
        ({"keyframes": [{"image": {"path": "secret.png"}, "timestamp": 1}]}, "Expected a path or URL"),
        ({"keyframes": [{"image": ["secret.png"], "timestamp": 1}]}, "Expected a path or URL"),
        ({"keyframes": [{"timestamp": 1}]}, "missing required field `image`"),
        ({"keyframes": [{"image": "inside/a.png", "timestamp": 1, "path": "a"}]}, "unknown field `path`"),
        ({"dialogue": [{"text": "a", "path": "secret.png"}]}, "unknown field `path`"),
        ({"dialogue": {"text": "a"}}, "Expected `array`, got `object`"),
    ],
)
def test_what_a_model_may_not(folder: Path, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        checked(folder, **arguments)


@pytest.mark.parametrize(
    "name",
    [
        "extra_params", "policy", "concurrency", "environ", "instruments", "continuations", "config", "output_path",
        "output_dir", "api_key", "base_url", "backend_type", "media_type", "input_image_paths", "total_timeout",
        "max_retries", "zz",
    ],
)  # fmt: skip
def test_what_only_the_application_says(folder: Path, name: str) -> None:
    with pytest.raises(UsageError, match=f"unknown field `{name}`"):
        checked(folder, **{name: {}})


FILES = {name for name in OPTIONS if name.endswith("_path")} | {
    "input_images", "reference_images", "input_videos", "input_audios", "last_frame", "keyframes",
}  # fmt: skip
JSON = st.recursive(
    st.sampled_from([None, True, 1, 1.5, "", "a", "secret.png", "inside/a.png", "https://x.org/a.png"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["image", "path", "timestamp", "text", "url"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FILES)), JSON)
def test_no_file_elsewhere_is_named_whatever_the_form(folder: Path, name: str, value: Any) -> None:
    try:
        found = checked(folder, **{name: value})
    except UsageError:
        return
    assert "secret.png" not in repr(found)
    assert value is None or name in found
