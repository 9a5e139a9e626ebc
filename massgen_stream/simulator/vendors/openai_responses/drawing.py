"""Pictures of the image tool."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ....stream_chunk.multimodal import MultimodalStreamChunk
from ...answers.drawn import drawn
from ...body_fields import wrong_type
from ...vendor import BadRequest

_SIZE: Final = re.compile(r"(\d{1,4})x(\d{1,4})")
_USUAL: Final = (256, 256)
_FORMS: Final = ("png", "jpeg", "webp", "gif", "svg")
_WHOLE: Final = ("gif", "svg")
_MOST_PREVIEWS: Final = 3


def check_tool(tool: dict[str, Any]) -> None:
    """Check the settings of the image tool, as far as they matter here.

    Raises:
        BadRequest: OpenAI would refuse them, or the simulator cannot draw so.
    """
    previews, mask = tool.get("partial_images"), tool.get("input_image_mask")
    if not isinstance(previews, int | None) or not 0 <= (previews or 0) <= _MOST_PREVIEWS:
        raise wrong_type("tools.partial_images", f"an integer from 0 to {_MOST_PREVIEWS}")
    if not isinstance(mask, dict | None) or (mask is not None and not mask.keys() & {"file_id", "image_url"}):
        raise wrong_type("tools.input_image_mask", "an object with a file_id or an image_url")
    if tool.get("output_format", _FORMS[0]) not in _FORMS:
        raise BadRequest(f"The simulator draws {', '.join(_FORMS)}.", param="tools.output_format")
    if tool.get("output_format") in _WHOLE and previews:
        message = f"Partial images are not supported with output_format {tool['output_format']}."
        raise BadRequest(message, param="tools.partial_images")


def drawing(media_id: str, tool: dict[str, Any]) -> Iterator[MultimodalStreamChunk]:
    """Yield as many previews as *tool* wants, and the picture; in the tool's size, else a small one."""
    said = _SIZE.fullmatch(str(tool.get("size")))
    size = (max(1, int(said[1])), max(1, int(said[2]))) if said else _USUAL
    wanted = tool.get("partial_images")
    form, quality = tool.get("output_format", _FORMS[0]), tool.get("output_compression")
    return drawn(media_id, size, wanted if isinstance(wanted, int) else 0, form=form, quality=quality)


def described(tool: dict[str, Any]) -> dict[str, Any]:
    """Return what the item says of its picture."""
    usual = {"action": "auto", "background": "opaque", "output_format": _FORMS[0], "quality": "low"}
    return {name: tool.get(name, word) for name, word in usual.items()}
