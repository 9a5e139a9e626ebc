"""What a generator leaves out, and what it cannot do."""

from typing import Any

import pytest

from massgen_stream.generation import GenerationConfig, Offer, Policy
from massgen_stream.generation.fitting import fit

from .fakes import plain

CONFIG = GenerationConfig(prompt="a", seed=0, quality="hd", n=2)
OFFER = plain(options=frozenset({"seed"}), most=4)


def test_what_it_does_not_know_is_left_out_and_told() -> None:
    found = fit(CONFIG, OFFER, Policy.DEGRADE)
    assert found.config == CONFIG.without("quality")
    assert (found.faults, found.losses) == ([], ["quality is left out, since it has no such option"])


def test_or_refused() -> None:
    found = fit(CONFIG, OFFER, Policy.STRICT)
    assert (found.config, found.losses) == (CONFIG, [])
    assert found.faults == ["it does not know quality"]


def test_material_is_never_left_out() -> None:
    config = GenerationConfig.of(prompt="a", input_images="a.png", mask_path="m.png", voice="x")
    found = fit(config, plain(options=frozenset({"input_images"})), Policy.DEGRADE)
    assert found.faults == ["it does not know mask_path"]
    assert found.losses == ["voice is left out, since it has no such option"]


def test_paths_of_images_are_images() -> None:
    config = GenerationConfig.of(prompt="a", input_image_paths=["a.png"])
    assert fit(config, plain(options=frozenset({"input_images"})), Policy.STRICT).faults == []
    assert fit(config, plain(), Policy.STRICT).faults == ["it does not know input_image_paths"]


def test_a_generator_with_a_prefix_continues() -> None:
    config = GenerationConfig.of(prompt="a", continue_from="fake_1")
    assert fit(config, plain(continuation="fake"), Policy.STRICT).faults == []
    assert fit(config, plain(), Policy.DEGRADE).faults == ["it does not know continue_from"]


class Ways(Offer, frozen=True, kw_only=True):
    """Knows seeds only where `extra_params` name a way."""

    def knows(self, option: str, config: GenerationConfig) -> bool:
        return super().knows(option, config) and (option != "seed" or "way" in config.extra_params)


@pytest.mark.parametrize(
    ("extra", "losses"), [({}, ["seed is left out, since m has no such option"]), ({"way": 1}, [])]
)
def test_what_is_known_may_depend_on_the_way(extra: dict[str, Any], losses: list[str]) -> None:
    ways = Ways(default_model="m", options=frozenset(("seed",)))
    config = GenerationConfig(prompt="a", seed=1, extra_params=extra)
    assert fit(config, ways, Policy.DEGRADE).losses == losses
    assert len(fit(config, ways, Policy.STRICT).faults) == len(losses)
