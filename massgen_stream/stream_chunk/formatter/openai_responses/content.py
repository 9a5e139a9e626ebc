"""Parts of text and media as the Responses API holds them, in messages and in outputs of tools.

https://platform.openai.com/docs/api-reference/responses/create#responses-create-input
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ....errors import UnresolvedMedia
from ..loss import Loss
from ..media import data_url
from ..mime import extension_of
from ..neutral import MEDIA_PARTS, Part
from ..provider_data import OPENAI_RESPONSES, merged
from ..unsent import own_part_data

Wire = dict[str, Any]
DEFAULT_DETAIL: Final = "auto"


def content_of(parts: list[Part], where: str, losses: list[Loss]) -> str | list[Wire]:
    """Return content as a plain string where it is one text, else as a list.

    Args:
        parts: Those of a message that no assistant wrote.
        where: Place of the message.
        losses: Takes what is lost.

    Raises:
        UnresolvedMedia: Media that must be read, fetched or uploaded first.
    """
    found: list[Wire] = []
    for index, part in enumerate(parts):
        place = f"{where}.content[{index}]"
        own = own_part_data(part, OPENAI_RESPONSES, place, losses)
        if part["type"] in MEDIA_PARTS:
            found += _media(part, own, place, losses)
        else:
            found += text_parts({"type": "input_text", "text": part["text"]}, own)
    return joined(found)


def joined(parts: list[Wire]) -> str | list[Wire]:
    """Return content as a string if it is one plain text, else as a list."""
    if not parts:
        return ""
    only = parts[0] if len(parts) == 1 else {}
    plain = set(only) == {"type", "text"} and only["type"] in ("input_text", "output_text")
    return str(only["text"]) if plain else parts


def text_parts(wire: Wire, own: Wire) -> list[Wire]:
    """Return a text part, and after it the foreign parts that it carries."""
    foreign = own.pop("content_parts", None)
    foreign = foreign if isinstance(foreign, list) else []
    return foreign if foreign and not wire["text"] and not own else [merged(wire, own), *foreign]


def _media(part: Part, own: Wire, where: str, losses: list[Loss]) -> list[Wire]:
    write = _MEDIA.get(part["type"])
    if write is None:
        why = f"the Responses API takes no {part['type']}"
        losses.append(Loss(where, f"{part['type']} dropped", why))
        return []
    if "filename" in part and part["type"] == "image":
        losses.append(Loss(where, "filename dropped", "the Responses API has no field for it beside image"))
    return [merged(write(part, own, where), own)]


def _image(part: Part, own: Wire, where: str) -> Wire:
    wire = {"type": "input_image", "detail": own.get("detail", DEFAULT_DETAIL)}
    if "file_id" in part:
        return {**wire, "file_id": part["file_id"]}
    if "url" not in part and not _is_inline(part):
        raise _unresolved(part, where)
    return {**wire, "image_url": part.get("url") or data_url(part)}


def _file(part: Part, _: Wire, where: str) -> Wire:
    named = {"filename": part["filename"]} if "filename" in part else {}
    for source, field in (("file_id", "file_id"), ("url", "file_url")):
        if source in part:
            return {"type": "input_file", field: part[source], **named}
    if not _is_inline(part):
        raise _unresolved(part, where)
    # As for Chat Completions, file data without a name is refused.
    name = part.get("filename") or f"{part['type']}.{extension_of(part.get('mime_type', ''))}"
    return {"type": "input_file", "filename": name, "file_data": data_url(part)}


def _is_inline(part: Part) -> bool:
    return "base64" in part or "data" in part


def _unresolved(part: Part, where: str) -> UnresolvedMedia:
    return UnresolvedMedia(where, f"the Responses API takes no {part['type']} by path; pass data, base64 or url")


_MEDIA: Final[Mapping[str, Callable[[Part, Wire, str], Wire]]] = MappingProxyType(
    {"image": _image, "document": _file, "file": _file}
)
