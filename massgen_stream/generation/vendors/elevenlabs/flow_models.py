"""The models behind ElevenLabs' flows, with the bounds that the elevenlabs SDK 2.78 states of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from ...config import GenerationConfig
from ...offer import Durations

_REFERENCES: Final = ("reference_images", "input_videos", "input_audios", "style_image_path")


class FlowModel(NamedTuple):
    """One model.

    Attributes:
        takes: Options that it knows, of those that not all know.
        aspect_ratios: Values of `aspect_ratio`.
        sizes: Values of `size`, which ElevenLabs calls ``resolution``; small and capital letters are the same.
        durations: Seconds; None: nothing is stated.
        most: Most references, by option.
        is_lipsync: Whether it moves the lips of one image by one sound, and needs nothing else.
    """

    takes: frozenset[str]
    aspect_ratios: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    durations: Durations | None = None
    most: Mapping[str, int] = {}
    is_lipsync: bool = False


_SHAPE: Final = frozenset(("aspect_ratio", "duration", "generate_audio", "last_frame", "reference_images"))
_MEDIA: Final = frozenset(("input_videos", "input_audios"))
_VEO: Final = FlowModel(
    takes=_SHAPE | {"negative_prompt", "seed", "style_image_path"},
    aspect_ratios=("16:9", "9:16"),
    sizes=("720p", "1080p", "4K"),
    durations=Durations.of(4, 6, 8),  # https://ai.google.dev/gemini-api/docs/video
    most={"reference_images": 3},
)
_SEEDANCE: Final = FlowModel(
    takes=_SHAPE | _MEDIA | {"seed"},
    aspect_ratios=("auto", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"),
    sizes=("480p", "720p", "1080p", "4k"),
    most={"reference_images": 9, "input_videos": 3, "input_audios": 3},
)
VIDEO_MODELS: Final[Mapping[str, FlowModel]] = {
    "veo-3.1-generate-001": _VEO,
    "veo-3.1-fast-generate-001": _VEO,
    "bytedance-seedance-v2.5": _SEEDANCE._replace(
        takes=_SEEDANCE.takes - {"seed"},
        sizes=("480p", "720p", "1080p"),
        durations=Durations(1, 30),
        most={"reference_images": 30, "input_videos": 10, "input_audios": 10},
    ),
    "bytedance-seedance-v2": _SEEDANCE,
    "bytedance-seedance-v2-fast": _SEEDANCE._replace(sizes=("480p", "720p")),
    "bytedance-seedance-v2-mini": _SEEDANCE._replace(sizes=("480p", "720p")),
    "creatify-aurora": FlowModel(
        takes=frozenset(("guidance_scale", "input_audios")), sizes=("480p", "720p"), most={"input_audios": 1},
        is_lipsync=True,
    ),
}  # fmt: skip
DEPENDENT: Final = frozenset().union(*(model.takes for model in VIDEO_MODELS.values()))
"""Options that some models know and others do not."""
_ONLY_OLD: Final = "bytedance-seedance-v2"
_REFERENCED_SECONDS: Final = 8


def unknown_to(model: str) -> frozenset[str]:
    """Return the options that a model does not know; of a model without facts, none."""
    facts = VIDEO_MODELS.get(model)
    return frozenset() if facts is None else DEPENDENT - facts.takes


def faults_of(model: str, config: GenerationConfig) -> Iterator[str]:
    """Yield what a model does not take; of a model without facts, what none does."""
    facts = VIDEO_MODELS.get(model)
    if facts is None:
        yield from _of_length(config.duration)
        return
    yield from _of_values(model, facts, config)
    yield from _of_lipsync(config) if facts.is_lipsync else _of_references(model, facts, config)


def _of_values(model: str, facts: FlowModel, config: GenerationConfig) -> Iterator[str]:
    ratios, sizes, seconds = facts.aspect_ratios, facts.sizes, config.duration
    if config.aspect_ratio is not None and ratios and config.aspect_ratio not in ratios:
        yield f"aspect_ratio is {config.aspect_ratio}; {model} takes {', '.join(ratios)}"
    if config.size is not None and config.size.lower() not in (size.lower() for size in sizes):
        yield f"size is {config.size}; {model} takes {', '.join(sizes)}"
    if seconds is not None and "duration" in facts.takes:
        if facts.durations is not None and seconds not in facts.durations:
            yield f"duration is {seconds:g} s; {model} makes {facts.durations}"
        else:
            yield from _of_length(seconds)
    for name, most in facts.most.items():
        if len(getattr(config, name)) > most:
            yield f"{len(getattr(config, name))} {name}; {model} takes at most {most}"


def _of_length(seconds: float | None) -> Iterator[str]:
    if seconds is not None and not float(seconds).is_integer():
        yield f"duration is {seconds:g} s; it takes whole seconds"


def _of_references(model: str, facts: FlowModel, config: GenerationConfig) -> Iterator[str]:
    if not config.prompt.strip():
        yield "it needs a prompt"
    references = [name for name in _REFERENCES if getattr(config, name) not in ((), None)]
    frames = bool(config.images) or config.last_frame is not None
    if frames and references:
        yield f"{model} takes frames (input_images, last_frame) or references ({', '.join(references)}), not both"
    if config.last_frame is not None and not config.images:
        yield "last_frame needs a first frame: give input_images"
    alone = references == ["input_audios"] and model.startswith(_ONLY_OLD) and "seed" in facts.takes
    if alone:
        yield f"input_audios need reference_images or input_videos with {model}"
    if references and facts is _VEO and config.duration not in (None, _REFERENCED_SECONDS):
        yield f"duration is {config.duration:g} s; with references {model} makes {_REFERENCED_SECONDS} s"


def _of_lipsync(config: GenerationConfig) -> Iterator[str]:
    if len(config.images) != 1 or len(config.input_audios) != 1:
        yield "it moves the lips of one image by one sound: give input_images and input_audios"
