"""What a generator offers, and what it does not take."""

from typing import Any

import pytest

from massgen_stream.generation import Durations, EditMode, GenerationConfig, OutputFormat

from .fakes import plain


def faults(config: dict[str, Any], **offer: Any) -> list[str]:
    offer.setdefault("options", frozenset(GenerationConfig.__struct_fields__))
    return list(plain(**offer).faults(GenerationConfig.of(**{"prompt": "a", **config})))


@pytest.mark.parametrize(
    ("durations", "seconds", "within"),
    [
        (Durations.of(4, 8, 12), 8, True),
        (Durations.of(4, 8, 12), 6, False),
        (Durations(1, 15), 15, True),
        (Durations(1, 15), 15.5, False),
        (Durations(1, 15), 0.5, False),
    ],
)
def test_lengths(durations: Durations, seconds: float, within: bool) -> None:
    assert (seconds in durations) is within


def test_a_wrong_length_is_told_with_the_right_ones() -> None:
    sora = Durations.of(4, 8, 12)
    assert faults({"duration": 5}, durations=sora) == ["duration is 5 s; it makes 4, 8, 12 s"]
    assert faults({"duration": 5}, durations=Durations(1, 4)) == ["duration is 5 s; it makes 1 to 4 s"]
    assert faults({"duration": 5}, durations=sora, options=frozenset()) == []
    assert faults({"duration": 5}) == []


def test_an_extension_has_lengths_of_its_own() -> None:
    lengths = {
        "durations": Durations(1, 15),
        "extensions": Durations(1, 10),
        "edit_modes": frozenset({EditMode.EXTEND}),
    }
    assert faults({"duration": 12, "edit_mode": "extend"}, **lengths) == ["duration is 12 s; it makes 1 to 10 s"]
    assert faults({"duration": 12}, **lengths) == []


def test_values_that_are_not_offered() -> None:
    assert faults({"size": "64x64"}, sizes=("1K", "2K")) == ["size is 64x64; it takes 1K, 2K"]
    assert faults({"output_format": "gif"}, formats=(OutputFormat.PNG,)) == ["output_format is gif; it takes png"]
    assert faults({"aspect_ratio": "2:1"}, aspect_ratios=("1:1",)) == ["aspect_ratio is 2:1; it takes 1:1"]
    modes = frozenset({EditMode.INPAINT, EditMode.EDIT})
    assert faults({"edit_mode": "outpaint"}, edit_modes=modes) == ["edit_mode is outpaint; it takes edit, inpaint"]
    assert faults({"edit_mode": "outpaint"}) == ["edit_mode is outpaint; it takes none"]
    assert faults({"input_images": ["a", "b"]}, most_images=1) == ["2 input images; it takes at most 1"]
    assert faults({"prompt": "", "input_images": ["a"]}) == ["it needs a prompt"]
    assert faults({"prompt": "", "input_images": ["a"]}, needs_prompt=False) == []


def test_models_and_ids_of_its_own() -> None:
    offer = plain(default_model="draw-2", models=("draw-*",), continuation="grok_img")
    assert [offer.knows_model(one) for one in ("draw-2", "draw-1", "paint-1")] == [True, True, False]
    ids = ("grok_img_0123456789ab", "grok_img_a_b", "grok_vid_0123456789ab", "grok_img", "")
    assert [offer.continues(one) for one in ids] == [True, True, False, False, False]
    assert not plain().continues("grok_img_1")


def test_the_end_of_a_model_is_known_by_its_pattern() -> None:
    offer = plain(retired={"old-*": "shut down", "new-1": "will be"})
    assert [offer.retirement(model) for model in ("old-7", "new-1", "new-10")] == ["shut down", "will be", None]
