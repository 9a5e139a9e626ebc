"""What Veo takes through Google Cloud.

https://docs.cloud.google.com/vertex-ai/generative-ai/docs/models/veo/3-1-generate and the types of google-genai 3.4
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from ...choices import EditMode
from ...config import GenerationConfig
from ...offer import Durations, Offer

SECOND_GENERATION: Final = "veo-2*"
"""Models without sound."""
QUALITIES: Final = ("optimized", "lossless")
_LENGTHS: Final[Mapping[str, tuple[int, ...]]] = {SECOND_GENERATION: (5, 6, 7, 8), "veo-3*": (4, 6, 8)}
_WITH_REFERENCES: Final = 8
_MOST_REFERENCES: Final = 3
_OF_NEW_VIDEOS: Final = ("input_images", "input_image_paths", "last_frame", "reference_images", "style_image_path")


class VeoOffer(Offer, frozen=True, kw_only=True):
    """Videos by Veo."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return what has no say where a video is extended: it keeps its shape, and gets seven seconds."""
        return dict.fromkeys(("aspect_ratio", "duration"), "the video is extended") if is_extension(config) else {}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if config.quality is not None and config.quality.lower() not in QUALITIES:
            yield f"quality is {config.quality}; it takes {', '.join(QUALITIES)}"
        model = config.model or self.default_model
        if config.generate_audio and fnmatchcase(model, SECOND_GENERATION):
            yield f"{model} makes no sound; leave generate_audio out"
        if is_extension(config):
            yield from _of_extension(config)
        else:
            yield from _of_new_video(config, model)


def is_extension(config: GenerationConfig) -> bool:
    """Return whether a video is extended: the only thing that Veo does with one."""
    return bool(config.input_videos) or config.continue_from is not None or config.edit_mode is EditMode.EXTEND


def _of_extension(config: GenerationConfig) -> Iterator[str]:
    given = len(config.input_videos) + (config.continue_from is not None)
    if not given:
        yield "edit_mode extend needs a video: give input_videos or continue_from"
    if given > 1:
        yield f"{given} videos; it extends one, the one that continue_from names included"
    for name in _OF_NEW_VIDEOS:
        if getattr(config, name):
            yield f"{name} belongs to a new video, and this one is extended"


def _of_new_video(config: GenerationConfig, model: str) -> Iterator[str]:
    references = len(config.reference_images) + (config.style_image_path is not None)
    if not (config.prompt.strip() or config.images) or (references and not config.prompt.strip()):
        yield "it needs a prompt" + (", beside reference images" if references else ", or an input image")
    lengths = next((known for pattern, known in _LENGTHS.items() if fnmatchcase(model, pattern)), None)
    if lengths is not None and config.duration is not None and config.duration not in lengths:
        yield f"duration is {config.duration:g} s; {model} makes {', '.join(map(str, lengths))} s"
    if config.last_frame is not None and not config.images:
        yield "last_frame needs the first one: give input_images"
    if references:
        yield from _of_references(config, references)


def _of_references(config: GenerationConfig, count: int) -> Iterator[str]:
    if config.images or config.last_frame is not None:
        yield "reference images and frames exclude each other; give one kind"
    if count > _MOST_REFERENCES or (count > 1 and config.style_image_path is not None):
        yield f"{count} reference images; it takes at most {_MOST_REFERENCES}, or one of a style"
    if config.duration not in (None, _WITH_REFERENCES):
        yield f"duration is {config.duration:g} s; with reference images it makes {_WITH_REFERENCES} s"


VEO: Final = VeoOffer(
    default_model="veo-3.1-generate-001",
    models=("veo-*",),
    options=frozenset((
        "aspect_ratio", "duration", "edit_mode", "generate_audio", "input_images", "input_videos", "last_frame",
        "negative_prompt", "quality", "reference_images", "seed", "size", "style_image_path",
    )),
    priority=22,
    most=4,
    durations=Durations.of(4, 5, 6, 7, 8),
    sizes=("720p", "1080p", "4k"),
    aspect_ratios=("16:9", "9:16"),
    edit_modes=frozenset((EditMode.EXTEND,)),
    most_images=1,
    continuation="veo_vid",
    needs_prompt=False,
)  # fmt: skip
