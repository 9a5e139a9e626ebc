"""A video that xAI is making: looked at until it is there."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Final

from ..backend.status_error import StatusError
from ..errors import MalformedEvent, ProviderError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import MediaType
from ..stream_chunk.narrow import media_progress
from ..wire.error_kinds import error_info_of, error_message_of
from ..wire.grok.proto_json import plain
from .grok_service import GrokService
from .order import Order

LOOK_SECONDS: Final = 1.0
"""As often as xAI's SDK looks."""
_LONGEST_SECONDS: Final = 16.0
_MOST_FAILURES: Final = 6
"""Looks in a row that may fail, since the video is made and paid for meanwhile: a minute with the pauses."""
_METHOD: Final = "GetDeferredVideo"


class GrokJob:
    """One job that has begun. xAI has no way to cancel it: whoever leaves stops looking.

    Args:
        service: Where it is looked at.
        request_id: Its id.
        order: What it makes.
        media_id: Id of the medium.

    Attributes:
        answer: The ``VideoResponse``, once `progress` has ended.
    """

    def __init__(self, service: GrokService, request_id: str, order: Order, media_id: str) -> None:
        self._service, self._id, self._order, self._media_id = service, request_id, order, media_id
        self._failures = 0
        self.answer: Any = None

    async def progress(self) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what xAI tells of the job, whenever it is new, until the video is there.

        Raises:
            ProviderError: It failed, or has expired.
        """
        message = await self._service.message(_METHOD, {"request_id": self._id})
        yield self._told("queued")
        latest, done = -1, False
        while not done:
            found = await self._look(message)
            if isinstance(found, StatusError):
                yield self._told("running", log=f"a look at the job failed: {found.message}")
                await self._order.sleep(self._pause(found))
                continue
            done = self._settle(found)
            if not done:  # the rest of the hundred is the download's: a percentage never falls
                percentage = min(found.response.progress, 100)
                if percentage > latest:
                    latest = percentage
                    yield self._told("running", progress_percentage=float(percentage))
                await self._order.sleep(LOOK_SECONDS)

    async def _look(self, message: Any) -> Any | StatusError:
        """Return what xAI says; the last of many failures in a row is raised."""
        if self._failures >= _MOST_FAILURES:
            return await self._service.ask(_METHOD, message)
        found = await self._service.try_asking(_METHOD, message)
        self._failures = self._failures + 1 if isinstance(found, StatusError) else 0
        return found

    def _pause(self, failed: StatusError) -> float:
        told = failed.info.get("retry_after_seconds")
        backoff = LOOK_SECONDS * 2.0 ** (self._failures - 1)
        return float(told) if isinstance(told, int | float) else min(backoff, _LONGEST_SECONDS)

    def _settle(self, found: Any) -> bool:
        """Return whether the job is done; then the answer is taken.

        Raises:
            ProviderError: It will never be.
            MalformedEvent: Its status is none of xAI's.
        """
        kinds = found.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number
        status = kinds[found.status].name if found.status in kinds else str(found.status)
        if status == "DONE":
            self.answer = found.response
        elif status == "EXPIRED":
            raise ProviderError(f"the job {self._id} has expired; start it again", kind="not_found", code=status)
        elif status == "FAILED":
            raise _failure(plain(found.response.error))
        elif status != "PENDING":
            raise MalformedEvent("a job without a status of xAI's", status)
        return status == "DONE"

    def _told(self, stage: str, **fields: Any) -> BaseStreamChunk:
        job = {"provider": "grok", "id": self._id, "model": self._order.model}
        return media_progress(self._media_id, stage=stage, media_type=MediaType.VIDEO, job=job, **fields)


def _failure(error: dict[str, Any]) -> ProviderError:
    info = error_info_of(error)
    message = error_message_of(error) if error else "xAI could not make the video, and does not say why"
    return ProviderError(message, kind=info["kind"], code=info.get("code"), raw=error or None)
