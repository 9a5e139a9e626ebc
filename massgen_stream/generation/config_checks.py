"""What cannot be in a request, whatever generator it goes to."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from ..errors import excerpt
from ..stream_chunk.kinds import MediaType
from .choices import FORMATS_OF, MaskMode

_PIXELS: Final = re.compile(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})")
_RATIO: Final = re.compile(r"([1-9][0-9]{0,2}):([1-9][0-9]{0,2})")
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,31}")
_INSTEAD_OF_PROMPT: Final = (
    "input_images", "input_image_paths", "input_videos", "input_audios", "continue_from", "lyrics", "composition",
    "dialogue", "reference_images", "keyframes", "last_frame",
)  # fmt: skip
"""What says enough without words."""


class _Figure(NamedTuple):
    """A number: its lowest and highest value, whether it is whole, and whether the lowest itself is left out."""

    lowest: float
    highest: float = math.inf
    whole: bool = False
    above: bool = False

    def fault(self, name: str, value: object) -> str | None:
        right = isinstance(value, int) if self.whole else isinstance(value, int | float)
        if not right or isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return f"{name} must be {self._wanted()}, not {excerpt(value)!r}"
        low = value <= self.lowest if self.above else value < self.lowest
        return f"{name} must be {self._wanted()}, not {value:g}" if low or value > self.highest else None

    def _wanted(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        if self.highest == math.inf:
            return f"{kind} above {self.lowest:g}" if self.above else f"{kind}, {self.lowest:g} or more"
        return f"{kind} from {self.lowest:g} to {self.highest:g}"


_FIGURES: Final[Mapping[str, _Figure]] = {
    "n": _Figure(1, 100, whole=True),
    "duration": _Figure(0, above=True),
    "output_compression": _Figure(0, 100, whole=True),
    "seed": _Figure(0, 2**63 - 1, whole=True),
    "guidance_scale": _Figure(0),
    "steps": _Figure(1, 10_000, whole=True),
    "strength": _Figure(0, 1),
    "partial_images": _Figure(0, 100, whole=True),
    "mask_dilation": _Figure(0, 1),
    "speed": _Figure(0, above=True),
}
_TEXTS: Final = (
    "prompt", "backend", "model", "quality", "negative_prompt", "sampler", "continue_from", "style_description",
    "control_type", "subject_type", "subject_description", "voice", "instructions", "language", "lyrics",
)  # fmt: skip
_FLAGS: Final = ("generate_audio", "instrumental")
_FIELDS: Final = ("prompt", "media_type", "output_path", "output_dir", "backend", "model")
"""What is said of a request itself, and no parameter of a vendor's."""
_OBJECTS: Final = ("credentials",)
"""Further parameters that never leave the process, and need not be JSON."""


def faults_of(config: Any) -> list[str]:
    """Return what cannot be in *config*, one line each."""
    further = _of_further(config.extra_params)
    return [*_of_types(config), *_of_forms(config), *_of_pairs(config), *_of_task(config), *further]


def pixels(size: str | None) -> tuple[int, int] | None:
    """Return width and height of ``1024x768``; None for any other word."""
    found = _PIXELS.fullmatch(size or "")
    return (int(found[1]), int(found[2])) if found else None


def ratio(aspect_ratio: str | None) -> float | None:
    """Return width divided by height of ``16:9``; None for anything else."""
    found = _RATIO.fullmatch(aspect_ratio or "")
    return int(found[1]) / int(found[2]) if found else None


def _of_types(config: Any) -> Iterator[str]:
    for name in _TEXTS:
        value = getattr(config, name)
        if value is not None and not isinstance(value, str):
            yield f"{name} must be text, not {type(value).__name__}"
        elif value is not None and _has_half(value):
            yield f"{name} holds half a character (a lone surrogate), which nothing can carry: {excerpt(value)!r}"
    for name in _FLAGS:
        value = getattr(config, name)
        if value is not None and not isinstance(value, bool):
            yield f"{name} must be true or false, not {excerpt(value)!r}"
    for name, figure in _FIGURES.items():
        value = getattr(config, name)
        fault = None if value is None else figure.fault(name, value)
        if fault is not None:
            yield fault
    for number in config.segmentation_classes:
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            yield f"segmentation_classes must be whole numbers, 0 or more, not {excerpt(number)!r}"


def _of_forms(config: Any) -> Iterator[str]:
    size, aspect_ratio = config.size, config.aspect_ratio
    if size is not None and not (isinstance(size, str) and (_PIXELS.fullmatch(size) or _is_size_word(size))):
        yield f"size must be like 1024x768, or a word such as 2K, not {excerpt(size)!r}"
    if aspect_ratio is not None and not (isinstance(aspect_ratio, str) and _is_ratio(aspect_ratio)):
        yield f"aspect_ratio must be like 16:9, not {excerpt(aspect_ratio)!r}"
    for place, line in enumerate(config.dialogue):
        if not isinstance(line.get("text"), str) or not line["text"].strip():
            yield f"dialogue[{place}] needs a text"


def _of_further(extra: Mapping[str, Any]) -> Iterator[str]:
    for name, value in extra.items():
        if name in _FIELDS:
            yield f"extra_params[{name!r}] is a field of its own; give it there"
        elif name not in _OBJECTS and not _is_json(value):
            yield f"extra_params[{excerpt(name)!r}] takes JSON values, not {excerpt(value)!r}"


def _has_half(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _is_json(value: object) -> bool:
    """Return whether any JSON library can write a value; some would make text of bytes, or null of infinity."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):  # half characters are a ValueError
        return False
    return True


def _is_size_word(size: str) -> bool:
    return _WORD.fullmatch(size) is not None and re.search("[0-9]x|x[0-9]", size.lower()) is None


def _is_ratio(aspect_ratio: str) -> bool:
    return aspect_ratio == "auto" or _RATIO.fullmatch(aspect_ratio) is not None


def _of_pairs(config: Any) -> Iterator[str]:
    """What needs something beside it, or excludes it."""
    if config.output_path is not None and config.output_dir is not None:
        yield "output_path and output_dir are both given; give one of them"
    has_image = bool(config.input_images or config.input_image_paths)
    needs_image = [name for name in ("mask_path", "mask_mode", "segmentation_classes", "markup_path")
                   if getattr(config, name) not in (None, ())]  # fmt: skip
    if needs_image and not has_image:
        yield f"{needs_image[0]} needs an image that is changed: give input_images"
    if config.mask_mode is MaskMode.USER_PROVIDED and config.mask_path is None:
        yield "mask_mode user_provided needs a mask_path"
    if config.mask_mode not in (None, MaskMode.USER_PROVIDED) and config.mask_path is not None:
        yield f"mask_mode {config.mask_mode} makes the mask itself; leave mask_path out, or say user_provided"
    if config.control_type is not None and config.control_image_path is None:
        yield "control_type needs a control_image_path"
    for name in ("subject_type", "subject_description"):
        if getattr(config, name) is not None and config.subject_image_path is None:
            yield f"{name} needs a subject_image_path"


def _of_task(config: Any) -> Iterator[str]:
    kind = config.media_type
    if isinstance(config.prompt, str) and not config.prompt.strip() and not _says_enough(config):
        yield "prompt is empty; say what to make"
    if config.output_format is not None and config.output_format not in FORMATS_OF[kind]:
        yield f"output_format {config.output_format} is none of {kind.value}; give {', '.join(FORMATS_OF[kind])}"
    if config.continue_from is not None and kind is MediaType.AUDIO:
        yield "audio cannot be continued; leave continue_from out"
    if config.continue_from == "":
        yield "continue_from is empty; give the continuation_id of an earlier medium"


def _says_enough(config: Any) -> bool:
    return any(getattr(config, name) not in (None, (), {}) for name in _INSTEAD_OF_PROMPT)
