"""The models of images behind ElevenLabs' flows, with the fields and values that the elevenlabs SDK 2.78 states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from ...config import GenerationConfig


class PictureModel(NamedTuple):
    """One model; empty: it has no such field.

    Attributes:
        takes: Options that it knows, of those that not all know and that follow here by their values.
        aspect_ratios: Values of `aspect_ratio`, which all have.
        sizes: Values of `size`, which ElevenLabs calls ``resolution``.
        qualities: Values of `quality`.
    """

    takes: frozenset[str]
    aspect_ratios: tuple[str, ...]
    sizes: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        """Every option that it knows, of those that not all know."""
        valued = (("size", self.sizes), ("quality", self.qualities))
        return self.takes | {name for name, values in valued if values}


_MASKED: Final = frozenset(("mask_path",))
_SEEDREAM: Final = PictureModel(frozenset(("seed",)), ("auto", "1:1", "3:4", "16:9", "4:3", "9:16"))
_GEMINI: Final = PictureModel(
    frozenset(), ("auto", "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
)
_GPT_1: Final = PictureModel(_MASKED | {"background"}, ("1:1", "3:2", "2:3"), qualities=("low", "medium", "high"))
_GPT_2: Final = PictureModel(
    _MASKED,
    (
        "auto", "1:1", "4:5", "5:4", "3:4", "4:3", "2:3", "3:2", "1:2", "2:1", "9:16", "16:9", "21:9", "1:3", "3:1",
    ),
    ("1K", "2K", "4K"),
    ("low", "medium", "high"),
)  # fmt: skip
_GPT_2_5: Final = _GPT_2._replace(qualities=(*_GPT_2.qualities, "xhigh", "max"))
PICTURE_MODELS: Final[Mapping[str, PictureModel]] = {
    "gpt-image-2.5-sunburst": _GPT_2_5,
    "gpt-image-2.5-flare": _GPT_2_5,
    "gpt-image-2": _GPT_2,
    "gpt-image-1.5": _GPT_1,
    "gpt-image-1": _GPT_1,
    "gemini-3-pro-image": _GEMINI._replace(sizes=("1K", "2K", "4K")),
    "gemini-3.1-flash-image": _GEMINI._replace(
        aspect_ratios=(*_GEMINI.aspect_ratios, "1:4", "4:1", "1:8", "8:1"), sizes=("512", "1K", "2K", "4K")
    ),
    "gemini-3.1-flash-lite-image": _GEMINI._replace(sizes=("1K",)),
    "gemini-2.5-flash-image": _GEMINI,
    "bytedance-seedream-5-pro": _SEEDREAM._replace(sizes=("1K", "2K")),
    "bytedance-seedream-5-lite": _SEEDREAM._replace(sizes=("2K", "3K")),
}
PICTURE_DEPENDENT: Final = frozenset().union(*(model.known for model in PICTURE_MODELS.values()))
"""Options that some models know and others do not."""


def unknown_to_picture_model(model: str) -> frozenset[str]:
    """Return the options that a model does not know; of a model without facts, none."""
    facts = PICTURE_MODELS.get(model)
    return frozenset() if facts is None else PICTURE_DEPENDENT - facts.known


def picture_faults(model: str, config: GenerationConfig) -> Iterator[str]:
    """Yield the values that a model does not take; of a model without facts, none."""
    facts = PICTURE_MODELS.get(model)
    if facts is None:
        return
    for name, values in (
        ("aspect_ratio", facts.aspect_ratios),
        ("size", facts.sizes),
        ("quality", facts.qualities),
    ):
        value = getattr(config, name)
        if value is not None and values and value not in values:
            yield f"{name} is {value}; {model} takes {', '.join(values)}"
