"""Files that a request names: looked at when it is made, so that a mistake is raised at the call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..backend.media_input import size_bytes
from .config import GenerationConfig

_PATHS = ("mask_path", "markup_path", "style_image_path", "control_image_path", "subject_image_path")
_PARTS = ("input_images", "reference_images", "input_videos", "input_audios")


def check_inputs(config: GenerationConfig) -> None:
    """Check that all files of a request can be read.

    Raises:
        MediaError: One cannot.
    """
    for where, part in input_parts(config):
        size_bytes(part, where)


def input_parts(config: GenerationConfig) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every medium that a request holds, and where it stands."""
    for name in _PARTS:
        for place, part in enumerate(getattr(config, name)):
            yield f"{name}[{place}]", part
    for place, path in enumerate(config.input_image_paths):
        yield f"input_image_paths[{place}]", {"path": path}
    for name in _PATHS:
        path = getattr(config, name)
        if path is not None:
            yield name, {"path": path}
    if config.last_frame is not None:
        yield "last_frame", config.last_frame
    for place, frame in enumerate(config.keyframes):
        yield f"keyframes[{place}]", frame["image"]
