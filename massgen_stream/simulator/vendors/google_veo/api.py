"""Addresses of Veo: long-running operations of its models."""

from __future__ import annotations

from ...given import Given, Ids
from ...media_jobs import Jobs
from ...request import Request
from ...vendor import Path, Result
from ..google_generate_content.api import CLOUD_PREFIXES, GenerateContentAPI
from .filming import begun, so_far


class VeoAPI(GenerateContentAPI):
    """Videos of Veo models; key and errors are those of Google's other models."""

    protocol = "google.veo"
    names = ()

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._jobs = Jobs(self.given.ids("google.operations"))
        self._written: Ids[str] = self.given.ids("google.written")

    def paths(self) -> tuple[Path, ...]:
        """Return the two methods of a model under each prefix of Google Cloud."""
        return tuple(
            Path("POST", f"{prefix}/{{model:path}}:{method}", handle)
            for prefix in CLOUD_PREFIXES
            for method, handle in (("predictLongRunning", self._begin), ("fetchPredictOperation", self._look))
        )

    def _begin(self, request: Request) -> Result:
        return begun(request, self._jobs, self._written)

    def _look(self, request: Request) -> Result:
        return so_far(request, self._jobs, self._written)
