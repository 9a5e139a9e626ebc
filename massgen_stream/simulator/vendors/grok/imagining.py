"""xAI's services for images and videos: real media of a simple kind.

The model ``simulator/fault:error`` makes a job fail with the fault's `code` and `message`; with the code ``moderation``
the medium, of several images the first, is withheld, with ``expired`` the job expires.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any, Final

from ...answers.film import BLOCK
from ...answers.picture import png
from ...media_jobs import Job, Jobs, failure_of
from ...named_media import NamedMedia
from ...request import Request
from ...vendor import JSON, BadRequest, Result
from .files import Files

PLACE: Final = "/grok/media"
_IMAGE_TICKS: Final = 200_000_000
"""Two cents; a tick is 1e-10 USD."""
_SECOND_TICKS: Final = 500_000_000
_MOST_IMAGES, _MOST_SECONDS, _LONGEST_EXTENSION = 10, 15, 10
_USUAL_SECONDS: Final = 6
_RATIO: Final = re.compile(r"RATIO_(\d+)_(\d+)$")
_PHONES: Final = {"IMG_ASPECT_RATIO_9_19_5": (9, 19.5), "IMG_ASPECT_RATIO_19_5_9": (19.5, 9)}
_PIXELS: Final = {"IMG_RESOLUTION_2K": 512}
_REFERENCES: Final = ("image_url", "url", "file_id")
_MODERATED, _EXPIRED = "moderation", "expired"


class Imagining:
    """Images and videos, and what may be named of them later.

    Args:
        jobs: Of videos.
        files: Where media are stored that are to be.
        media: What is told by an address.
    """

    def __init__(self, jobs: Jobs, files: Files, media: NamedMedia) -> None:
        self._jobs, self._files, self._media = jobs, files, media

    def made_images(self, request: Request) -> Result:
        """Return an ``ImageResponse``.

        Raises:
            BadRequest: The request is none that xAI would take.
        """
        body = _read(request)
        count = body.get("n", 1)
        if not 1 <= count <= _MOST_IMAGES:
            raise BadRequest(f"n must be between 1 and {_MOST_IMAGES}.", param="n")
        self._check(request, *([body["image"]] if "image" in body else []), *body.get("images", ()))
        failure = failure_of(body["model"])
        if failure is not None and failure.code != _MODERATED:
            raise BadRequest(failure.message, status=500)
        width, height = _size(body.get("aspect_ratio", ""), _PIXELS.get(body.get("resolution", ""), 256))
        if body.get("format") == "IMG_FORMAT_BASE64":
            made = {"base64": f"data:image/png;base64,{b64encode(png(width, height)).decode()}"}
        else:
            made = {"url": self._media.url(request, width, height)}
        images: list[JSON] = [{**made, **self._stored(body), "respect_moderation": True}] * count
        if failure is not None:
            images[0] = {"respect_moderation": False}
        usage = {"cost_in_usd_ticks": count * _IMAGE_TICKS}
        return Result({"images": images, "model": body["model"], "usage": usage}, body["model"])

    def begun_video(self, request: Request) -> Result:
        """Begin a video; return a ``StartDeferredResponse``.

        Raises:
            BadRequest: The request is none that xAI would take.
        """
        body = _read(request)
        self._check(request, *(body[name] for name in ("image", "last_frame", "video") if name in body))
        return self._begun(body, _MOST_SECONDS)

    def extended_video(self, request: Request) -> Result:
        """Begin to extend a video; return a ``StartDeferredResponse``.

        Raises:
            BadRequest: The request is none that xAI would take.
        """
        body = _read(request)
        self._check(request, body.get("video", {}))
        return self._begun(body, _LONGEST_EXTENSION)

    def video_so_far(self, request: Request) -> Result:
        """Return a ``GetDeferredVideoResponse``.

        Raises:
            BadRequest: There is no such job.
        """
        request_id = str((request.json or {}).get("request_id", ""))
        if self._jobs.expired(request_id) is not None:
            return Result({"status": "EXPIRED"})
        job = self._jobs.look(request_id)
        if job.percentage < 100:  # noqa: PLR2004 - per cent
            return Result({"status": "PENDING", "response": {"progress": job.percentage}})
        return Result(self._ended(job, request))

    def _ended(self, job: Job, request: Request) -> JSON:
        failure = job.failure
        usage = {"cost_in_usd_ticks": job.seconds * _SECOND_TICKS}
        made: dict[str, Any] = {"model": job.model, "progress": 100, "usage": usage}
        if failure is not None and failure.code == _EXPIRED:
            return {"status": "EXPIRED"}
        if failure is not None and failure.code == _MODERATED:
            return {"status": "DONE", "response": {**made, "video": {"duration": job.seconds}}}
        if failure is not None:
            return {"status": "FAILED", "response": {"error": {"code": failure.code, "message": failure.message}}}
        url = self._media.url(request, job.width, job.height, job.seconds)
        film = {"url": url, "duration": job.seconds, "respect_moderation": True, **job.told}
        return {"status": "DONE", "response": {**made, "video": film}}

    def _begun(self, body: dict[str, Any], most: int) -> Result:
        seconds = body.get("duration", _USUAL_SECONDS)
        if not 1 <= seconds <= most:
            raise BadRequest(f"duration must be between 1 and {most} seconds.", param="duration")
        width, height = _size(body.get("aspect_ratio", "RATIO_16_9"), 9 * BLOCK)
        width, height = (max(1, side // BLOCK) * BLOCK for side in (width, height))
        job = Job(body["model"], seconds, width, height, self._stored(body))
        return Result({"request_id": self._jobs.begin(job)}, body["model"])

    def _stored(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return what is told of a medium that was to be stored."""
        options = body.get("storage_options")
        if options is None:
            return {}
        name = str(options.get("filename", ""))
        if not name or "/" in name:
            return {"storage_error": "The filename is not valid."}
        seconds = options.get("expires_after")  # protobuf's JSON has texts for long integers
        return {"file_output": self._files.store(name, None if seconds is None else int(seconds))}

    def _check(self, request: Request, *media: dict[str, Any]) -> None:
        """Check references; an address of the simulator's own must be one that it gave, others are not looked at."""
        for medium in media:
            given = next((str(medium[name]) for name in _REFERENCES if medium.get(name)), "")
            if not ("file_id" in medium or given.startswith(("http://", "https://", "data:"))):
                raise BadRequest("An input must be a URL, a data URL or a file id.")
            if "file_id" not in medium and not self._media.refers(request, given):
                raise BadRequest(f"Nothing can be fetched from {given:.200}.")
        self._files.check(request.json)


def _read(request: Request) -> dict[str, Any]:
    body = request.json if isinstance(request.json, dict) else {}
    for name in ("model", "prompt"):
        if not body.get(name):
            raise BadRequest(f"{name} is required.", param=name)
    return body


def _size(ratio: str, pixels: int) -> tuple[int, int]:
    """Return width and height for the name of a ratio, with *pixels* on the shorter side of a video or a square."""
    found = _RATIO.search(ratio)
    across, down = (int(found[1]), int(found[2])) if found else _PHONES.get(ratio, (1, 1))
    return round(pixels * across / min(across, down)), round(pixels * down / min(across, down))
