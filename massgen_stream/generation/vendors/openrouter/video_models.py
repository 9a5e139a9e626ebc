"""What the models behind OpenRouter's videos make: what is known of them here, and what OpenRouter's list says.

The list is ``GET /videos/models``: https://openrouter.ai/docs/api/api-reference/video-generation/list-videos-models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from ....errors import MalformedEvent
from ...config import GenerationConfig
from ...config_checks import pixels
from ...offer import Durations

LENGTHS: Final[Mapping[str, Durations]] = {
    "google/veo-3*": Durations.of(4, 6, 8),  # https://ai.google.dev/gemini-api/docs/video
    "openai/sora-2-pro": Durations.of(4, 8, 12, 16, 20),  # the list itself, as public programs quote it in 2026
    "kwaivgi/kling-v3.0-*": Durations(3, 15),  # https://openrouter.ai/kwaivgi/kling-v3.0-std
    "kwaivgi/kling-video-o1": Durations.of(5, 10),  # the list
    "bytedance/seedance-1-5-pro": Durations(4, 12),  # the list; https://www.skills.sh/finpeakinc/frevana-skills
    "bytedance/seedance-2.0*": Durations(4, 15),  # the same
    "bytedance/seedance-2.5": Durations(4, 30),  # the same
    "minimax/hailuo-2.3": Durations.of(6, 10),  # the list
    "minimax/hailuo-3*": Durations(4, 15),  # 5 to 15 in the list, 4 to 15 with MiniMax's own host
    "runway/gen-4.5": Durations(2, 10),  # the list
    "x-ai/grok-imagine-video*": Durations(1, 15),  # the list; https://docs.x.ai/developers/model-capabilities/video
}
"""Lengths of new videos that are refused at the call, by pattern; whole seconds."""


def length_fault(config: GenerationConfig, model: str) -> str | None:
    """Return what is wrong with the length of a new video; None: nothing that is known here."""
    known = known_lengths(model)
    if known is None or config.duration is None or config.duration in known or not is_new(config):
        return None
    return f"duration is {config.duration:g} s; {model} makes {known}"


def known_lengths(model: str) -> Durations | None:
    """Return the lengths that a model makes, where they are known here."""
    return next((lengths for pattern, lengths in LENGTHS.items() if fnmatchcase(model, pattern)), None)


def is_new(config: GenerationConfig) -> bool:
    """Return whether a video is made anew: what is made of another one may have other lengths."""
    return config.continue_from is None and not config.input_videos


def is_to_be_looked_up(config: GenerationConfig, model: str) -> bool:
    """Return whether something is asked for that only OpenRouter's list knows."""
    if not is_new(config):
        return False
    unknown_length = config.duration is not None and known_lengths(model) is None
    return unknown_length or config.size is not None or config.aspect_ratio is not None


class VideoModel(NamedTuple):
    """A model as the list has it; empty: it says nothing of that.

    Attributes:
        name: Its id.
        durations: Seconds.
        sizes: Pixels, such as ``1280x720``.
        resolutions: Words, such as ``720p``.
        aspect_ratios: Such as ``16:9``.
        frames: ``first_frame``, ``last_frame``; None: not said.
    """

    name: str
    durations: tuple[int, ...]
    sizes: tuple[str, ...]
    resolutions: tuple[str, ...]
    aspect_ratios: tuple[str, ...]
    frames: tuple[str, ...] | None

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield what is asked for that the model does not make, and what it makes."""
        if config.duration is not None and self.durations and config.duration not in self.durations:
            yield f"duration is {config.duration:g} s; {self.name} makes {Durations.of(*self.durations)}"
        sizes = self.sizes if pixels(config.size) else self.resolutions
        if config.size is not None and sizes and config.size not in sizes:
            yield f"size is {config.size}; {self.name} makes {', '.join(sizes)}"
        if config.aspect_ratio is not None and self.aspect_ratios and config.aspect_ratio not in self.aspect_ratios:
            yield f"aspect_ratio is {config.aspect_ratio}; {self.name} makes {', '.join(self.aspect_ratios)}"
        for frame, is_given in (("first_frame", bool(config.images)), ("last_frame", config.last_frame is not None)):
            if is_given and self.frames is not None and frame not in self.frames:
                yield f"a {frame} is given; {self.name} takes {', '.join(self.frames) or 'none'}"


def model_in(document: Any, model: str) -> VideoModel | None:
    """Return a model of a list; None: it is not there.

    Raises:
        MalformedEvent: The document is no list of models.
    """
    listed = document.get("data") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise MalformedEvent("a list of models without its data")
    for one in listed:
        if isinstance(one, dict) and model in (one.get("id"), one.get("canonical_slug")):
            frames = one.get("supported_frame_images")
            return VideoModel(
                model,
                tuple(second for second in _items(one, "supported_durations") if isinstance(second, int)),
                _words(one, "supported_sizes"),
                _words(one, "supported_resolutions"),
                _words(one, "supported_aspect_ratios"),
                _words(one, "supported_frame_images") if isinstance(frames, list) else None,
            )
    return None


def _items(said: Mapping[str, Any], name: str) -> list[Any]:
    found = said.get(name)
    return found if isinstance(found, list) else []


def _words(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(word for word in _items(said, name) if isinstance(word, str))
