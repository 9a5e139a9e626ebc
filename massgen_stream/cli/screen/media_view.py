"""Media on the screen: progress while they arrive, one line when they are there."""

from __future__ import annotations

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from .figures import size_text
from .lines import attachment_line, caption_line, log_line, media_line
from .pages import Pages, Shows
from .pictures import Pictures
from .progress import ProgressView, progress_note, progress_title


class MediaView:
    """Follows every medium of a stream by its id."""

    def __init__(self, pages: Pages, progress: ProgressView, pictures: Pictures) -> None:
        self._pages, self._progress, self._pictures = pages, progress, pictures
        self._arrived: dict[str, int] = {}
        self._spoken: set[str] = set()

    def shows(self) -> Shows:
        """Return what is shown."""
        return {
            ChunkType.MEDIA: self._media,
            ChunkType.MEDIA_PROGRESS: self._moved,
            ChunkType.ATTACHMENT: self._moved,
            ChunkType.ATTACHMENT_COMPLETE: self._attached,
        }

    async def prepare(self, chunk: MultimodalStreamChunk) -> None:
        """Draw the picture of a chunk, if it has one, before it is shown."""
        if chunk.type == ChunkType.MEDIA and _is_whole(chunk):
            await self._pictures.prepare(chunk)

    def _media(self, chunk: MultimodalStreamChunk) -> None:
        if chunk.media_type == MediaType.AUDIO and chunk.text_content:
            self._say(chunk, chunk.text_content)
        if _is_whole(chunk):
            self._whole(chunk)
        else:
            self._segment(chunk)

    def _say(self, chunk: MultimodalStreamChunk, transcript: str) -> None:
        """Show what the voice says as it says it; a whole transcript only if there was none in pieces."""
        key = chunk.media_id or ""
        if chunk.is_partial or key not in self._spoken:
            self._spoken.add(key)
            self._pages.say(transcript, f"answer {chunk.source}")

    def _segment(self, chunk: MultimodalStreamChunk) -> None:
        key = chunk.media_id or ""
        size = data_bytes(chunk)
        if size:
            self._arrived[key] = self._arrived.get(key, 0) + size
            note = size_text(self._arrived[key])
            self._progress.update(key, progress_title(chunk), note, chunk.get_progress())

    def _whole(self, chunk: MultimodalStreamChunk) -> None:
        key, picture = chunk.media_id or "", self._pictures.of(chunk)
        if chunk.is_partial and picture is not None:
            self._progress.picture(key, picture)
            return
        if not chunk.is_partial:
            self._progress.finish(key)
        if picture is not None:
            self._pages.picture(picture)
        size = self._arrived.get(key) if chunk.media_data is None else data_bytes(chunk)
        self._pages.item(media_line(chunk, size))
        if chunk.text_content and chunk.media_type != MediaType.AUDIO:
            self._pages.aside.line(caption_line(chunk.text_content))

    def _moved(self, chunk: MultimodalStreamChunk) -> None:
        if chunk.log:
            self._pages.aside.line(log_line(chunk.log))
        title, note = progress_title(chunk), progress_note(chunk)
        if note or chunk.get_progress() is not None:
            self._progress.update(chunk.media_id or "", title, note, chunk.get_progress())

    def _attached(self, chunk: MultimodalStreamChunk) -> None:
        self._progress.finish(chunk.media_id or "")
        for part in chunk.attachments or []:
            self._pages.item(attachment_line(part))
        if not chunk.attachments:
            self._pages.item(media_line(chunk, data_bytes(chunk)))


def _is_whole(chunk: MultimodalStreamChunk) -> bool:
    """Return whether a chunk is a medium, or a preview of it, and not a piece."""
    return not chunk.is_partial or chunk.partial_kind == "preview"


def data_bytes(chunk: MultimodalStreamChunk) -> int | None:
    """Return the size of the medium's data in the chunk; None when it only refers to it."""
    data = chunk.media_data
    if isinstance(data, bytes | bytearray | memoryview):
        return len(data)
    if isinstance(data, str) and chunk.media_encoding == MediaEncoding.BASE64:
        return len(data) * 3 // 4 - data[-2:].count("=")
    return None
