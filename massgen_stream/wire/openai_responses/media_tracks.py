"""The media of one response that come in segments: which there are, and which have ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from .faults import Origin
from .media import Medium
from .metadata import index_at, word_at

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_BASE64: tuple[str | None, ...] = (None, "base64", "binary")


class MediaTracks:
    """Spoken output, and media of the ``response.media`` events that MassGen's own design has.

    Args:
        mint: Makes an id for a kind of medium that was not made before.
    """

    def __init__(self, mint: Callable[[str], str]) -> None:
        self._mint = mint
        self._open: dict[str, Medium] = {}
        self._used: set[str] = set()

    def hear(self, vendor_id: str | None, data: bytes | None, text: str | None, out: Chunks) -> None:
        """Take a piece of sound or of its transcript; the wire gives spoken output no id, there is one at a time."""
        if data or text:
            out.append(self._of("audio", vendor_id, {"media_type": "audio"}).segment(data, text=text))

    def start(self, doc: Data, out: Chunks) -> None:
        """Take the announcement of a medium."""
        out.append(self._of("media", word_at(doc, "media_id"), doc).progress())

    def add(self, doc: Data, origin: Origin, out: Chunks) -> None:
        """Take a segment.

        Raises:
            UnusableValue: It is not base64.
        """
        data = origin.bytes_of(doc, "data")
        if data:
            medium = self._of("media", word_at(doc, "media_id"), doc)
            out.append(medium.segment(data, total=index_at(doc, "total")))

    def complete(self, doc: Data, origin: Origin, out: Chunks) -> None:
        """Take the end of a medium, which may hold all of it."""
        medium = self._of("media", word_at(doc, "media_id"), doc)
        if medium.begun or word_at(doc, "encoding") in _BASE64:
            out.append(medium.final(doc, None if medium.begun else origin.bytes_of(doc, "data")))
        else:
            out.append(medium.reference(origin.text(doc, "data") or "", doc))
        self._close(medium)

    def end_speech(self, vendor_id: str | None, out: Chunks) -> None:
        """Take the end of spoken output."""
        medium = self._open.get(vendor_id or self._latest("audio"))
        if medium is not None and medium.begun:
            out.append(medium.final())
            self._close(medium)

    def finals(self) -> list[BaseStreamChunk]:
        """Return the final chunk of each medium that has begun and not ended."""
        return [medium.final() for medium in self._open.values() if medium.begun]

    def _of(self, kind: str, vendor_id: str | None, doc: Data) -> Medium:
        known = self._open.get(vendor_id or self._latest(kind))
        if known is not None:
            known.learn(doc)
            return known
        media_id = vendor_id or self._mint(kind)
        while media_id in self._used:
            media_id = self._mint(kind)
        self._used.add(media_id)
        medium = Medium(media_id, word_at(doc, "media_type") or "file", word_at(doc, "mime_type"))
        self._open[media_id] = medium
        return medium

    def _latest(self, kind: str) -> str:
        """The medium that an event without an id belongs to: the one of its kind that was opened last."""
        spoken = kind == "audio"
        return next((name for name, medium in reversed(self._open.items()) if medium.spoken == spoken), "")

    def _close(self, medium: Medium) -> None:
        self._open.pop(medium.media_id, None)
