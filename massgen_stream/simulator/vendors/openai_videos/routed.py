"""OpenRouter's videos: https://openrouter.ai/docs/api/api-reference/video-generation/create-videos.

The model ``simulator/fault:error`` makes a job fail with the fault's `message`; its `code` may be ``cancelled`` or
``expired``, which are statuses of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Final

from ...body_fields import Body, model_at, number_at, wrong_type
from ...media_jobs import Job, Jobs
from ...request import Request
from ...vendor import BadRequest, Result
from .film import EXPIRED, sides_of
from .routed_models import check

PREFIX: Final = "gen-vid-"
_USUAL_SECONDS, _MOST_SECONDS = 5, 30
_WHOLE: Final = 100
_RESOLUTIONS: Final[Mapping[str, int]] = {
    "360p": 360, "480p": 480, "720p": 720, "768p": 768, "1080p": 1080, "1K": 1024, "2K": 1440, "4K": 2160,
}  # fmt: skip
_RATIOS: Final = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9", "9:21")
_REFERENCES: Final = ("image_url", "audio_url", "video_url")
_FRAMES: Final = ("first_frame", "last_frame")
_DOLLARS_PER_SECOND: Final = 0.1
_STATUSES: Final = ("cancelled", EXPIRED)
"""Codes of the fault ``error`` that are statuses of their own."""


def begun(request: Request, jobs: Jobs) -> Result:
    """Begin a video.

    Raises:
        BadRequest: OpenRouter would refuse it.
    """
    body = request.json
    if not isinstance(body, dict):
        raise BadRequest("We could not parse the JSON body of your request: an object is expected.")
    model = model_at(body)
    frames = _parts(body, "frame_images", ("image_url",))
    if any(frame.get("frame_type") not in _FRAMES for frame in frames):
        raise wrong_type("frame_images", f"a frame_type of {' or '.join(_FRAMES)}")
    given = [*frames, *_parts(body, "input_references", _REFERENCES)]
    previous = body.get("previous_job_id")
    is_ours = previous is not None and not jobs.ids.is_from_elsewhere(str(previous))
    if is_ours and jobs.at(str(previous)).percentage < _WHOLE:
        raise BadRequest("The previous job is not completed.", param="previous_job_id")
    if not body.get("prompt") and not given:
        raise BadRequest("A prompt is required.", param="prompt")
    check(model, body)
    seconds = number_at(body, "duration", most=_MOST_SECONDS) or _USUAL_SECONDS
    job_id = jobs.begin(Job(model, seconds, *_sides(body)), f"{PREFIX}1700000000-{token_hex(10)}")
    return Result({"id": job_id, "polling_url": f"/api/v1/videos/{job_id}", "status": "pending"}, model)


def so_far(job_id: str, jobs: Jobs, request: Request) -> Result:
    """Return how far a job is; no percentage is told.

    Raises:
        BadRequest: There is none.
    """
    document: dict[str, Any] = {"id": job_id, "polling_url": f"/api/v1/videos/{job_id}"}
    over = jobs.expired(job_id)
    if over is not None:
        return Result({**document, "status": EXPIRED}, over.model)
    job = jobs.look(job_id)
    if job.percentage < _WHOLE:
        document["status"] = "in_progress" if job.looks > 1 else "pending"
    elif job.failure is not None:
        failure = job.failure
        document["status"] = failure.code if failure.code in _STATUSES else "failed"
        document["error"] = failure.message
    else:
        place = f"http://{request.headers['host']}/v1/videos/{job_id}/content?index=0"
        cost = round(job.seconds * _DOLLARS_PER_SECOND, 2)
        document |= {"status": "completed", "generation_id": job_id, "unsigned_urls": [place]}
        document["usage"] = {"cost": cost, "is_byok": False}
    return Result(document, job.model)


def _parts(body: Body, name: str, known: tuple[str, ...]) -> list[dict[str, Any]]:
    parts = body.get(name) or []
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise wrong_type(name, "an array of objects")
    for part in parts:
        kind = part.get("type")
        place = part.get(kind) if kind in known else None
        if not isinstance(place, dict) or not str(place.get("url")).startswith(("http://", "https://", "data:")):
            raise wrong_type(name, f"parts of the type {' or '.join(known)}, each with its url")
    return parts


def _sides(body: Body) -> tuple[int, int]:
    if body.get("size") is not None:
        return sides_of(str(body["size"]))
    ratio, resolution = str(body.get("aspect_ratio") or _RATIOS[0]), str(body.get("resolution") or "720p")
    if ratio not in _RATIOS or resolution not in _RESOLUTIONS:
        raise BadRequest(f"{ratio[:40]} at {resolution[:40]} is not supported by the model.", param="resolution")
    across, down = map(int, ratio.split(":"))
    short = _RESOLUTIONS[resolution]
    return sides_of(f"{round(short * across / min(across, down))}x{round(short * down / min(across, down))}")
