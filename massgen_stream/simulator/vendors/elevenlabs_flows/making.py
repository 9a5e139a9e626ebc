"""Jobs and the media that they make: real ones of a simple kind.

The model ``simulator/fault:error`` makes a job fail with the fault's `message`; its `code` is the failure reason, such
as ``moderated``.
"""

from __future__ import annotations

import re
from typing import Any, Final

from ...answers.film import BLOCK
from ...media_jobs import Job, Jobs
from ...named_media import NamedMedia
from ...request import Request
from ...vendor import BadRequest, Result
from .image_fields import check_image_fields

PLACE: Final = "/elevenlabs/media"
_WHOLE: Final = 100
_REFERENCES: Final = {"asset": "asset_id", "generation": "generation_id", "inline_base64": "content_base64"}
_ONE: Final = ("start_frame", "end_frame", "mask", "image", "audio")
_SEVERAL: Final = ("images", "videos", "audios")
_RATIO: Final = re.compile(r"(\d{1,2}):(\d{1,2})")
_USUAL_SECONDS: Final = 4
_SHORT_SIDE: Final = 9 * BLOCK
_LIPSYNC: Final = "creatify-aurora"
_PAUSE: Final = (("retry-after", "1"),)


def begun(request: Request, jobs: Jobs, *, is_video: bool) -> Result:
    """Begin a job.

    Raises:
        BadRequest: ElevenLabs would refuse it.
    """
    body = request.json if isinstance(request.json, dict) else {}
    model = body.get("model_id")
    if not isinstance(model, str) or not model:
        raise BadRequest("Field required", param="model_id", status=422)
    needed = ("image", "audio") if model == _LIPSYNC else ("prompt",)
    for name in needed:
        if not body.get(name):
            raise BadRequest("Field required", param=name, status=422)
    if not is_video:
        check_image_fields(body, model)
    _check_media(body, jobs)
    seconds = int(body.get("duration_secs") or _USUAL_SECONDS) if is_video else 0
    job = Job(model, seconds, *_sides(str(body.get("aspect_ratio") or "16:9")))
    return Result({"id": jobs.begin(job), "status": "pending"}, model, _PAUSE)


def so_far(request: Request, jobs: Jobs, media: NamedMedia) -> Result:
    """Return how far a job is; no percentage is told.

    Raises:
        BadRequest: There is no such job.
    """
    job_id = request.params["generation_id"]
    job = jobs.look(job_id)
    if job.percentage < _WHOLE:
        return Result({"id": job_id, "status": "generating" if job.looks > 1 else "pending"}, "", _PAUSE)
    failure = job.failure
    if failure is not None:
        told = {"failure_reason": failure.code or "internal_error", "error_message": failure.message}
        return Result({"id": job_id, "status": "failed", **told})
    kind = "video/mp4" if job.seconds else "image/png"
    url = media.url(request, job.width, job.height, job.seconds)
    return Result({"id": job_id, "status": "completed", "content_url": url, "content_mime_type": kind})


def _check_media(body: dict[str, Any], jobs: Jobs) -> None:
    for name in _ONE:
        if body.get(name) is not None:
            _check(name, body[name], jobs)
    for name in _SEVERAL:
        for one in body.get(name) or ():
            _check(name, one.get("image", one) if isinstance(one, dict) else one, jobs)


def _check(name: str, medium: Any, jobs: Jobs) -> None:
    """Check a reference; assets are uploaded elsewhere (``POST /v1/assets``), so any may be named."""
    field = _REFERENCES.get(str(medium.get("type"))) if isinstance(medium, dict) else None
    if field is None or not medium.get(field):
        raise BadRequest("Input should be a valid reference", param=name, status=422)
    if field == "generation_id" and not jobs.ids.knows(str(medium[field])):
        raise BadRequest(f"Generation '{medium[field]!s:.80}' was not found.", param=name, status=404)


def _sides(ratio: str) -> tuple[int, int]:
    found = _RATIO.fullmatch(ratio)
    across, down = (int(found[1]), int(found[2])) if found else (16, 9)
    sides = (_SHORT_SIDE * side // min(across, down) // BLOCK for side in (across, down))
    width, height = (max(1, side) * BLOCK for side in sides)
    return width, height
