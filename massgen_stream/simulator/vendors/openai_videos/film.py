"""The videos: real ones, a quarter as wide and as high as was asked for."""

from __future__ import annotations

import re
from typing import Final

from ...answers.film import BLOCK, mp4
from ...media_jobs import Job
from ...request import Request
from ...vendor import BadRequest, File

_SIZE: Final = re.compile(r"(\d{2,4})x(\d{2,4})")
_SHARE: Final = 4
_WHOLE: Final = 100
EXPIRED: Final = "expired"
"""Code of the fault that makes a job expire: OpenAI forgets the video, OpenRouter the job."""


def sides_of(size: str) -> tuple[int, int]:
    """Return width and height of the film for ``1280x720``.

    Raises:
        BadRequest: It is no size.
    """
    found = _SIZE.fullmatch(size)
    if found is None:
        raise BadRequest(f"Invalid size '{size[:40]}': expected WIDTHxHEIGHT.", param="size", code="invalid_value")
    across, down = (max(1, int(side) // _SHARE // BLOCK) * BLOCK for side in found.groups())
    return across, down


def film_of(job: Job, request: Request) -> File:
    """Return the film of a job.

    Raises:
        BadRequest: It is not done, has failed or has expired; or it has no such output.
    """
    failure = job.failure
    if failure is not None and failure.code == EXPIRED:
        raise BadRequest("The video has expired.", status=410)
    if job.percentage < _WHOLE or failure is not None:
        raise BadRequest("The video is not ready.", status=409)
    if request.query.get("index", "0") != "0" or request.query.get("variant", "video") != "video":
        raise BadRequest("There is no such output.", status=404)
    return File(mp4(job.width, job.height, job.seconds), "video/mp4")
