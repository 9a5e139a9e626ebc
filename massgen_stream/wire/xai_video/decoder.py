"""xAI's documents to chunks: the id of a request, then how far it is, then the video."""

from __future__ import annotations

from typing import Any, Final

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..event_stream import Chunks
from ..faults import unusable
from ..json_value import finite
from ..polled import PolledDecoder
from ..sse import DEFAULT_MAX_EVENT_BYTES

Data = dict[str, Any]
FIELDS: Final = ("progress", "video.duration")
"""What the answer can do without."""
DONE: Final = "done"
FAILURES: Final = {"expired": "the request has expired; start it again", "failed": "the video failed; xAI says no more"}
_KEPT_APART: Final = frozenset(("error", "progress", "usage"))
_MP4: Final = "video/mp4"


class VideoDecoder(PolledDecoder):
    """Decodes what ``/v1/videos`` answers; keeps the laws of `massgen_stream.wire.base.Decoder`.

    https://docs.x.ai/developers/rest-api-reference/inference/videos: the answer to a request is its id. Each look has a
    ``status`` (``pending``, ``done``, ``failed``, ``expired``) and gives a `media_progress`, whose `job` tells it. The
    video is an address; xAI tells one that moderation has withheld by leaving it out. A look without a status that has
    the address of a video is a done one, as https://github.com/vercel/ai (``xai-video-model.ts``) reads it.

    Args:
        id_prefix: Put before ids that are made up.
        max_event_bytes: Limit on one document.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix, max_event_bytes)

    def _is_document(self, doc: Data) -> bool:
        return bool(_id_of(doc)) or isinstance(doc.get("status"), str) or _is_done(doc)

    def _take(self, doc: Data, _kind: str, out: Chunks) -> None:
        video = _video_of(doc)
        doc = {**doc, "status": DONE} if _is_done(doc) else doc
        self._open(_id_of(doc), out)
        status = doc.get("status")
        if not isinstance(status, str):
            return
        dropped: list[str] = []
        percentage = self._percentage(_figure(doc, "progress", "progress", dropped))
        duration = _figure(video, "duration", "video.duration", dropped)
        self._tell_dropped(dropped, out)
        media_id = self._minting.of("video", 0)
        out.append(
            MultimodalStreamChunk(
                type=ChunkType.MEDIA_PROGRESS,
                media_id=media_id,
                media_type=MediaType.VIDEO,
                stage="running",
                progress_percentage=percentage,
                job={"status": status},
            )
        )
        if status == DONE or status in FAILURES:
            self._end_with(doc, status, _final(media_id, video, duration), out)

    def _open(self, request_id: str | None, out: Chunks) -> None:
        """The first document has come; it names the request, unless somebody else began it."""
        if not self._started:
            self._started, self._minting.response_id = True, request_id or ""
            out.append(TextStreamChunk(type=ChunkType.START, response_id=request_id))

    def _end_with(self, doc: Data, status: str, final: MultimodalStreamChunk | None, out: Chunks) -> None:
        usage = doc.get("usage")
        self._take_usage(finite(usage) if isinstance(usage, dict) else None, out)
        if doc.get("error"):
            self._tell_error({"error": doc["error"]}, out)
        if status == DONE and final is not None:
            out.append(final)
        elif status == DONE:
            self._fail("xAI's moderation has withheld the video", "content_filter", out)
        elif status != "failed" or not self._errors:
            self._fail(FAILURES[status], status, out)
        response = {name: finite(value) for name, value in doc.items() if name not in _KEPT_APART}
        out.append(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=response))
        self._settle(out)


def _id_of(doc: Data) -> str | None:
    request_id = doc.get("request_id")
    return request_id if isinstance(request_id, str) and request_id else None


def _is_done(doc: Data) -> bool:
    """Return whether a document that says no status has a video."""
    video = doc.get("video")
    return doc.get("status") is None and isinstance(video, dict) and bool(video.get("url"))


def _video_of(doc: Data) -> Data:
    """Return what is said of the video.

    Raises:
        UnusableField: It is no object, or its address no text.
    """
    video = doc.get("video")
    if video is not None and not isinstance(video, dict):
        raise _broken("video", video)
    url = (video or {}).get("url")
    if url is not None and not isinstance(url, str):
        raise _broken("video.url", url)
    return video or {}


def _broken(path: str, value: object) -> Exception:
    fault = unusable(path, value)
    fault.event["status"] = DONE
    return fault


def _figure(doc: Data, name: str, path: str, dropped: list[str]) -> float | None:
    value = doc.get(name)
    if value is None:
        return None
    usable = isinstance(value, int | float) and not isinstance(value, bool) and value == finite(value)
    if not usable or value < 0:
        dropped.append(path)
        return None
    return float(value)


def _final(media_id: str, video: Data, duration: float | None) -> MultimodalStreamChunk | None:
    url = video.get("url")
    if not url:
        return None
    return MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_id=media_id,
        media_type=MediaType.VIDEO,
        media_encoding=MediaEncoding.URL,
        media_data=url,
        media_metadata=MediaMetadata(mime_type=_MP4, duration_seconds=duration),
    )
