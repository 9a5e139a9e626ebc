"""One medium to read, wherever it is: `MediaSource.of(anything)`."""

from __future__ import annotations

import mmap
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import Any, Final

from ..errors import BrokenMedia, MediaError, MediaOverLimit, excerpt
from ..stream_chunk.formatter.mime import HEAD_BYTES, mime_of_name
from ..stream_chunk.kinds import MediaEncoding
from ..stream_chunk.media_item import DEFAULT_MIME_TYPE, MediaItem
from ..stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from .origin import BytesOrigin, Origin, PathOrigin, recut, unreadable
from .origin_choice import ORIGINS, origin_of
from .worker_thread import RunningDigest

CHUNK_BYTES: Final = 2**20
"""Size of a piece unless told otherwise: a worker thread is asked for it in less time than it takes to hash it."""
_PART_KEYS: Final = ("data", "base64", "path", "url", "file_id")
_ENCODED_KEYS: Final = {
    MediaEncoding.BINARY: "data",
    MediaEncoding.BASE64: "base64",
    MediaEncoding.URL: "url",
    MediaEncoding.FILE_PATH: "path",
    MediaEncoding.FILE_ID: "file_id",
}


class MediaSource:
    """The bytes of one medium, in order, with their size and SHA-256 once they have been read.

    Attributes:
        origin: Where they come from.
        checksum: ``sha256:<hex>``: the one that was promised, which reading then checks, or the one that reading found.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        mime_type: str | None = None,
        filename: str | None = None,
        size_bytes: int | None = None,
        checksum: str | None = None,
    ) -> None:
        self.origin = origin
        self.checksum = checksum or origin.checksum
        self._mime_type, self._filename, self._size = mime_type, filename, size_bytes
        self._held: list[bytes] = []
        self._begun: AsyncGenerator[bytes, None] | None = None
        self._used = False

    @classmethod
    def of(cls, medium: Any, *, mime_type: str | None = None, filename: str | None = None) -> MediaSource:
        """Return the source of *medium*.

        It may be bytes, a path (`str` or `os.PathLike`), an ``http``, ``https``, ``data`` or ``file`` URL, a media part
        of a message (which is how base64 and file ids are passed: ``{"base64": …}``, ``{"file_id": …}``), a `media`
        chunk, an accumulated medium, a binary file, an iterator of bytes, asynchronous or not, an `Origin` such as a
        stored medium, or a source. Nothing is opened yet.

        A URL in a part or chunk never names a file here, but a path does: look at paths that strangers wrote before.

        Raises:
            MediaError: It is none of them.
        """
        if isinstance(medium, MediaSource):
            return medium
        if isinstance(medium, MultimodalStreamChunk):
            return cls._of_chunk(medium)
        if isinstance(medium, MediaItem):
            medium = medium.neutral() or {}
        if isinstance(medium, Mapping):
            return cls._of_part(medium, mime_type, filename)
        return cls(origin_of(medium), mime_type=mime_type, filename=filename)

    @classmethod
    def _of_part(cls, part: Mapping[str, Any], mime_type: str | None, filename: str | None) -> MediaSource:
        given = [key for key in _PART_KEYS if part.get(key) is not None]
        if len(given) != 1:
            raise MediaError(f"a media part has exactly one of {', '.join(_PART_KEYS)}, not {given or 'none'}")
        origin = ORIGINS[given[0]](part[given[0]])
        return cls(origin, mime_type=mime_type or part.get("mime_type"), filename=filename or part.get("filename"))

    @classmethod
    def _of_chunk(cls, chunk: MultimodalStreamChunk) -> MediaSource:
        if chunk.is_partial:
            raise MediaError("a partial chunk is not a whole medium; pass the stream of chunks to join()")
        key = "path" if chunk.path is not None else _ENCODED_KEYS.get(chunk.media_encoding or MediaEncoding.URL)
        value = chunk.path if chunk.path is not None else chunk.media_data
        if value is None or key is None:
            raise MediaError("the chunk does not hold its medium; pass the stream of chunks to join()")
        known = chunk.media_metadata or MediaMetadata(mime_type="")
        return cls(
            ORIGINS[key](value),
            mime_type=known.mime_type or None,
            filename=known.filename,
            size_bytes=known.size_bytes,
            checksum=known.checksum,
        )

    @property
    def mime_type(self) -> str | None:
        """What is known of the type: as given, else as the origin says, else by its name."""
        found = self._mime_type or self.origin.mime_type
        return found or (mime_of_name(self.filename) if self.filename else None)

    @property
    def filename(self) -> str | None:
        """Its name."""
        return self._filename or self.origin.filename

    @property
    def size_bytes(self) -> int | None:
        """Its size, where it is known; always after it was read."""
        return self.origin.size_bytes if self._size is None else self._size

    @property
    def repeatable(self) -> bool:
        """Whether it can be read more than once."""
        return self.origin.repeatable

    @property
    def metadata(self) -> MediaMetadata:
        """What is known of the medium."""
        return MediaMetadata(
            mime_type=self.mime_type or DEFAULT_MIME_TYPE,
            size_bytes=self.size_bytes,
            filename=self.filename,
            checksum=self.checksum,
        )

    async def chunks(self, size: int = CHUNK_BYTES) -> AsyncGenerator[bytes, None]:
        """Yield the bytes in pieces of exactly *size*, the last one of what is left.

        Raises:
            MediaError: They cannot be read, or are not those that were promised, or a source for one reading was read.
        """
        digest = RunningDigest()
        async with aclosing(recut(self._pieces(size), size)) as pieces:
            async for piece in pieces:
                await digest.update(piece)
                yield piece
        self._settle(digest.size, await digest.checksum())

    async def read(self, max_bytes: int | None = None) -> bytes:
        """Return all bytes.

        Raises:
            MediaError: They cannot be read, or are more than *max_bytes*.
        """
        pieces: list[bytes] = []
        size = 0
        async with aclosing(self.chunks()) as chunks:
            async for piece in chunks:
                size += len(piece)
                if max_bytes is not None and size > max_bytes:
                    raise MediaOverLimit([f"the medium has more than max_bytes {max_bytes}"])
                pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def head(self, size: int = HEAD_BYTES) -> bytes:
        """Return the first bytes, at least *size* where there are so many; reading still begins at the start."""
        if self.repeatable and self.origin.is_near:
            async with aclosing(recut(self.origin.pieces(size), size)) as pieces:
                return await anext(pieces, b"")
        if self._used and not self.repeatable:
            raise _used_up()
        self._begun = self._begun or self.origin.pieces(CHUNK_BYTES)
        while sum(map(len, self._held)) < size:
            piece = await anext(self._begun, b"")
            if not piece:
                break
            self._held.append(piece)
        return b"".join(self._held)[:size]

    @contextmanager
    def mapped(self) -> Iterator[memoryview]:
        """Show the bytes of a file, or of memory, as one view without reading them; for documents of any size.

        Raises:
            MediaError: They are elsewhere, or the file cannot be read.
        """
        origin = self.origin
        if isinstance(origin, BytesOrigin):
            yield memoryview(origin.data)
            return
        if not isinstance(origin, PathOrigin):
            raise MediaError("only files and bytes can be mapped; read() gives the bytes of anything")
        file, size = origin.opened()
        with file:
            if not size:
                yield memoryview(b"")
                return
            try:
                mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except (OSError, ValueError) as error:
                raise unreadable(origin.path, error) from None
            with mapping, memoryview(mapping) as view:
                yield view

    async def _pieces(self, size: int) -> AsyncGenerator[bytes, None]:
        if not self.repeatable:
            if self._used:
                raise _used_up()
            self._used = True
        begun, self._begun = self._begun, None
        held, self._held = self._held, []
        async with aclosing(begun or self.origin.pieces(size)) as pieces:
            for piece in held:
                yield piece
            async for piece in pieces:
                yield piece

    def _settle(self, size: int, checksum: str) -> None:
        promised = self._size if self._size is not None else self.origin.size_bytes
        if promised not in (None, size):
            raise BrokenMedia(
                f"the medium has {size} bytes, not the {promised} that were promised; it is cut or changed"
            )
        if self.checksum is not None and self.checksum.startswith("sha256:") and self.checksum.lower() != checksum:
            raise BrokenMedia(f"the medium has {checksum}, not {excerpt(self.checksum)}; it is damaged")
        self._size, self.checksum = size, checksum


def _used_up() -> MediaError:
    return MediaError("this source can be read once, and was; keep the bytes, or put them into a store")
