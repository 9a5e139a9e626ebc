"""Pictures as a part of an answer, with the draft that the model made while it thought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ....stream_chunk.multimodal import MultimodalStreamChunk
from ...answers.drawn import coded, drawn, pictured
from ...answers.picture import png
from ...answers.proportions import proportioned
from ...ask import Ask
from ...vendor import BadRequest
from .interactions_ask import InteractionsAsk

PROTOCOL: Final = "google.interactions"
_FIELDS: Final = frozenset(("type", "aspect_ratio", "delivery", "image_size", "mime_type"))
"""https://ai.google.dev/api/interactions-api, ImageResponseFormat."""
_USUAL: Final = (96, 64)


def read_picture(given: Any) -> dict[str, Any]:
    """Return the fields of the ask for the picture that a ``response_format`` asks for.

    Raises:
        BadRequest: It asks for a picture that Google does not make.
    """
    formats = given if isinstance(given, list) else [given]
    image = next((one for one in formats if isinstance(one, Mapping) and one.get("type") == "image"), {})
    found = proportioned(str(image.get("aspect_ratio", "1:1")), str(image.get("image_size", "1K")))
    form = image.get("mime_type", "image/jpeg")
    if found is None or not image.keys() <= _FIELDS or form != "image/jpeg":
        raise BadRequest("Invalid value for 'response_format'.", param="response_format")
    shaped = {"picture": found} if image.keys() & {"aspect_ratio", "image_size"} else {}
    return shaped | ({"picture_form": "jpeg"} if "mime_type" in image else {})


def drawings(ask: Ask, serial: int) -> Iterator[MultimodalStreamChunk]:
    """Yield the picture; before it, where thoughts are shown, its draft."""
    size = ask.picture if isinstance(ask, InteractionsAsk) else _USUAL
    form = ask.picture_form if isinstance(ask, InteractionsAsk) else "png"
    if ask.reasoning:
        data = coded(png(*size, sharpness=8), form)
        own = {PROTOCOL: {"thought": "draft"}}
        yield pictured(f"v1_sim_{serial}-draft-0", data, size, form, provider_data=own)
    yield from drawn(f"v1_sim_{serial}-image-0", size, form=form)
