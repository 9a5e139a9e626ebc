"""Documents of video jobs to chunks: how far a job is, then what it has made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
FIELDS: Final = ("model", "progress", "seconds")
"""What the answer can do without."""
URLS: Final = "unsigned_urls"
DONE: Final = "completed"
_FAILED: Final = "failed"
FAILURES: Final[Mapping[str, Data]] = {
    _FAILED: {"message": "the video could not be made, and the host does not say why"},
    "cancelled": {"message": "the job was cancelled at its host", "type": "cancelled"},
    "expired": {"message": "the job has expired; start it again", "type": "not_found_error"},
}
_QUEUED: Final = ("queued", "pending")
_KEPT_APART: Final = frozenset(("error", "progress", "usage"))


class VideosDecoder(PolledDecoder):
    """Decodes what ``/videos`` answers; keeps the laws of `massgen_stream.wire.base.Decoder`.

    The openai SDK 3.51 (`types.Video`) and the SDK `openrouter` 1.3.84 (``VideoGenerationResponse``): each look at a
    job has its ``id`` and ``status`` and gives a `media_progress`, whose `job` tells both. A job that is ``completed``
    has its videos behind addresses that want the key (``unsigned_urls``), or one under its own id: a reference of the
    kind ``file_id``. ``failed``, ``cancelled`` and ``expired`` are errors. The last document, without its error and
    usage, is the `complete_response`.

    Args:
        id_prefix: Put before ids that are made up.
        max_event_bytes: Limit on one document.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix, max_event_bytes)

    def _is_document(self, doc: Data) -> bool:
        job_id = doc.get("id")
        return isinstance(job_id, str) and bool(job_id) and isinstance(doc.get("status"), str)

    def _take(self, doc: Data, _kind: str, out: Chunks) -> None:
        job_id, status = doc["id"], doc["status"]
        places = list(_places_of(doc)) if status == DONE else []
        dropped: list[str] = []
        model, progress = _word(doc, "model", dropped), _figure(doc, dropped)
        seconds = _seconds(doc, dropped)
        self._tell_dropped(dropped, out)
        if not self._started:
            self._started, self._minting.response_id = True, job_id
            out.append(TextStreamChunk(type=ChunkType.START, response_id=job_id, model=model))
        out.append(self._told(job_id, status, progress))
        out += (self._video(number, *place, seconds) for number, place in enumerate(places))
        if status == DONE or status in FAILURES:
            self._end_with(doc, out)

    def _told(self, job_id: str, status: str, progress: float | None) -> MultimodalStreamChunk:
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA_PROGRESS,
            media_id=self._minting.of("video", 0),
            media_type=MediaType.VIDEO,
            stage="queued" if status in _QUEUED else "running",
            progress_percentage=self._percentage(progress),
            job={"id": job_id, "status": status},
        )

    def _video(self, number: int, encoding: MediaEncoding, place: str, seconds: float | None) -> MultimodalStreamChunk:
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self._minting.of("video", number),
            media_type=MediaType.VIDEO,
            media_encoding=encoding,
            media_data=place,
            media_metadata=MediaMetadata(mime_type="video/mp4", duration_seconds=seconds),
        )

    def _end_with(self, doc: Data, out: Chunks) -> None:
        usage, status, error = doc.get("usage"), doc["status"], doc.get("error")
        self._take_usage(finite(usage) if isinstance(usage, dict) else None, out)
        told = len(self._errors)
        if error:
            self._tell_error({"error": finite(error) if isinstance(error, dict) else _error_of(status, error)}, out)
        is_known = len(self._errors) > told or (status == _FAILED and told > 0)
        if status in FAILURES and not is_known:
            self._tell_error({"error": _error_of(status, None)}, out)
        response = {name: finite(value) for name, value in doc.items() if name not in _KEPT_APART}
        out.append(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=response))
        self._settle(out)


def _error_of(status: str, said: object) -> Data:
    """Return the error for a status; some hosts say why in words."""
    message = {"message": said} if isinstance(said, str) and said else {}
    return {"code": status, **FAILURES.get(status, {}), **message}


def _places_of(doc: Data) -> Iterator[tuple[MediaEncoding, str]]:
    """Yield where the videos of a job are.

    Raises:
        UnusableField: An address is no text.
    """
    urls = doc.get(URLS)
    if urls is not None and not isinstance(urls, list):
        raise _broken(urls, urls)
    if not urls:
        yield MediaEncoding.FILE_ID, doc["id"]
    for url in urls or ():
        if not isinstance(url, str) or not url:
            raise _broken(url, [url])
        yield MediaEncoding.URL, url


def _broken(value: object, sample: object) -> Exception:
    fault = unusable(URLS, value)
    fault.event = {"id": "job", "status": DONE, URLS: finite(sample)}
    return fault


def _word(doc: Data, name: str, dropped: list[str]) -> str | None:
    value = doc.get(name)
    if value is not None and not isinstance(value, str):
        dropped.append(name)
    return value if isinstance(value, str) and value else None


def _figure(doc: Data, dropped: list[str]) -> float | None:
    value = doc.get("progress")
    usable = isinstance(value, int | float) and not isinstance(value, bool) and value == finite(value) and value >= 0
    if value is not None and not usable:
        dropped.append("progress")
    return float(value) if usable and value is not None else None


def _seconds(doc: Data, dropped: list[str]) -> float | None:
    """Return the length of the videos, which OpenAI tells as text."""
    told = _word(doc, "seconds", dropped)
    return float(told) if told is not None and told.isascii() and told.isdecimal() else None
