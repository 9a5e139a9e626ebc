"""Parts of text and media as Chat Completions holds them.

https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ....errors import InvalidMessage, UnresolvedMedia, excerpt
from ..loss import Loss
from ..media import base64_text, data_url
from ..mime import extension_of
from ..neutral import Part
from ..openai_shape import audio_format
from ..provider_data import merged
from .options import ChatOptions

Wire = dict[str, Any]


def text_parts(part: Part, own: Wire) -> list[Wire]:
    """Return a text part, and after it the foreign parts that it carries."""
    foreign = own.pop("content_parts", None)
    foreign = foreign if isinstance(foreign, list) else []
    wire = merged({"type": "text", "text": part["text"]}, own)
    return foreign if foreign and not part["text"] and not own else [wire, *foreign]


def media_part(part: Part, own: Wire, where: str, options: ChatOptions, losses: list[Loss]) -> Wire | None:
    """Return a media part, or None after reporting that chat cannot hold it.

    Raises:
        UnresolvedMedia: It must be read, fetched or uploaded first.
        InvalidMessage: It is audio of an unknown format.
    """
    if part["type"] == "video" and own.pop("type", None) != "video_url" and not options.video_url:
        losses.append(Loss(where, "video dropped", "chat has no part for it, only some servers do"))
        return None
    if "filename" in part and part["type"] in ("image", "audio", "video"):
        losses.append(Loss(where, "filename dropped", f"chat has no field for it beside {part['type']}"))
    return merged(_MEDIA[part["type"]](part, where), own)


def joined_content(parts: list[Wire]) -> str | list[Wire]:
    """Return content as the plain string that every server takes where it is one text, else as a list."""
    if not parts:
        return ""  # an empty list is refused
    only = parts[0] if len(parts) == 1 else {}
    return only["text"] if only.get("type") == "text" and set(only) == {"type", "text"} else parts


def _inline(part: Part) -> bool:
    return "base64" in part or "data" in part


def _unresolved(part: Part, where: str, wanted: str) -> UnresolvedMedia:
    source = next(name for name in ("path", "file_id", "url") if name in part)
    return UnresolvedMedia(where, f"chat takes no {part['type']} by {source}; pass {wanted}")


def _image(part: Part, where: str) -> Wire:
    if "url" not in part and not _inline(part):
        raise _unresolved(part, where, "data, base64 or url")
    return {"type": "image_url", "image_url": {"url": part.get("url") or data_url(part)}}


def _video(part: Part, where: str) -> Wire:
    if "url" not in part and not _inline(part):
        raise _unresolved(part, where, "data, base64 or url")
    return {"type": "video_url", "video_url": {"url": part.get("url") or data_url(part)}}


def _audio(part: Part, where: str) -> Wire:
    if not _inline(part):
        raise _unresolved(part, where, "data or base64")
    name = audio_format(part.get("mime_type", ""))
    if name is None:
        found = excerpt(part.get("mime_type", "missing, and the bytes show none"))
        raise InvalidMessage(f"{where}.mime_type", f"must be that of audio, such as audio/wav; it is {found}")
    body = {"data": base64_text(part), "format": name}
    return {"type": "input_audio", "input_audio": body}


def _file(part: Part, where: str) -> Wire:
    if "file_id" in part:
        body = {"file_id": part["file_id"]}
        return {"type": "file", "file": body | ({"filename": part["filename"]} if "filename" in part else {})}
    if not _inline(part):
        raise _unresolved(part, where, "data, base64 or file_id")
    # OpenAI refuses file data without a name, and says that file_id is missing (openai/openai-agents-python#1513).
    name = part.get("filename") or f"{part['type']}.{extension_of(part.get('mime_type', ''))}"
    return {"type": "file", "file": {"filename": name, "file_data": data_url(part)}}


_MEDIA: Final[Mapping[str, Callable[[Part, str], Wire]]] = MappingProxyType(
    {"image": _image, "video": _video, "audio": _audio, "document": _file, "file": _file}
)
