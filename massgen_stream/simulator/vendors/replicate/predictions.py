"""Predictions: a quarter with each look, with logs as models write them, and real media at the end.

The version ``error`` of any model (``simulator/fault:error;code=…``) makes a prediction fail with the fault's message;
with the code ``nsfw``, ``canceled`` or ``aborted`` it ends so.

What a prediction was given and what it has made is removed after an hour
(https://replicate.com/docs/topics/predictions/data-retention); files that were uploaded after a day.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from ...answers.drawn import drawn
from ...answers.film import BLOCK, mp4
from ...answers.proportions import proportioned
from ...forms import form_fields
from ...given import Given, Ids
from ...media_jobs import Job, Jobs
from ...request import Request
from ...vendor import JSON, BadRequest, File, Result

_FILM: Final = re.compile(r"[0-9a-f]{8}-film-(\d{1,2})s-(\d{1,4})x(\d{1,4})\.mp4")
_PICTURE: Final = re.compile(r"[0-9a-f]{8}-picture-\d{1,2}-(\d{1,4})x(\d{1,4})\.(png|jpg|webp)")
_DIGEST: Final = re.compile("[0-9a-f]+")
"""A version, 64 such characters at Replicate."""
_NSFW: Final = "NSFW content detected. Try running it again, or try a different prompt."
_STEPS: Final = 20
_FILMS: Final = ("seedance", "video", "film")
_ENDS: Final = ("canceled", "aborted")
_BAD_INPUT: Final = 422
_DATA_SECONDS: Final = 3600.0
_FILE_SECONDS: Final = 86_400.0


class Predictions:
    """Predictions, the files for them, and what they have made.

    Args:
        given: By the simulator.
        place: First part of every path.
    """

    def __init__(self, given: Given, place: str) -> None:
        self._given, self._place = given, place
        self._jobs = Jobs(given.ids("replicate.predictions"), _DATA_SECONDS)
        self._files: Ids[dict[str, Any]] = given.ids("replicate.files")
        self._made: Ids[str] = given.ids("replicate.outputs")

    def begun(self, request: Request) -> Result:
        """Begin a prediction.

        Raises:
            BadRequest: It is refused.
        """
        body = request.json if isinstance(request.json, dict) else {}
        given = body.get("input")
        if not isinstance(given, dict):
            raise BadRequest("input is required", status=_BAD_INPUT)
        version = body.get("version")
        named = "/".join(request.params[name] for name in ("owner", "name")) if "owner" in request.params else ""
        if not named and not isinstance(version, str):
            raise BadRequest("version is required", status=_BAD_INPUT)
        _check(given)
        self._check_files(given, request.headers.get("host", ""))
        model = named or _model_of(str(version))
        told = {"input": given, "host": request.headers.get("host", ""), "model": model, "version": version or "hidden"}
        prediction_id = uuid4().hex[:26]
        job = Job(model, int(given.get("duration", 5)), *_size(given), told)
        self._jobs.begin(job, prediction_id)
        return Result(self._document(prediction_id, job, "starting"), model)

    def so_far(self, request: Request) -> Result:
        """Return a prediction as it is now; of an old one without its data.

        Raises:
            BadRequest: There is none.
        """
        prediction_id = request.params["prediction_id"]
        over = self._jobs.expired(prediction_id)
        if over is not None:
            removed: dict[str, Any] = {"input": {}, "logs": "", "output": None, "data_removed": True}
            return Result({**self._document(prediction_id, over, _status(over)), **removed})
        job = self._jobs.look(prediction_id)
        return Result(self._document(prediction_id, job, _status(job)))

    def canceled(self, request: Request) -> Result:
        """Cancel a prediction.

        Raises:
            BadRequest: There is none.
        """
        prediction_id = request.params["prediction_id"]
        job = self._jobs.at(prediction_id)
        job.told["canceled"] = True
        return Result(self._document(prediction_id, job, _status(job)))

    def uploaded(self, request: Request) -> Result:
        """Return where an uploaded file is.

        Raises:
            BadRequest: The form has no file.
        """
        try:
            fields = list(form_fields(request.headers.get("content-type", ""), request.body))
        except ValueError as problem:
            raise BadRequest(f"Could not parse the form: {problem}.", status=_BAD_INPUT) from None
        file = next((field for field in fields if field.name == "content" and field.filename), None)
        if file is None:
            raise BadRequest("content is required", status=_BAD_INPUT)
        file_id, now = uuid4().hex, self._given.clock()
        address = f"http://{request.headers.get('host', '')}{self._place}/v1/files/{file_id}"
        document: dict[str, Any] = {
            "id": file_id, "name": file.filename, "content_type": file.content_type, "size": len(file.data),
            "etag": file_id, "checksums": {"sha256": sha256(file.data).hexdigest()}, "metadata": {},
            "created_at": _stamp(now), "urls": {"get": address},
        }  # fmt: skip
        ends = self._files.give(file_id, document, _FILE_SECONDS, since=now)
        document["expires_at"] = None if ends is None else _stamp(ends)
        return Result(document)

    def file(self, request: Request) -> JSON:
        """Return what is known of an uploaded file.

        Raises:
            BadRequest: There is none.
        """
        return self._known_file(request.params["file_id"])

    def deleted_file(self, request: Request) -> JSON:
        """Delete an uploaded file.

        Raises:
            BadRequest: There is none.
        """
        self._files.forget(self._known_file(request.params["file_id"])["id"])
        return {}

    def made(self, request: Request) -> File:
        """Return what was made; its name says what it is.

        Raises:
            BadRequest: Nothing of that name was made, or its time is over.
        """
        name = request.params["name"]
        if self._made.find(name) is None:
            raise BadRequest("Not found.", status=404)
        film, picture = _FILM.fullmatch(name), _PICTURE.fullmatch(name)
        if film is not None:
            seconds, width, height = map(int, film.groups())
            return File(mp4(width, height, seconds), "video/mp4")
        if picture is None:
            raise BadRequest("Not found.", status=404)
        form = {"jpg": "jpeg"}.get(picture[3], picture[3])
        (drawing,) = drawn("m", (int(picture[1]), int(picture[2])), form=form)
        return File(bytes(drawing.media_data or b""), f"image/{form}")

    def _known_file(self, file_id: str) -> dict[str, Any]:
        file = self._files.find(file_id)
        if file is None:
            raise BadRequest("The requested resource could not be found.", status=404)
        return file

    def _check_files(self, given: dict[str, Any], host: str) -> None:
        """Check addresses of the simulator's own: those of uploaded files, and of what was made."""
        for value in (one for values in given.values() for one in (values if isinstance(values, list) else [values])):
            parts = urlsplit(value) if isinstance(value, str) and value.startswith("http") else None
            if parts is None or parts.netloc != host or not parts.path.startswith(f"{self._place}/"):
                continue
            name = parts.path.rpartition("/")[2]
            if not (self._files.knows(name) or self._made.knows(name)):
                raise BadRequest(f"Nothing can be read from {value:.200}", status=_BAD_INPUT)

    def _document(self, prediction_id: str, job: Job, status: str) -> dict[str, Any]:
        failure, host = job.failure, job.told["host"]
        address = f"http://{host}{self._place}/v1/predictions/{prediction_id}"
        error = None
        if status == "failed" and failure is not None:
            error = _NSFW if failure.code == "nsfw" else failure.message
        document = {
            "id": prediction_id, "model": job.told["model"], "version": job.told["version"],
            "input": job.told["input"], "logs": _logs(job) if status != "starting" else "", "error": error,
            "status": status, "created_at": job.told.setdefault("created_at", _stamp(self._given.clock())),
            "data_removed": False, "urls": {"get": address, "cancel": f"{address}/cancel"},
        }  # fmt: skip
        if status == "succeeded":
            document |= {"output": self._output(prediction_id, job), "metrics": {"predict_time": 2.5}}
        return document

    def _output(self, prediction_id: str, job: Job) -> Any:
        names = _names_of(job)
        for name in (f"{prediction_id[:8]}-{name}" for name in names):
            if self._made.expired(name) is None:
                self._made.give(name, name, _DATA_SECONDS)
        urls = [f"http://{job.told['host']}{self._place}/media/{prediction_id[:8]}-{name}" for name in names]
        return urls[0] if urls[0].endswith(".mp4") else urls


def _check(given: dict[str, Any]) -> None:
    for name in ("image", "mask", "last_frame_image"):
        value = given.get(name)
        if value is not None and not str(value).startswith(("http://", "https://", "data:")):
            raise BadRequest(f"- input.{name}: Does not match format 'uri'", status=_BAD_INPUT)
    if not 1 <= given.get("num_outputs", 1) <= 4:  # noqa: PLR2004 - the schema's own
        raise BadRequest("- input.num_outputs: Must be less than or equal to 4", status=_BAD_INPUT)


def _model_of(version: str) -> str:
    """Return the model of a version; one that is neither a digest nor behind a model names a fault, if there is one."""
    is_status = re.fullmatch(r"[45]\d\d", version.partition(";")[0])
    is_version = _DIGEST.fullmatch(version) or "/" in version
    return version if is_version and not is_status else f"simulator/fault:{version}"


def _size(given: dict[str, Any]) -> tuple[int, int]:
    if "width" in given and "height" in given:
        return min(int(given["width"]), 2048), min(int(given["height"]), 2048)
    return proportioned(str(given.get("aspect_ratio", "1:1"))) or (96, 96)


def _status(job: Job) -> str:
    failure = job.failure
    if job.told.get("canceled"):
        return "canceled"
    if job.percentage < 100:  # noqa: PLR2004 - per cent
        return "processing" if job.looks > 1 else "starting"
    if failure is not None:
        return failure.code if failure.code in _ENDS else "failed"
    return "succeeded"


def _logs(job: Job) -> str:
    bars = range(0, job.percentage + 1, 25)
    lines = [
        f"{bar:3d}%|{'█' * (bar // 10):10s}| {_STEPS * bar // 100}/{_STEPS} [00:01<00:01, 10.00it/s]" for bar in bars
    ]
    return "\n".join(["Using seed: 5", *lines, ""])


def _names_of(job: Job) -> list[str]:
    given = job.told["input"]
    if any(word in job.model for word in _FILMS) or "resolution" in given:
        width, height = (max(1, side // BLOCK) * BLOCK for side in (job.width, job.height))
        return [f"film-{max(1, job.seconds)}s-{width}x{height}.mp4"]
    form = given.get("output_format", "png")
    count = given.get("num_outputs", 1)
    return [f"picture-{number}-{job.width}x{job.height}.{form}" for number in range(count)]


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
