"""Closed values, and what stands for them."""

import pytest

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation.choices import AudioType, EditMode, MaskMode, OutputFormat, Policy, chosen, media_kind


@pytest.mark.parametrize(
    ("given", "choices", "meant"),
    [
        ("inpaint", EditMode, EditMode.INPAINT),
        (EditMode.EXTEND, EditMode, EditMode.EXTEND),
        ("BGSWAP", EditMode, EditMode.BACKGROUND_SWAP),
        ("style-transfer", EditMode, EditMode.STYLE),
        ("USER_PROVIDED", MaskMode, MaskMode.USER_PROVIDED),
        ("user provided", MaskMode, MaskMode.USER_PROVIDED),
        ("jpg", OutputFormat, OutputFormat.JPEG),
        ("sfx", AudioType, AudioType.SOUND_EFFECT),
        ("strict", Policy, Policy.STRICT),
    ],
)
def test_a_word_is_taken_as_it_is_written_elsewhere(given: str, choices: type[EditMode], meant: EditMode) -> None:
    assert chosen("it", given, choices) is meant


@pytest.mark.parametrize("given", ["", "paint", 3, None, ["edit"]])
def test_any_other_word_is_refused_with_those_that_are_known(given: object) -> None:
    with pytest.raises(ConfigurationError, match=r"edit_mode .* is not one of edit, inpaint, .*upscale"):
        chosen("edit_mode", given, EditMode)


def test_only_what_can_be_made_is_a_mode() -> None:
    assert [media_kind(kind) for kind in ("image", "video", "audio")] == ["image", "video", "audio"]
    others: list[object] = ["document", "file", "music", "", None, []]
    for kind in others:
        with pytest.raises(ConfigurationError, match="is not one of image, video, audio"):
            media_kind(kind)
