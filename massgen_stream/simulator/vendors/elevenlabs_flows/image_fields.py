"""Fields of a request for an image: each model has its own, as the elevenlabs SDK 2.78 states them."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from ...vendor import BadRequest

_USUAL: Final = frozenset(("model_id", "webhook", "prompt", "images", "aspect_ratio"))
_FURTHER: Final[Mapping[str, frozenset[str]]] = {
    "gemini-2.5-*": frozenset(),
    "gemini-*": frozenset(("resolution",)),
    "bytedance-seedream-*": frozenset(("resolution", "seed")),
    "gpt-image-1*": frozenset(("mask", "quality", "background")),
    "gpt-image-*": frozenset(("mask", "quality", "resolution")),
}


def check_image_fields(body: Mapping[str, Any], model: str) -> None:
    """Check that a model has the fields that it is given; null stands for none.

    Raises:
        BadRequest: It has not; models that are not known may have any.
    """
    further = next((fields for pattern, fields in _FURTHER.items() if fnmatchcase(model, pattern)), None)
    given = {name for name, value in body.items() if value is not None}
    extra = sorted(given - _USUAL - further) if further is not None else []
    if extra:
        raise BadRequest("Extra inputs are not permitted", param=extra[0], status=422)
