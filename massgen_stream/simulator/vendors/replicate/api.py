"""Addresses, key and errors of Replicate's API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...bearer import bearer_token
from ...documents_vendor import DocumentsVendor
from ...given import Given
from ...scripts import Refuse
from ...vendor import JSON, Path
from .predictions import Predictions

PLACE: Final = "/replicate"
_TITLES: Final = {
    400: "Bad request", 401: "Unauthenticated", 402: "Payment required", 404: "Not found",
    422: "Input validation failed", 429: "Too many requests", 500: "Internal server error", 503: "Service unavailable",
}  # fmt: skip
_DETAILS: Final = {
    401: "You did not pass a valid authentication token",
    404: "The requested resource could not be found.",
    429: "Request was throttled. Your rate limit resets in ~1s.",
}


class PredictionsAPI(DocumentsVendor):
    """Predictions that are begun, looked at and canceled; it stands in a folder, since others have its paths too."""

    protocol = "replicate.predictions"
    names = ("replicate",)

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._predictions = Predictions(self.given, PLACE)

    def base_url(self, origin: str) -> str:
        """Return the address with the folder."""
        return f"{origin}{PLACE}"

    def paths(self) -> tuple[Path, ...]:
        """Return the addresses; what was made is behind the last one."""
        made = self._predictions
        return (
            Path("POST", f"{PLACE}/v1/predictions", made.begun),
            Path("POST", f"{PLACE}/v1/models/{{owner}}/{{name}}/predictions", made.begun),
            Path("GET", f"{PLACE}/v1/predictions/{{prediction_id}}", made.so_far),
            Path("POST", f"{PLACE}/v1/predictions/{{prediction_id}}/cancel", made.canceled),
            Path("POST", f"{PLACE}/v1/files", made.uploaded),
            Path("GET", f"{PLACE}/v1/files/{{file_id}}", made.file),
            Path("DELETE", f"{PLACE}/v1/files/{{file_id}}", made.deleted_file),
            Path("GET", f"{PLACE}/media/{{name}}", made.made, is_public=True),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token."""
        return bearer_token(headers)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:  # noqa: ARG002 - no place for it
        """Return ``{"title", "detail", "status"}`` (https://www.rfc-editor.org/rfc/rfc9457)."""
        title = _TITLES.get(refuse.status, "Error")
        detail = refuse.message or _DETAILS.get(refuse.status, title)
        return {"title": title, "detail": detail, "status": refuse.status}
