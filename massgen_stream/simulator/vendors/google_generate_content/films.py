"""Videos that Google has made and put among its user's files."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from ...answers.film import mp4
from ...given import Given, Ids
from ...media_jobs import Job
from ...request import Request
from ...vendor import JSON, BadRequest, File

_KEPT_SECONDS: Final = 48 * 3600.0
"""As other files: https://ai.google.dev/gemini-api/docs/files"""


class Films:
    """Films by the ids of their files: at the first look one is still being processed.

    Args:
        given: By the simulator.
    """

    def __init__(self, given: Given) -> None:
        self._films: Ids[Job] = given.ids("google.films")
        self._seen: Ids[bool] = given.ids("google.films.seen")

    def path(self, job: Job) -> str:
        """Return the path from which the film of a job is downloaded."""
        file_id = job.told.get("file_id")
        if file_id is None:
            file_id = job.told["file_id"] = f"film-{uuid4().hex[:12]}"
            self._films.give(file_id, job, _KEPT_SECONDS)
        return f"/v1beta/files/{file_id}:download?alt=media"

    def knows(self, file_id: str) -> bool:
        """Return whether a file is a film."""
        return self._films.find(file_id) is not None

    def told(self, file_id: str) -> JSON:
        """Return what Google tells of a film now."""
        state = "ACTIVE" if self._seen.find(file_id) else "PROCESSING"
        self._seen.give(file_id, True)
        return {"name": f"files/{file_id}", "mimeType": "video/mp4", "state": state, "source": "GENERATED"}

    def film(self, request: Request) -> File:
        """Return a film.

        Raises:
            BadRequest: There is none of that name.
        """
        job = self._films.find(request.params["file_id"])
        if job is None:
            raise BadRequest("Only generated files can be downloaded.")
        return File(mp4(job.width, job.height, job.seconds), "video/mp4")
