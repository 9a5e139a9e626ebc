"""Predictions: a quarter with each look, with logs as models write them, and real media at the end.

The version ``error`` of any model (``simulator/fault:error;code=…``) makes a prediction fail with the fault's message;
with the code ``nsfw``, ``canceled`` or ``aborted`` it ends so.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from ...answers.drawn import drawn
from ...answers.film import BLOCK, mp4
from ...answers.proportions import proportioned
from ...faults import FAULTS
from ...forms import form_fields
from ...media_jobs import Job, Jobs
from ...request import Request
from ...vendor import BadRequest, File, Result

_FILM: Final = re.compile(r"film-(\d{1,2})s-(\d{1,4})x(\d{1,4})\.mp4")
_PICTURE: Final = re.compile(r"picture-\d{1,2}-(\d{1,4})x(\d{1,4})\.(png|jpg|webp)")
_FAULTS: Final = frozenset(str(fault.__struct_config__.tag) for fault in FAULTS)
_NSFW: Final = "NSFW content detected. Try running it again, or try a different prompt."
_STEPS: Final = 20
_FILMS: Final = ("seedance", "video", "film")
_ENDS: Final = ("canceled", "aborted")
_BAD_INPUT: Final = 422
_CREATED: Final = "2026-01-01T00:00:00Z"


def begun(request: Request, jobs: Jobs) -> Result:
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
    model = named or _model_of(str(version))
    told = {"input": given, "host": request.headers.get("host", ""), "model": model, "version": version or "hidden"}
    prediction_id = uuid4().hex[:26]
    job = Job(model, int(given.get("duration", 5)), *_size(given), told)
    jobs.begin(job, prediction_id)
    return Result(_document(prediction_id, job, "starting"), model)


def so_far(request: Request, jobs: Jobs) -> Result:
    """Return a prediction as it is now.

    Raises:
        BadRequest: There is none.
    """
    prediction_id = request.params["prediction_id"]
    job = jobs.look(prediction_id)
    return Result(_document(prediction_id, job, _status(job)))


def canceled(request: Request, jobs: Jobs) -> Result:
    """Cancel a prediction.

    Raises:
        BadRequest: There is none.
    """
    prediction_id = request.params["prediction_id"]
    job = jobs.at(prediction_id)
    job.told["canceled"] = True
    return Result(_document(prediction_id, job, _status(job)))


def uploaded(request: Request) -> Result:
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
    file_id = uuid4().hex
    address = f"http://{request.headers.get('host', '')}/replicate/v1/files/{file_id}"
    return Result({
        "id": file_id, "name": file.filename, "content_type": file.content_type, "size": len(file.data),
        "etag": file_id, "checksums": {"sha256": sha256(file.data).hexdigest()}, "metadata": {},
        "created_at": _CREATED, "expires_at": "2026-01-02T00:00:00Z", "urls": {"get": address},
    })  # fmt: skip


def made_file(name: str) -> File:
    """Return what was made; its name says what it is.

    Raises:
        BadRequest: Nothing of that name was made.
    """
    film, picture = _FILM.fullmatch(name), _PICTURE.fullmatch(name)
    if film is not None:
        seconds, width, height = map(int, film.groups())
        return File(mp4(width, height, seconds), "video/mp4")
    if picture is None:
        raise BadRequest("Not found.", status=404)
    form = {"jpg": "jpeg"}.get(picture[3], picture[3])
    (made,) = drawn("m", (int(picture[1]), int(picture[2])), form=form)
    return File(bytes(made.media_data or b""), f"image/{form}")


def _check(given: dict[str, Any]) -> None:
    for name in ("image", "mask", "last_frame_image"):
        value = given.get(name)
        if value is not None and not str(value).startswith(("http://", "https://", "data:")):
            raise BadRequest(f"- input.{name}: Does not match format 'uri'", status=_BAD_INPUT)
    if not 1 <= given.get("num_outputs", 1) <= 4:  # noqa: PLR2004 - the schema's own
        raise BadRequest("- input.num_outputs: Must be less than or equal to 4", status=_BAD_INPUT)


def _model_of(version: str) -> str:
    """Return the model of a version; one that is the name of a fault asks for it."""
    name = version.partition(";")[0]
    return f"simulator/fault:{version}" if name in _FAULTS or re.fullmatch(r"[45]\d\d", name) else version


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


def _document(prediction_id: str, job: Job, status: str) -> dict[str, Any]:
    failure, host = job.failure, job.told["host"]
    address = f"http://{host}/replicate/v1/predictions/{prediction_id}"
    error = None
    if status == "failed" and failure is not None:
        error = _NSFW if failure.code == "nsfw" else failure.message
    document = {
        "id": prediction_id, "model": job.told["model"], "version": job.told["version"], "input": job.told["input"],
        "logs": _logs(job) if status != "starting" else "", "error": error, "status": status,
        "created_at": _CREATED,
        "urls": {"get": address, "cancel": f"{address}/cancel"},
    }  # fmt: skip
    if status == "succeeded":
        document |= {"output": _output(job), "metrics": {"predict_time": 2.5}}
    return document


def _logs(job: Job) -> str:
    bars = range(0, job.percentage + 1, 25)
    lines = [
        f"{bar:3d}%|{'█' * (bar // 10):10s}| {_STEPS * bar // 100}/{_STEPS} [00:01<00:01, 10.00it/s]" for bar in bars
    ]
    return "\n".join(["Using seed: 5", *lines, ""])


def _output(job: Job) -> Any:
    given, place = job.told["input"], f"http://{job.told['host']}/replicate/media"
    if any(word in job.model for word in _FILMS) or "resolution" in given:
        width, height = (max(1, side // BLOCK) * BLOCK for side in (job.width, job.height))
        return f"{place}/film-{max(1, job.seconds)}s-{width}x{height}.mp4"
    form = given.get("output_format", "png")
    count = given.get("num_outputs", 1)
    return [f"{place}/picture-{number}-{job.width}x{job.height}.{form}" for number in range(count)]
