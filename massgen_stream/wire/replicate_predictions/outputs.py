"""What a prediction has made: addresses and data URLs are media, other texts are text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from ...stream_chunk.kinds import MediaEncoding, MediaType
from ...stream_chunk.media_item import DEFAULT_MIME_TYPE, described
from ...stream_chunk.multimodal import MediaMetadata
from ..base64_text import base64_bytes
from ..faults import UnusableField

Data = dict[str, Any]
_ADDRESS: Final = re.compile(r"https?://[^\s/]+/\S+")
_DATA_URL: Final = re.compile(r"data:([^,;\s]*)((?:;[^,;\s]*)*),")
_SMALLEST: Final = {"id": "?", "status": "processing", "output": "data:;base64,?"}
_ENDINGS: Final = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif",
    "avif": "image/avif", "svg": "image/svg+xml", "mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime",
    "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg", "flac": "audio/flac", "m4a": "audio/mp4",
}  # fmt: skip
_KINDS: Final = {"image": MediaType.IMAGE, "video": MediaType.VIDEO, "audio": MediaType.AUDIO}


class Output(NamedTuple):
    """A medium.

    Attributes:
        data: Its bytes, or its address.
        metadata: What is known of it.
    """

    data: bytes | str
    metadata: MediaMetadata

    @property
    def encoding(self) -> MediaEncoding:
        """How `data` holds it."""
        return MediaEncoding.URL if isinstance(self.data, str) else MediaEncoding.BINARY

    @property
    def media_type(self) -> MediaType:
        """Its kind, by its MIME type."""
        return _KINDS.get(self.metadata.mime_type.partition("/")[0], MediaType.FILE)


def texts_of(output: object) -> list[str]:
    """Return every text of an output, in order; models answer with one, a list, or an object of them."""
    return list(_texts(output))


def is_plain(output: object) -> bool:
    """Return whether an output is said by its texts alone."""
    return isinstance(output, str | None) or (isinstance(output, list) and all(isinstance(one, str) for one in output))


def medium_of(text: str) -> Output | None:
    """Return the medium that a text is; None if it is just text.

    Raises:
        UnusableField: It is a data URL whose base64 cannot be read.
    """
    found = _DATA_URL.match(text)
    if found is not None:
        data = _bytes(text, found.end(), found[2].split(";"))
        return Output(data, described(data, found[1] or DEFAULT_MIME_TYPE))
    if _ADDRESS.fullmatch(text) is None:
        return None
    return Output(text, MediaMetadata(mime_type=_mime_type_of(text)))


def _bytes(text: str, start: int, options: list[str]) -> bytes:
    if "base64" not in options:
        return unquote_to_bytes(text[start:].encode("utf-8", "replace"))
    try:
        return base64_bytes(text, "output", start=start)
    except UnusableField:
        raise UnusableField("output", "is a data URL that is not base64", event=dict(_SMALLEST)) from None


def _texts(output: object) -> Iterator[str]:
    if isinstance(output, str):
        yield output
    elif isinstance(output, list | dict):
        for one in output.values() if isinstance(output, dict) else output:
            yield from _texts(one)


def _mime_type_of(url: str) -> str:
    try:
        name = urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        name = ""
    return _ENDINGS.get(name.rpartition(".")[2].lower(), DEFAULT_MIME_TYPE)
