"""OpenAI's videos, as the openai SDK 3.51 describes them (`openai.resources.videos`).

Files come in forms. What refers to something by its id or address may also come as JSON, see
https://learn.microsoft.com/en-us/azure/foundry/reference/rest/; the SDK cannot send that.

The model ``simulator/fault:error`` makes a job fail with the fault's `code` and `message`; with the code ``expired``
the job is done, and its video is gone. OpenAI says that what can be downloaded expires; here the video is not known
from then on, so that it can be neither looked at nor changed.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from ....errors import MediaError
from ....media.detection import HEAD_BYTES, detect
from ...forms import Field, form_fields
from ...media_jobs import Job, Jobs
from ...request import Request
from ...vendor import BadRequest, Result
from ..openai_responses.files import Files
from .film import EXPIRED, sides_of

PREFIX: Final = "video_"
FIELDS: Final = ("seconds", "input_reference", "characters")
"""Fields that OpenRouter's requests have not."""
_SECONDS: Final = ("4", "8", "12")
_EXTENSIONS: Final = (*_SECONDS, "16", "20")
_SIZES: Final = ("720x1280", "1280x720", "1024x1792", "1792x1024")
LIFETIME_SECONDS: Final = 86_400.0
"""https://platform.openai.com/docs/guides/video-generation: downloads are good for a day."""
_WHOLE: Final = 100
_POLL_AFTER: Final = ("openai-poll-after-ms", "2500")
_KINDS: Final = {"input_reference": "image/", "video": "video/"}


def begun(request: Request, jobs: Jobs, files: Files) -> Result:
    """Begin a new video.

    Raises:
        BadRequest: OpenAI would refuse it.
    """
    form = Form(request)
    form.check_medium("input_reference", required=False)
    files.check(form.texts.get("input_reference[file_id]"), "input_reference")
    size = form.choice("size", _SIZES)
    job = Job(form.texts.get("model", "sora-2"), int(form.choice("seconds", _SECONDS)), *sides_of(size))
    job.told = {"size": size, "prompt": form.prompt()}
    return _begin(job, jobs)


def edited(request: Request, jobs: Jobs) -> Result:
    """Begin to change a video, which is uploaded or named.

    Raises:
        BadRequest: OpenAI would refuse it.
    """
    form = Form(request)
    return _begin(_again(form.source(jobs), form.prompt()), jobs)


def extended(request: Request, jobs: Jobs) -> Result:
    """Begin to extend a video.

    Raises:
        BadRequest: OpenAI would refuse it.
    """
    form = Form(request)
    source = form.source(jobs)
    job = _again(source, form.prompt())
    job.seconds += int(form.choice("seconds", _EXTENSIONS, required=True))
    return _begin(job, jobs)


def remixed(request: Request, jobs: Jobs) -> Result:
    """Begin to make a video again with another prompt.

    Raises:
        BadRequest: There is no such video, or no prompt.
    """
    source_id = request.params["video_id"]
    job = _again(_done(jobs, source_id), Form(request).prompt())
    job.told["remixed_from_video_id"] = source_id
    return _begin(job, jobs)


def deleted(request: Request, jobs: Jobs) -> Result:
    """Delete a video that is done or has failed.

    Raises:
        BadRequest: There is none.
    """
    video_id = request.params["video_id"]
    jobs.forget(video_id)
    return Result({"id": video_id, "object": "video.deleted", "deleted": True})


def so_far(video_id: str, jobs: Jobs) -> Result:
    """Return how far a video is.

    Raises:
        BadRequest: There is none.
    """
    job = jobs.look(video_id)
    return Result(_document(video_id, job), job.model, (_POLL_AFTER,))


def _begin(job: Job, jobs: Jobs) -> Result:
    job.told["created_at"] = int(jobs.ids.now())
    return Result(_document(jobs.begin(job, f"{PREFIX}{uuid4().hex}"), job), job.model)


def _again(source: Job, prompt: str) -> Job:
    return Job(
        source.model, source.seconds, source.width, source.height, {"size": source.told["size"], "prompt": prompt}
    )


def _done(jobs: Jobs, video_id: str) -> Job:
    if jobs.ids.is_from_elsewhere(video_id):
        return _unseen()
    job = jobs.at(video_id)
    if job.percentage < _WHOLE:
        raise BadRequest("The source video is not completed.", param="video", code="video_not_ready")
    return job


def _document(video_id: str, job: Job) -> dict[str, Any]:
    failure = None if job.failure is None or job.failure.code == EXPIRED else job.failure
    ended = job.percentage >= _WHOLE
    running = "in_progress" if job.looks > 1 else "queued"
    document = {
        "id": video_id,
        "object": "video",
        "model": job.model,
        "progress": job.percentage,
        "seconds": str(job.seconds),
        "status": running if not ended else "completed" if failure is None else "failed",
        **job.told,
    }
    if ended and failure is None:
        document |= {"completed_at": job.told["created_at"], "expires_at": None if job.ends is None else int(job.ends)}
    if ended and failure is not None:
        document["error"] = {"code": failure.code, "message": failure.message}
    return document


class Form:
    """The form of a request, or the JSON object that says the same: its texts, and its files.

    Raises:
        BadRequest: It is neither.
    """

    def __init__(self, request: Request) -> None:
        fields = [] if isinstance(request.json, dict) else _fields(request)
        self.texts = {field.name: field.text for field in fields if field.filename is None}
        self._files: dict[str, Field] = {field.name: field for field in fields if field.filename is not None}
        if isinstance(request.json, dict):
            self.texts |= _flat(request.json)

    def prompt(self) -> str:
        """Return the prompt.

        Raises:
            BadRequest: There is none.
        """
        prompt = self.texts.get("prompt")
        if not prompt:
            raise _missing("prompt")
        return prompt

    def choice(self, name: str, known: tuple[str, ...], *, required: bool = False) -> str:
        """Return a value that is one of those *known*; where it is missing, the first.

        Raises:
            BadRequest: It is none of them, or missing although it is required.
        """
        if required and name not in self.texts:
            raise _missing(name)
        value = self.texts.get(name, known[0])
        if value not in known:
            message = f"Invalid value: '{value[:40]}'. Supported values are: {', '.join(known)}."
            raise BadRequest(message, param=name, code="invalid_value")
        return value

    def check_medium(self, name: str, *, required: bool = True) -> None:
        """Check a file, or what stands for one: ``name[file_id]``, ``name[image_url]`` or ``name[id]``.

        Raises:
            BadRequest: It is missing, or of another kind.
        """
        file = self._files.get(name)
        if file is None:
            if required and not any(key.startswith(f"{name}[") for key in self.texts):
                raise _missing(name)
            return
        try:
            found = detect(file.data[:HEAD_BYTES]).mime_type
        except MediaError:
            found = "application/octet-stream"
        if not found.startswith(_KINDS[name]):
            raise BadRequest(f"Invalid file '{name}': unsupported mimetype ('{found}').", param=name)

    def source(self, jobs: Jobs) -> Job:
        """Return the video that is changed; one that is uploaded counts as one of four seconds.

        Raises:
            BadRequest: There is none.
        """
        self.check_medium("video")
        video_id = self.texts.get("video[id]")
        if video_id is not None:
            return _done(jobs, video_id)
        return _unseen()


def _unseen() -> Job:
    """Return a video that nobody here has made."""
    return Job("sora-2", int(_SECONDS[0]), *sides_of(_SIZES[0]), {"size": _SIZES[0]})


def _fields(request: Request) -> list[Field]:
    try:
        return list(form_fields(request.headers.get("content-type", ""), request.body))
    except ValueError as problem:
        raise BadRequest(f"Could not parse multipart form: {problem}.") from None


def _flat(body: dict[str, Any]) -> dict[str, str]:
    """Return the texts of a JSON object under the names that a form would have."""
    objects = {name: value for name, value in body.items() if isinstance(value, dict)}
    inner = {f"{name}[{key}]": str(one) for name, value in objects.items() for key, one in value.items()}
    return {name: str(value) for name, value in body.items() if name not in objects} | inner


def _missing(name: str) -> BadRequest:
    return BadRequest(f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter")
