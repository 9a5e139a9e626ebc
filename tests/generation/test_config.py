"""The typed request."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation.choices import Background, EditMode, MaskMode
from massgen_stream.generation.config import MATERIAL, OPTIONS, GenerationConfig

ORIGIN = """
prompt output_path media_type backend model quality duration voice aspect_ratio size extra_params input_images
input_image_paths continue_from mask_path edit_mode output_format background negative_prompt seed guidance_scale
style_image_path style_description control_image_path control_type subject_image_path subject_type subject_description
mask_mode segmentation_classes
"""


def made(**fields: Any) -> GenerationConfig:
    return GenerationConfig.of(**{"prompt": "a lighthouse", **fields})


def refused(**fields: Any) -> str:
    with pytest.raises(ConfigurationError) as problem:
        made(**fields)
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_every_field_of_the_origin_is_there() -> None:
    assert set(ORIGIN.split()) <= set(GenerationConfig.__struct_fields__)
    assert MATERIAL <= OPTIONS


def test_strings_become_what_they_mean() -> None:
    config = made(
        media_type="image",
        edit_mode="INPAINT",
        background="transparent",
        mask_mode="user_provided",
        mask_path="mask.png",
        input_images=["a.png", "https://example.org/b.png", b"\x89PNG\r\n\x1a\n", {"file_id": "f-1"}, Path("c.png")],
    )
    assert (config.edit_mode, config.background) == (EditMode.INPAINT, Background.TRANSPARENT)
    assert (config.mask_mode, config.mask_path) == (MaskMode.USER_PROVIDED, Path("mask.png"))
    assert config.input_images == (
        {"type": "image", "path": "a.png"},
        {"type": "image", "url": "https://example.org/b.png"},
        {"type": "image", "data": b"\x89PNG\r\n\x1a\n", "mime_type": "image/png"},
        {"type": "image", "file_id": "f-1"},
        {"type": "image", "path": "c.png"},
    )


def test_one_of_several_may_stand_alone() -> None:
    assert made(input_images="a.png", input_videos=b"\0", segmentation_classes=[0]).input_images[0]["path"] == "a.png"
    assert made(input_image_paths="a.png").images == ({"type": "image", "path": "a.png"},)


def test_none_is_not_given() -> None:
    assert made(input_images=None, seed=None, extra_params=None, n=None) == made()
    assert GenerationConfig(prompt="a", input_images=None, voice_settings=None, n=None).given() == {}  # type: ignore[arg-type]


def test_zero_and_false_are_values() -> None:
    config = made(seed=0, guidance_scale=0, strength=0.0, output_compression=0, generate_audio=False, voice="")
    zeros = {"seed": 0, "guidance_scale": 0, "strength": 0.0, "output_compression": 0}
    assert config.given() == {**zeros, "generate_audio": False, "voice": ""}
    assert "duration must be a number above 0, not 0" in refused(duration=0)


def test_what_was_given_can_be_left_out() -> None:
    config = made(seed=3, input_images="a.png", voice_settings={"stability": 0.5})
    assert set(config.given()) == {"seed", "input_images", "voice_settings"}
    assert config.without("seed", "voice_settings") == made(input_images="a.png")
    assert config.without() is config


def test_extra_parameters_with_a_name_of_ours_are_ours() -> None:
    config = made(extra_params={"audio_type": "music", "seed": 3, "loop": True}, seed=5)
    assert (config.audio_type, config.seed) == ("music", 5)
    assert config.extra_params == {"seed": 3, "loop": True}
    assert "guidance_scale" in refused(extra_params={"guidance_scale": "much"})
    assert refused(extra_params={"model": "m"}) == "extra_params['model'] is a field of its own; give it there"


def test_extra_parameters_are_json() -> None:
    door = object()
    assert made(extra_params={"a": [1, {"b": None}], "credentials": door}).extra_params["credentials"] is door
    for value in (door, {"a": door}, float, "\ud800", b"x", {1, 2}, float("nan"), [float("inf")]):
        assert refused(extra_params={"zzz": value}).startswith("extra_params['zzz'] takes JSON values, not ")


def test_half_a_character_is_refused_where_it_stands() -> None:
    assert refused(prompt="\ud800 boat").startswith("prompt holds half a character (a lone surrogate)")
    assert "voice holds half a character" in refused(voice="\udfff")


def test_unknown_options_are_named() -> None:
    assert refused(colour="red", shape="round").startswith("no option is called colour, shape; extra_params")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prompt": "  "}, "prompt is empty"),
        ({"prompt": 3}, "prompt must be text, not int"),
        ({"media_type": "smell"}, "mode 'smell' is not one of image, video, audio"),
        ({"n": 0}, "n must be a whole number from 1 to 100, not 0"),
        ({"n": True}, "n must be a whole number"),
        ({"n": 1.5}, "n must be a whole number"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"duration": float("nan")}, "duration must be a number above 0"),
        ({"guidance_scale": -0.1}, "guidance_scale must be a number, 0 or more"),
        ({"strength": 1.01}, "strength must be a number from 0 to 1"),
        ({"size": "1024 x 768"}, "size must be like 1024x768"),
        ({"size": "0x768"}, "size must be like 1024x768"),
        ({"size": 1024}, "size must be like 1024x768"),
        ({"aspect_ratio": "16/9"}, "aspect_ratio must be like 16:9"),
        ({"aspect_ratio": "0:1"}, "aspect_ratio must be like 16:9"),
        ({"generate_audio": "yes"}, "generate_audio must be true or false"),
        ({"output_path": "a.png", "output_dir": "."}, "output_path and output_dir are both given"),
        ({"output_path": 7}, "output_path must be a path"),
        ({"mask_path": "m.png"}, "mask_path needs an image"),
        ({"mask_path": "m.png", "continue_from": "grok_img_1"}, "mask_path needs an image"),
        ({"mask_mode": "auto"}, "mask_mode needs an image"),
        ({"segmentation_classes": [3]}, "segmentation_classes needs an image"),
        ({"segmentation_classes": [-3], "input_images": "a.png"}, "segmentation_classes must be whole numbers"),
        ({"mask_mode": "user_provided", "input_images": "a.png"}, "needs a mask_path"),
        ({"mask_mode": "auto", "input_images": "a.png", "mask_path": "m.png"}, "makes the mask itself"),
        ({"control_type": "canny"}, "control_type needs a control_image_path"),
        ({"subject_type": "animal"}, "subject_type needs a subject_image_path"),
        ({"media_type": "audio", "continue_from": "gemini_chat_1"}, "audio cannot be continued"),
        ({"continue_from": ""}, "continue_from is empty"),
        ({"input_images": 3}, "input_images must be a list, not int"),
        ({"input_images": [3]}, r"input_images\[0\] takes paths, URLs, bytes or media parts, not int"),
        ({"input_images": [{"url": "https://a", "path": "b"}]}, r"input_images\[0\]: exactly one of"),
        ({"voice_settings": [1]}, "voice_settings must be a dictionary"),
        ({"dialogue": [{"voice": "a"}]}, r"dialogue\[0\] needs a text"),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        made(**fields)


def test_every_fault_is_named_at_once() -> None:
    told = refused(n=0, size="big one", mask_path="m.png")
    assert told.count("; ") == 2


def test_media_may_stand_for_words() -> None:
    for fields in ({"input_images": "a.png"}, {"lyrics": "la"}, {"composition": {"sections": []}, "lyrics": "la"}):
        assert GenerationConfig.of(**fields).prompt == ""
    with pytest.raises(ConfigurationError, match="prompt is empty"):
        GenerationConfig.of(mask_mode="auto")


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.binary(max_size=4), st.just([])
)


@given(name=st.sampled_from(sorted(GenerationConfig.__struct_fields__)), value=SCALARS)
def test_any_value_is_taken_or_refused_with_our_error(name: str, value: Any) -> None:
    try:
        config = made(**{name: value})
    except ConfigurationError as problem:
        assert "\n" not in str(problem)  # noqa: PT017 - a taken value is right as well
    else:
        assert repr(msgspec.structs.replace(config)) == repr(config)


@given(st.data())
def test_leaving_out_what_was_given_gives_the_plain_request(data: st.DataObject) -> None:
    values = {"seed": 1, "quality": "hd", "size": "64x64", "duration": 2.5, "voice": "x", "n": 3, "steps": 4}
    names = data.draw(st.lists(st.sampled_from(sorted(values)), unique=True))
    config = made(**{name: values[name] for name in names})
    assert set(config.given()) == set(names)
    assert config.without(*names) == made()
