"""Videos of Gemini: real films, made in the background and looked for, or told at once.

The model ``gemini-omni/fault:error`` makes an interaction fail with the fault's `code` and `message`; with the code
``moderation`` it is completed without a video, with ``expired`` it is not known any more once it is done.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from ....generation.segments import Segments
from ....stream_chunk.kinds import MediaType
from ....stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ....stream_chunk.narrow import done
from ....stream_chunk.text import TextStreamChunk
from ....wire.google_interactions.usage import usage_of
from ...answers.film import BLOCK, mp4
from ...body_fields import object_at
from ...media_jobs import Job, Jobs
from ...request import Request
from ...vendor import BadRequest, Result
from ..google_generate_content.films import Films
from .interactions_ask import InteractionsAsk

Body = Mapping[str, Any]
_MODELS: Final = ("gemini-omni",)
_RATIOS: Final = {"16:9": (16, 9), "9:16": (9, 16)}
_TASKS: Final = ("text_to_video", "image_to_video", "reference_to_video", "edit", "extend", "upscale")
_ON_VIDEOS: Final = ("edit", "extend", "upscale")
_HEIGHTS: Final = {"360p": 9 * BLOCK, "720p": 9 * BLOCK, "1080p": 18 * BLOCK, "4k": 18 * BLOCK}
"""Films are small here; what is larger at Google is larger than the others."""
_DURATION: Final = re.compile(r"(\d{1,2})s")
_USUAL_SECONDS, _SHORTEST, _LONGEST = 4, 3, 15
_TOKENS_PER_SECOND: Final = 5_792
_MODERATED, _EXPIRED = "moderation", "expired"
_WHOLE: Final = 100
"""Per cent."""
_PIECE_BYTES: Final = 64 * 1024


def video_of(body: Body) -> Job | None:
    """Return the video that a request asks for; None if it asks for something else.

    Raises:
        BadRequest: Google would not make it.
    """
    given = body.get("response_format")
    formats = given if isinstance(given, list) else [given]
    form = next((one for one in formats if isinstance(one, dict) and one.get("type") == "video"), None)
    model = str(body.get("model", ""))
    if form is None and not model.startswith(_MODELS):
        return None
    form = form or {}
    task = object_at(object_at(body, "generation_config"), "video_config").get("task")
    _check(body, form, task)
    across, down = _RATIOS[form.get("aspect_ratio", "16:9")]
    side = _HEIGHTS[form.get("resolution", "720p")] // min(across, down)
    delivery = {"uri": True} if form.get("delivery") == "uri" else {}
    return Job(model, _seconds(form), across * side // BLOCK * BLOCK, down * side // BLOCK * BLOCK, delivery)


class Filming:
    """Videos that are made in the background.

    Args:
        jobs: Of this API.
        films: Where large ones are.
    """

    def __init__(self, jobs: Jobs, films: Films) -> None:
        self._jobs, self._films = jobs, films

    def begun(self, job: Job, previous: str | None) -> Result:
        """Begin an interaction.

        Args:
            job: The video.
            previous: Id of the interaction that it continues, which is known.

        Raises:
            BadRequest: The one before is not done.
        """
        before = self._jobs.ids.find(previous) if previous is not None else None
        if isinstance(before, Job) and before.percentage < _WHOLE:
            raise BadRequest("The previous interaction is not completed.", param="previous_interaction_id")
        interaction_id = self._jobs.begin(job, f"v1_{uuid4().hex}")
        return Result(_document(interaction_id, job, "in_progress"), job.model)

    def so_far(self, request: Request) -> Result:
        """Return an interaction as it is now.

        Raises:
            BadRequest: There is none.
        """
        interaction_id = request.params["interaction_id"]
        job = self._jobs.look(interaction_id)
        if job.told.get("cancelled"):
            return Result(_document(interaction_id, job, "cancelled"))
        if job.percentage < _WHOLE:
            return Result(_document(interaction_id, job, "in_progress"))
        return Result(self._ended(interaction_id, job, request.headers["host"]))

    def cancelled(self, request: Request) -> Result:
        """Cancel an interaction.

        Raises:
            BadRequest: There is none.
        """
        interaction_id = request.params["interaction_id"]
        job = self._jobs.at(interaction_id)
        job.told = {**job.told, "cancelled": True}
        return Result(_document(interaction_id, job, "cancelled"))

    def _ended(self, interaction_id: str, job: Job, host: str) -> Body:
        failure = job.failure
        if failure is not None and failure.code == _EXPIRED:
            raise BadRequest("The interaction is not found.", status=404)
        if failure is not None and failure.code != _MODERATED:
            error = {"code": failure.code, "message": failure.message}
            return {**_document(interaction_id, job, "failed"), "errors": [error]}
        made = [] if failure is not None else [{"type": "video", "mime_type": "video/mp4", **self._film(job, host)}]
        steps = [
            {"type": "user_input", "content": [{"type": "text", "text": "(simulated)"}]},
            {"type": "model_output", "content": made},
        ]
        return {**_document(interaction_id, job, "completed"), "steps": steps, "usage": _tokens(job)["raw"]}

    def _film(self, job: Job, host: str) -> Body:
        if job.told.get("uri"):
            return {"uri": f"http://{host}{self._films.path(job)}"}
        return {"data": b64encode(mp4(job.width, job.height, job.seconds)).decode()}


def video_answer(ask: InteractionsAsk, serial: int) -> Iterator[TextStreamChunk | MultimodalStreamChunk]:
    """Yield a film in segments, and the end."""
    job = ask.video
    if job is None:
        raise ValueError("no video is asked for")
    segments = Segments(f"v1_sim_{serial}-video-0", MediaType.VIDEO, MediaMetadata(mime_type="video/mp4"))
    film = mp4(job.width, job.height, job.seconds)
    for place in range(0, len(film), _PIECE_BYTES):
        yield segments.next(film[place : place + _PIECE_BYTES])
    yield MultimodalStreamChunk(type="media", media_id=f"v1_sim_{serial}-video-0", media_type=MediaType.VIDEO)
    yield done("stop", usage=_tokens(job), usage_source="reported")


def _check(body: Body, form: Body, task: Any) -> None:
    for name, known in (("aspect_ratio", _RATIOS), ("resolution", _HEIGHTS), ("delivery", ("inline", "uri"))):
        if form.get(name) is not None and form[name] not in known:
            raise BadRequest(f"Invalid value for 'response_format.{name}'.", param=f"response_format.{name}")
    if task is not None and task not in _TASKS:
        raise BadRequest("Invalid value for 'generation_config.video_config.task'.", param="task")
    has_video = '"video"' in json.dumps(body.get("input")) or body.get("previous_interaction_id")
    if task in _ON_VIDEOS and not has_video:
        raise BadRequest(f"The task '{task}' needs a video.", param="input")


def _seconds(form: Body) -> int:
    given = form.get("duration")
    found = _DURATION.fullmatch(given) if isinstance(given, str) else None
    if given is not None and found is None:
        raise BadRequest("Invalid value for 'response_format.duration'.", param="response_format.duration")
    seconds = int(found[1]) if found else _USUAL_SECONDS
    if not _SHORTEST <= seconds <= _LONGEST:
        raise BadRequest(f"A video has {_SHORTEST} to {_LONGEST} seconds.", param="response_format.duration")
    return seconds


def _document(interaction_id: str, job: Job, status: str) -> Body:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    known = {"id": interaction_id, "object": "interaction", "model": job.model, "status": status}
    return {**known, "created": now, "updated": now}


def _tokens(job: Job) -> dict[str, Any]:
    words, film = 12, job.seconds * _TOKENS_PER_SECOND
    figures = {"total_input_tokens": words, "total_output_tokens": film, "total_tokens": words + film}
    return usage_of({**figures, "output_tokens_by_modality": [{"modality": "video", "tokens": film}]})
