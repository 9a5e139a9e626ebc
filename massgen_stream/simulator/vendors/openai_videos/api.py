"""Addresses, key and errors of the Videos APIs: the fields of a request tell for whose it is, then ids do."""

from __future__ import annotations

from collections.abc import Mapping

from ...documents_vendor import DocumentsVendor
from ...given import Given
from ...media_jobs import Jobs
from ...openai_errors import bearer_key, openai_refusal
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, File, Path, Result
from ..openai_responses.files import Files
from . import routed, routed_models, sora
from .characters import Characters
from .film import film_of


class VideosAPI(DocumentsVendor):
    """Videos that are made, changed and extended, under ``/v1/videos``."""

    protocol = "openai.videos"

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._jobs = Jobs(self.given.ids("openai.videos"), sora.LIFETIME_SECONDS)
        self._routed = Jobs(self.given.ids("openrouter.videos"))
        self._characters, self._files = Characters(self.given), Files(self.given)

    def base_url(self, origin: str) -> str:
        """Return the address with ``/v1``."""
        return f"{origin}/v1"

    def paths(self) -> tuple[Path, ...]:
        """Return the addresses; two hosts share those of jobs, and one has a list of models."""
        return (
            Path("POST", "/v1/videos", self._begin),
            Path("GET", "/v1/videos/models", routed_models.listed),
            Path("GET", "/v1/videos/{video_id}", self._look),
            Path("GET", "/v1/videos/{video_id}/content", self._content),
            Path("DELETE", "/v1/videos/{video_id}", self._delete),
            Path("POST", "/v1/videos/edits", self._edit),
            Path("POST", "/v1/videos/extensions", self._extend),
            Path("POST", "/v1/videos/{video_id}/remix", self._remix),
            Path("POST", "/v1/videos/characters", self._characters.made),
            Path("GET", "/v1/videos/characters/{character_id}", self._characters.told),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token, or Azure's ``api-key``."""
        return bearer_key(headers)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"error": {"message", "type", "param", "code"}}``."""
        return openai_refusal(refuse, param)

    def _begin(self, request: Request) -> Result:
        is_json = isinstance(request.json, dict) and request.json.keys().isdisjoint(sora.FIELDS)
        if is_json:
            return routed.begun(request, self._routed)
        self._characters.check(request)
        return sora.begun(request, self._jobs, self._files)

    def _look(self, request: Request) -> Result:
        video_id = request.params["video_id"]
        if video_id.startswith(routed.PREFIX):
            return routed.so_far(video_id, self._routed, request)
        return sora.so_far(video_id, self._jobs)

    def _content(self, request: Request) -> File:
        video_id = request.params["video_id"]
        jobs = self._routed if video_id.startswith(routed.PREFIX) else self._jobs
        return film_of(jobs.at(video_id), request)

    def _delete(self, request: Request) -> Result:
        return sora.deleted(request, self._jobs)

    def _edit(self, request: Request) -> Result:
        return sora.edited(request, self._jobs)

    def _extend(self, request: Request) -> Result:
        return sora.extended(request, self._jobs)

    def _remix(self, request: Request) -> Result:
        return sora.remixed(request, self._jobs)
