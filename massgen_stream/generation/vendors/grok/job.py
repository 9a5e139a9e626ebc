"""A video that xAI is making, as its API tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from ....errors import JobEnded, MalformedEvent
from ....wire.error_kinds import error_info_of, error_message_of
from ....wire.grok.proto_json import plain
from ...jobs import Look, VendorJob
from .service import GrokService

_METHOD: Final = "GetDeferredVideo"


class GrokJob(VendorJob):
    """One job. xAI has no way to cancel it: whoever leaves stops looking.

    Args:
        service: Where it is looked at.
    """

    pause_seconds: ClassVar[float] = 1.0
    """As often as xAI's SDK looks."""

    def __init__(self, service: GrokService) -> None:
        self._service = service

    async def look(self, job: Mapping[str, Any]) -> Look:
        """Return how far it is; see `look_of`."""
        message = await self._service.message(_METHOD, {"request_id": job["id"]})
        return look_of(await self._service.ask(_METHOD, message), job["id"])


def look_of(found: Any, request_id: str) -> Look:
    """Return what a ``GetDeferredVideoResponse`` tells; the answer of a job that is done is a ``VideoResponse``.

    Raises:
        JobEnded: It failed, or has expired.
        MalformedEvent: Its status is none of xAI's.
    """
    kinds = found.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number
    status = kinds[found.status].name if found.status in kinds else str(found.status)
    if status == "DONE":
        return Look(is_done=True, answer=found.response)
    if status == "EXPIRED":
        raise JobEnded(f"the job {request_id} has expired; start it again", kind="not_found", code=status)
    if status == "FAILED":
        raise _failure(plain(found.response.error))
    if status != "PENDING":
        raise MalformedEvent("a job without a status of xAI's", status)
    return Look(percentage=float(found.response.progress))


def _failure(error: dict[str, Any]) -> JobEnded:
    info = error_info_of(error)
    message = error_message_of(error) if error else "xAI could not make the video, and does not say why"
    return JobEnded(message, kind=info["kind"], code=info.get("code"), raw=error or None)
