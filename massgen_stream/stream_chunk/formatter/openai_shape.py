"""OpenAI-shaped parts as neutral ones.

What the neutral form cannot hold is kept for the way back: keys that it does not know under
``provider_data["openai.chat"]`` in the shape of the wire, and a part of an unknown type whole, under ``content_parts``.
Shapes: https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages; ``video_url``:
https://openrouter.ai/docs/features/multimodal/videos; ``thinking``: https://docs.mistral.ai/capabilities/reasoning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ...errors import InvalidMessage
from .media import read_media, split_data_url
from .mime import is_document, mime_of_name
from .neutral import Part, fresh
from .provider_data import OPENAI_CHAT, read_provider_data, with_data

_AUDIO_TYPES: Final = MappingProxyType({"mp3": "audio/mpeg", "m4a": "audio/mp4"})
"""MIME types whose second half is not the name that `input_audio` uses."""
_AUDIO_FORMATS: Final = MappingProxyType(
    {
        "audio/mpeg": "mp3",
        "audio/x-wav": "wav",
        "audio/wave": "wav",
        "audio/vnd.wave": "wav",
        "audio/mp4": "m4a",
        "audio/x-m4a": "m4a",
        "audio/x-flac": "flac",
        "audio/x-aiff": "aiff",
    }
)


def audio_format(mime_type: str) -> str | None:
    """Return the name that `input_audio` uses for a MIME type: ``wav``, ``mp3``, else the second half of the type.

    None for a type that cannot be sound; video can, since its containers hold sound alone as well.
    """
    plain = mime_type.partition(";")[0].strip().lower()
    family, _, name = plain.partition("/")
    return _AUDIO_FORMATS.get(plain) or (name if family in ("audio", "video") and name else None)


def opaque_part(part: Mapping[str, Any]) -> Part:
    """Return an empty text part that holds a foreign part whole."""
    return {"type": "text", "text": "", "provider_data": {OPENAI_CHAT: {"content_parts": [fresh(part)]}}}


def read_openai_part(part: Mapping[str, Any], where: str) -> Part | None:
    """Return the neutral part for an OpenAI-shaped one, or None when *part* has no such shape.

    Raises:
        InvalidMessage: It has the shape, but a value of the wrong type.
    """
    kind = part.get("type")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None or kind not in part:
        return None
    found = read({name: fresh(value) for name, value in part.items() if name != "provider_data"}, where)
    for protocol, data in read_provider_data(part, where).get("provider_data", {}).items():
        found = with_data(found, protocol, data)
    return found


def _kept(known: Part, kind: str, rest: Mapping[str, Any]) -> Part:
    """Keep what is left of a part, and of its body called *kind*."""
    return with_data(known, OPENAI_CHAT, {name: value for name, value in rest.items() if name != kind or value})


def _body(part: dict[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    """Take type and body out of *part*."""
    kind = part.pop("type")
    body = part[kind]
    if not isinstance(body, dict):
        raise InvalidMessage(f"{where}.{kind}", f"must be an object, not {type(body).__name__}")
    return kind, body


def _image(part: dict[str, Any], where: str) -> Part:
    return _addressed(part, "image", where)


def _video(part: dict[str, Any], where: str) -> Part:
    # Few servers take videos; the type on the wire tells that this one does.
    return with_data(_addressed(part, "video", where), OPENAI_CHAT, {"type": "video_url"})


def _addressed(part: dict[str, Any], kind: str, where: str) -> Part:
    name = f"{kind}_url"
    if isinstance(part.get(name), str):  # Mistral's short form
        part[name] = {"url": part[name]}
    _, body = _body(part, where)
    media = read_media({"url": body.pop("url", None)}, kind, f"{where}.{name}")
    return _kept(media, name, part)


def _audio(part: dict[str, Any], where: str) -> Part:
    whole = dict(fresh(part))
    _, body = _body(part, where)
    data, name = body.pop("data", None), body.pop("format", None)
    if not isinstance(data, str) or not isinstance(name, str) or data[:5] == "data:" or "://" in data[:16]:
        return opaque_part(whole)  # Qwen takes URLs here, and audio without a format
    source = {"base64": data, "mime_type": _AUDIO_TYPES.get(name, f"audio/{name}")}
    return _kept(read_media(source, "audio", where), "input_audio", part)


def _file(part: dict[str, Any], where: str) -> Part:
    whole = dict(fresh(part))
    _, body = _body(part, where)
    data = body.get("file_data")
    if isinstance(data, str) and split_data_url(data) is None and ("://" in data[:16] or data[:5] == "data:"):
        return opaque_part(whole)  # OpenRouter takes URLs here
    source = {"file_id": body.pop("file_id", None), "filename": body.pop("filename", None)}
    source |= _inline(body.pop("file_data", None))
    media = read_media(source, "file", f"{where}.file")
    mime_type = media.get("mime_type") or mime_of_name(media.get("filename", "")) or ""
    return _kept({**media, "type": "document" if is_document(mime_type) else "file"}, "file", part)


def _inline(data: Any) -> dict[str, Any]:
    found = split_data_url(data) if isinstance(data, str) else None
    return {"mime_type": found[0] or None, "base64": found[1]} if found else {"base64": data}


def _refusal(part: dict[str, Any], where: str) -> Part:
    text = part.pop("refusal")
    if not isinstance(text, str):
        raise InvalidMessage(f"{where}.refusal", f"must be str, not {type(text).__name__}")
    del part["type"]
    return _kept({"type": "refusal", "text": text}, "refusal", part)


def _thinking(part: dict[str, Any], _: str) -> Part:
    pieces, signature = part["thinking"], part.get("signature")
    texts = [piece.get("text") for piece in pieces if _is_text(piece)] if isinstance(pieces, list) else []
    known = set(part) <= {"type", "thinking", "signature"} and isinstance(signature, str | None)
    if not known or not texts or len(texts) != len(pieces):
        return opaque_part(part)
    data = {"thinking_signature": signature} if signature else {"field": "content"}
    return {"type": "reasoning", "text": "".join(map(str, texts)), "provider_data": {OPENAI_CHAT: data}}


def _is_text(piece: Any) -> bool:
    return isinstance(piece, dict) and set(piece) == {"type", "text"} and isinstance(piece["text"], str)


_READERS: Final[Mapping[str, Callable[[dict[str, Any], str], Part]]] = MappingProxyType(
    {
        "image_url": _image,
        "video_url": _video,
        "input_audio": _audio,
        "file": _file,
        "refusal": _refusal,
        "thinking": _thinking,
    }
)
