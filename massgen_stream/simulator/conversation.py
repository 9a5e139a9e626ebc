"""What the simulator reads of a conversation in the neutral normal form; the same for every vendor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .ask import Seen

Message = Mapping[str, Any]
_MEDIA: Final = frozenset(("image", "audio", "video", "document", "file"))
_TEXTS: Final = ("text", "arguments", "content", "summary")
_PADDING: Final = b"="


def reading(messages: Sequence[Message]) -> dict[str, Any]:
    """Return the fields of `Ask` that come from *messages*, whose contents are lists of parts."""
    parts = [part for message in messages for part in message["content"]]
    asked = _last_of_user(messages)
    return {
        "prompt": _text_of(asked),
        "media": tuple(_seen(part) for part in asked if part["type"] in _MEDIA),
        "user_turn": bool(messages) and messages[-1]["role"] == "user",
        "results": tuple(_results(messages)),
        "input_characters": sum(map(_characters, parts)),
        "input_media": sum(part["type"] in _MEDIA for part in parts),
    }


def _last_of_user(messages: Sequence[Message]) -> list[Mapping[str, Any]]:
    return next((list(message["content"]) for message in reversed(messages) if message["role"] == "user"), [])


def _results(messages: Sequence[Message]) -> Iterator[str]:
    """The texts of the tool messages at the end, in order."""
    end = len(messages)
    while end and messages[end - 1]["role"] == "tool":
        end -= 1
    return (_text_of(message["content"]) for message in messages[end:])


def _text_of(parts: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(part["text"] for part in parts if part["type"] == "text")


def _characters(part: Mapping[str, Any]) -> int:
    return sum(len(value) for name in _TEXTS if isinstance(value := part.get(name), str))


def _seen(part: Mapping[str, Any]) -> Seen:
    source = next((part[name] for name in ("url", "file_id", "path") if name in part), "")
    label = part.get("mime_type") or part.get("filename") or source or "unknown type"
    return Seen(part["type"], str(label), _size(part))


def _size(part: Mapping[str, Any]) -> int | None:
    """Size in bytes, where the bytes are at hand; base64 is measured, not decoded."""
    if "data" in part:
        return len(part["data"])
    if "base64" not in part:
        return None
    encoded = "".join(part["base64"].split()).encode("ascii", "replace")
    return len(encoded.rstrip(_PADDING)) * 3 // 4
