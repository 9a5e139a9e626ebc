"""What a generator leaves out, and what it cannot do."""

from massgen_stream.generation import GenerationConfig, Policy
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
