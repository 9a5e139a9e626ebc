from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from massgen_stream.agent.media_arguments import arguments_schema, checked_arguments, options_of
from massgen_stream.errors import UsageError
from massgen_stream.generation import GenerationConfig, Offer
from massgen_stream.generation.config import OPTIONS
from massgen_stream.stream_chunk.kinds import MediaType

from ..generation.fakes import maker

EVERYTHING = Offer(default_model="m", options=OPTIONS, most=4, continuation="fake")
FAKE = maker("fake", image=EVERYTHING)
DOORS = [(FAKE, MediaType.IMAGE, EVERYTHING)]


def test_every_option_of_a_request_can_be_asked_for() -> None:
    schema = arguments_schema(DOORS)
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
    schema = arguments_schema(doors, without=["model"])
    assert list(schema["properties"]) == ["prompt", "mode", "backend", "n", "seed"]
    assert schema["properties"]["mode"]["enum"] == ["audio", "image"]
    assert schema["properties"]["backend"]["enum"] == ["fake", "other"]
    assert options_of(doors) == ["n", "seed"]


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
    return checked_arguments({"prompt": "a", "mode": "image", **arguments}, arguments_schema(DOORS), [folder])


def test_what_is_given_is_handed_on(folder: Path) -> None:
    found = checked(folder, input_images=["inside/a.png", "https://x.org/a.png"], seed=0, size=None)
    assert found == {
        "prompt": "a",
        "mode": "image",
        "input_images": ["inside/a.png", "https://x.org/a.png"],
        "seed": 0,
    }


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"output_path": "/etc/a"}, "there is no argument output_path here"),
        ({"api_key": "x", "zz": 1}, "there is no argument api_key, zz here"),
        ({"prompt": None}, "prompt is missing"),
        ({"n": 5}, "n is 5; one call makes at most 4"),
        ({"input_images": ["secret.png"]}, "'secret.png' is not in a folder that may be read"),
        ({"input_images": ["inside/../secret.png"]}, "is not in a folder that may be read"),
        ({"input_images": ["inside/link.png"]}, "is not in a folder that may be read"),
        ({"input_images": "/etc/passwd"}, "is not in a folder that may be read"),
        ({"input_images": ["file:///etc/passwd"]}, "is not in a folder that may be read"),
        ({"input_images": ["s3://bucket/a.png"]}, "is not in a folder that may be read"),
        ({"mask_path": "https://x.org/a.png"}, "is not in a folder that may be read"),
        ({"mask_path": "a\0b"}, "is not in a folder that may be read"),
        ({"last_frame": {"path": "inside/a.png"}}, "last_frame takes the paths or URLs of files"),
        ({"keyframes": [{"image": "secret.png"}]}, "keyframes: 'secret.png' is not in a folder"),
        ({"keyframes": [{"timestamp": 1}]}, "keyframes takes the paths or URLs of files"),
    ],
)
def test_what_a_model_may_not(folder: Path, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        checked(folder, **arguments)
