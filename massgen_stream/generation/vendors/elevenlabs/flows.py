"""Jobs of ElevenLabs' flows, which run the models of others: https://elevenlabs.io/docs/api-reference/flows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, ClassVar, Final

from ....backend.retry_after import retry_after_seconds
from ....errors import JobEnded, MalformedEvent
from ....media.worker_thread import in_thread
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaEncoding
from ....stream_chunk.multimodal import MediaMetadata
from ....stream_chunk.narrow import media
from ...address_segments import address_segment
from ...config import Part
from ...form_file import FormFile, form_file
from ...jobs import Look, VendorJob
from ...order import Order
from .client import document_of, options

Body = dict[str, Any]
MOST_BYTES: Final = 25_000_000
"""Decoded, of one medium that stands in a request (elevenlabs 2.78, ``InlineImageReference``)."""
TAKES: Final = {  # `InlineImageReferenceMimeType` …
    "image": ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"),
    "video": ("video/mp4", "video/quicktime", "video/webm"),
    "audio": ("audio/mpeg", "audio/wav"),
}
_STAGES: Final = {"pending": "queued", "generating": "running"}
_KINDS: Final = {
    "timeout": "timeout",
    "moderated": "content_filter",
    "invalid_parameters": "invalid_request",
    "charging_failed": "quota",
}
"""Of ``MediaGenerationFailedResponseFailureReason``; the others are faults of the server."""


class FlowJob(VendorJob):
    """One job. ElevenLabs has no way to cancel it: whoever leaves stops looking. No percentage is told.

    Args:
        flow: Part of the SDK's client, such as ``flows.video``.
        body: The request; None for a job that was begun before.
        order: What is made.
        media_id: Id of the medium.
        losses: What was changed about the media of the request.
    """

    pause_seconds: ClassVar[float] = 3.0
    """As often as ElevenLabs' SDK looks, unless the server says."""

    def __init__(self, flow: Any, body: Body | None, order: Order, media_id: str, losses: Sequence[str] = ()) -> None:
        self.remarks = [("loss", line) for line in losses]
        self._raw, self._body, self._order = flow.with_raw_response, body, order
        self._id, self._type = media_id, order.media_type

    async def start(self) -> Mapping[str, Any]:
        """Begin the job."""
        fields = {**(self._body or {}), **self._order.config.extra_params}
        response = await self._raw.create(request={}, request_options=options({}, fields))
        return {"id": _text(document_of(response), "id")}

    async def look(self, job: Mapping[str, Any]) -> Look:
        """Return how far it is.

        Raises:
            JobEnded: It has failed, or was refused.
            MalformedEvent: Its status is none of ElevenLabs'.
        """
        response = await self._raw.get(address_segment(job["id"]), request_options=options({}, {}))
        said = document_of(response)
        status = _text(said, "status")
        if status == "completed":
            return Look(is_done=True, answer=said)
        if status == "failed":
            raise _failure(said)
        if status not in _STAGES:
            raise MalformedEvent("a generation without a status of ElevenLabs'", status)
        headers = {name.lower(): value for name, value in response.headers.items()}
        pause = retry_after_seconds(headers, self._order.wall_clock())
        return Look(stage=_STAGES[status], pause=pause)

    async def finish(self, look: Look) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield where the medium is."""
        mime_type = look.answer.get("content_mime_type")
        yield media(
            self._id,
            self._type,
            media_data=_text(look.answer, "content_url"),
            media_encoding=MediaEncoding.URL,
            media_metadata=MediaMetadata(mime_type=mime_type) if isinstance(mime_type, str) else None,
        )


async def reference(kind: str, part: Part | Mapping[str, Any], where: str) -> Body:
    """Return the reference to a medium: an asset by its id, everything else by its bytes.

    Args:
        kind: ``image``, ``video`` or ``audio``.
        part: The medium.
        where: Its place in the request, for errors.

    Raises:
        MediaError: It cannot be read, is too large, or is nothing that ElevenLabs takes.
    """
    if part.get("file_id") is not None:
        return {"type": "asset", "asset_id": part["file_id"]}
    return await inline(await form_file(part, where, kind, takes=TAKES[kind], most_bytes=MOST_BYTES))


async def inline(file: FormFile) -> Body:
    """Return the reference that holds a medium itself."""
    content = (await in_thread(lambda: file.data_url)).partition(",")[2]
    return {"type": "inline_base64", "content_base64": content, "mime_type": file.mime_type}


async def references(kind: str, parts: Any, where: str) -> list[Body]:
    """Return the references to several media."""
    return [await reference(kind, part, f"{where}[{place}]") for place, part in enumerate(parts)]


def _failure(said: Body) -> JobEnded:
    reason, message = said.get("failure_reason"), said.get("error_message")
    kind = _KINDS.get(reason, "server") if isinstance(reason, str) else "server"
    told = message if isinstance(message, str) and message else "ElevenLabs could not make it, and does not say why"
    return JobEnded(told, kind=kind, code=reason if isinstance(reason, str) else None, raw=said)


def _text(said: Any, name: str) -> str:
    found = said.get(name) if isinstance(said, dict) else None
    if not isinstance(found, str) or not found:
        raise MalformedEvent(f"a generation without its {name}")
    return found
