"""Media that goes to a model: sizes, limits, and files.

Sizes and files are looked at when the stream is asked for, so that a mistake is raised at the call; files are read
whole when the stream is first read, in a worker thread.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from ..errors import BrokenMedia, MediaError, MediaMismatch, MediaOverLimit, UnsafeMedia
from ..stream_chunk.formatter.mime import mime_of_bytes, mime_of_name

Message = dict[str, Any]
Part = dict[str, Any]
Place = tuple[int, int]
"""Number of the message, and of the part in its content."""
ReadFile = Callable[[Any], bytes]

_KINDS: Final = {"image": "image", "audio": "audio", "video": "video", "document": "document", "file": "document"}
_NAMED: Final = frozenset(("document", "file"))
"""Parts whose name the model sees."""
FITTING: Final = ("image", "audio", "video")
"""Kinds that can be made smaller."""
_MIB: Final = 2**20
HEAD_BYTES: Final = 4096
"""First bytes of a file that show its MIME type."""


def check_media(
    messages: Sequence[Message],
    limits: Mapping[str, int | None],
    provider: str,
    *,
    uploads: Mapping[str, int] = MappingProxyType({}),
    spared: Container[Place] = (),
) -> bool:
    """Check size and readability of all media; return whether any of it is a file.

    Args:
        messages: Messages in normal form.
        limits: Largest size in bytes by kind of media; None where there is no limit.
        provider: For the error.
        uploads: Largest size of what may be uploaded, for advice.
        spared: Parts that need not keep the limits: they are brought and made to fit later.

    Raises:
        MediaError: A file cannot be read, or a medium is over the limit; names both figures.
    """
    has_files = False
    for place, where, part in media_parts(messages):
        if place in spared:
            continue
        kind = kind_of(part)
        has_files = has_files or "path" in part
        size, limit = size_bytes(part, where), limits.get(kind)
        if size is not None and limit is not None and size > limit:
            over = f"{kind} of {size / _MIB:.1f} MiB is over the limit of {limit / _MIB:.1f} MiB of {provider}"
            raise MediaOverLimit([f"{where}: {over}; {_advice(kind, size, uploads)}"])
    return has_files


def check_request(
    messages: Sequence[Message], most: int | None, provider: str, *, spared: Container[Place] = ()
) -> None:
    """Check the size of all media that stand in one request.

    Args:
        messages: Messages in normal form.
        most: Bytes of all media together, before they are coded as base64; None: there is no limit.
        provider: For the error.
        spared: Parts that are brought later, and may be uploaded.

    Raises:
        MediaError: A file cannot be read, or they are over the limit; names both figures.
    """
    if most is None:
        return
    sizes = [size_bytes(part, where) or 0 for place, where, part in media_parts(messages) if place not in spared]
    if sum(sizes) > most:
        over = f"{sum(sizes) / _MIB:.1f} MiB, over the limit of {most / _MIB:.1f} MiB that {provider} has for a request"
        raise MediaOverLimit([f"{len(sizes)} media together have {over}; send fewer, smaller ones, or their urls"])


def _advice(kind: str, size: int, uploads: Mapping[str, int]) -> str:
    ways = ["'upload'"] if size <= uploads.get(kind, -1) else []
    ways += ["'fit'"] if kind in FITTING else []
    if not ways:
        return "send a smaller one, or its url"
    return f"send a smaller one, its url, or pass media_policy={' or '.join(ways)}"


def _whole_characters(data: bytes) -> bytes:
    """Return *data* without a last character of UTF-8 that is not all there."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data"  # what is no text has other faults
        return data[: error.start] if is_cut else data
    return data


def media_parts(messages: Sequence[Message]) -> Iterator[tuple[Place, str, Part]]:
    """Yield every media part of *messages* with its place, as numbers and in words."""
    for number, message in enumerate(messages):
        for index, part in enumerate(message["content"]):
            if part["type"] in _KINDS:
                yield (number, index), f"messages[{number}].content[{index}]", part


def asked_parts(messages: Sequence[Message]) -> Iterator[tuple[Place, str, Part]]:
    """Yield the media parts that are not of the model's own making: what it made is lost on most wires."""
    for place, where, part in media_parts(messages):
        if messages[place[0]]["role"] != "assistant":
            yield place, where, part


def kind_of(part: Part) -> str:
    """Return the kind of media that limits are stated for."""
    return _KINDS[part["type"]]


def size_bytes(part: Mapping[str, Any], where: str) -> int | None:
    """Return the size of a medium; None where only the vendor will know.

    Raises:
        MediaError: It is a file that cannot be read.
    """
    if "path" in part:
        return _file_size(part["path"], where)
    if "data" in part:
        return len(part["data"])
    return len(part["base64"]) * 3 // 4 if "base64" in part else None


def with_files(messages: Sequence[Message], read: ReadFile) -> list[Message]:
    """Return *messages* with what *read* gives in place of every path; *messages* stays as it is.

    Raises:
        MediaError: A file cannot be read.
    """
    return [
        {**message, "content": [_loaded(p, f"{where}.content[{i}]", read) for i, p in enumerate(message["content"])]}
        for where, message in ((f"messages[{number}]", message) for number, message in enumerate(messages))
    ]


def with_parts(messages: Sequence[Message], parts: Mapping[Place, Part]) -> list[Message]:
    """Return *messages* with other parts at some places; *messages* stays as it is."""
    return [
        {**message, "content": [parts.get((number, index), part) for index, part in enumerate(message["content"])]}
        for number, message in enumerate(messages)
    ]


def whole(path: Any) -> bytes:
    """Return all bytes of a file; blocks."""
    with open(path, "rb") as file:  # noqa: PTH123 - takes every kind of path
        return file.read()


def head(path: Any) -> bytes:
    """Return as much of a file as shows its MIME type, cut between characters where it is text."""
    with open(path, "rb") as file:  # noqa: PTH123 - the same
        data = file.read(HEAD_BYTES)
    return _whole_characters(data) if len(data) == HEAD_BYTES else data


def file_type(path: Any) -> str | None:
    """Return the MIME type of a file, by its first bytes and its name; None where nothing tells."""
    return _type_of(head(path), _name_of(path))


def _type_of(data: bytes, name: str) -> str | None:
    from ..media.detection import detect  # noqa: PLC0415 - only where a file is sent; it loads no library

    try:
        found = detect(data, filename=name)
    except (BrokenMedia, MediaMismatch):  # empty, or a name that lies: whoever receives it will say so
        return mime_of_bytes(data[:HEAD_BYTES]) or mime_of_name(name)
    return found.mime_type if found.shown else mime_of_name(name)


def _name_of(path: Any) -> str:
    return os.path.basename(os.fsdecode(path))  # noqa: PTH119 - a path may be bytes


def _loaded(part: Part, where: str, read: ReadFile) -> Part:
    if part["type"] not in _KINDS or "path" not in part:
        return part
    path = part["path"]
    try:
        data = read(path)
    except OSError as error:
        raise _unreadable(path, where, error) from None
    found: Part = {name: value for name, value in part.items() if name != "path"} | {"data": data}
    name = _name_of(path)
    try:
        mime_type = _type_of(data, name)
    except UnsafeMedia as problem:
        raise UnsafeMedia(f"{where}: {problem}") from None
    if mime_type is not None:
        found.setdefault("mime_type", mime_type)
    if part["type"] in _NAMED:
        found.setdefault("filename", name)
    return found


def _file_size(path: Any, where: str) -> int:
    try:
        found = os.stat(path)  # noqa: PTH116 - takes every kind of path
        if not stat.S_ISREG(found.st_mode):
            raise MediaError(f"{where}: {os.fsdecode(path)!r} is no file; pass the path of one")
        head(path)  # tells what permissions alone do not
    except (OSError, ValueError) as error:
        raise _unreadable(path, where, error) from None
    return found.st_size


def _unreadable(path: Any, where: str, error: Exception) -> MediaError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return MediaError(f"{where}: cannot read {os.fsdecode(path)!r}: {reason}")
