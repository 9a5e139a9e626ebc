"""Addresses, key and errors of the Interactions API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.text import TextStreamChunk
from ...ask import Again, Ask, numbered_after
from ...bearer import bearer_token
from ...given import Given
from ...media_jobs import Job, Jobs
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, BadRequest, Path, Result, Vendor
from ...wiring import Wiring
from ..google_generate_content.files import Files
from ..google_generate_content.films import Films
from .answering import default_answer
from .asking import read_ask
from .filming import Filming
from .interactions_wiring import InteractionsWiring
from .whole import whole_interaction

_EVENT: Final = re.compile(rb'"event_id":"sim-(\d{1,15})"')
_LAST: Final = re.compile(r"sim-(\d{1,15})")
KEPT_SECONDS: Final = 55 * 86_400.0
"""As long as Google keeps interactions that are paid for: https://ai.google.dev/gemini-api/docs/interactions"""
_WORDS: Final = {
    400: "invalid_request",
    401: "unauthenticated",
    403: "permission_denied",
    404: "not_found",
    409: "aborted",
    429: "rate_limit_exceeded",
    499: "cancelled",
    503: "unavailable",
    504: "deadline_exceeded",
}
_MESSAGES: Final = {
    401: "API key not valid. Please pass a valid API key.",
    403: "The caller does not have permission",
    404: "The interaction or model is not found.",
    429: "You exceeded your current quota. Please retry later.",
    503: "The model is overloaded. Please try again later.",
}
_PREFIXES: Final = (
    "/v1",
    "/v1beta",
    "/v1beta1",
    "/v1/projects/{project}/locations/{location}",
    "/v1beta1/projects/{project}/locations/{location}",
)
"""The Developer API, and Google Cloud in express mode and with a project."""


class InteractionsAPI(Vendor):
    """Interactions, made, read again from any event, cancelled and deleted."""

    protocol = "google.interactions"
    content_type = "text/event-stream"
    end_mark = b"event: done\ndata: [DONE]\n\n"
    key_header = "x-goog-api-key"

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._files = Files(self.given)
        self._jobs = Jobs(self.given.ids("google.interactions"), KEPT_SECONDS)
        self._filming = Filming(self._jobs, Films(self.given))

    def base_url(self, origin: str) -> str:
        """Return the bare address, to which Google's SDK adds the version."""
        return origin

    def paths(self) -> tuple[Path, ...]:
        """Return the methods under each prefix; what is whole is cancelled by doing nothing."""
        return tuple(
            Path(method, f"{prefix}/interactions{rest}", handle)
            for prefix in _PREFIXES
            for method, rest, handle in (
                ("POST", "", self._interaction),
                ("GET", "/{interaction_id}", self._again),
                ("POST", "/{interaction_id}/cancel", self._cancelled),
                ("DELETE", "/{interaction_id}", self._deleted),
            )
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the key in Google's header, or the token of Google Cloud."""
        return headers.get(self.key_header) or bearer_token(headers)

    def response_id(self, serial: int) -> str:
        """Return an id like Google's."""
        return f"v1_sim_{serial}"

    def wiring(self, created: int) -> Wiring:
        """Return the encoder of one answer."""
        return InteractionsWiring(created)

    def note(self, ask: Ask, chunk: BaseStreamChunk) -> None:
        """Note an interaction that is stored."""
        if ask.kept and isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.START and chunk.response_id:
            self._jobs.ids.give(chunk.response_id, chunk.response_id, KEPT_SECONDS)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return the default answer with summaries of thoughts, pictures, and what Google's own tools did."""
        return default_answer(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:  # noqa: ARG002 - the stream tells the model
        """Return an ``Interaction``."""
        return whole_interaction(stream)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:  # noqa: ARG002 - the message names it
        """Return ``{"error": {"code", "message"}}``."""
        usual = "An internal error has occurred." if refuse.status >= 500 else "The request was refused."  # noqa: PLR2004
        word = _WORDS.get(refuse.status, "internal" if refuse.status >= 500 else "invalid_request")  # noqa: PLR2004
        error: dict[str, Any] = {"code": refuse.code or word}
        return {"error": {**error, "message": refuse.message or _MESSAGES.get(refuse.status, usual)}}

    def _interaction(self, request: Request) -> Ask | Result:
        if not isinstance(request.json, dict):
            raise BadRequest("Invalid JSON payload received. An object is expected.")
        ask = read_ask(request.json)
        previous = request.json.get("previous_interaction_id")
        if previous is not None:
            self._check(str(previous))
        self._files.check(request.json.get("input"))
        if ask.video is None or not ask.background or ask.stream:
            return ask
        return self._filming.begun(ask.video, previous)

    def _again(self, request: Request) -> Again | Result:
        return self._filming.so_far(request) if self._is_job(request) else _again(request)

    def _cancelled(self, request: Request) -> Again | Result:
        return self._filming.cancelled(request) if self._is_job(request) else _whole_again(request)

    def _deleted(self, request: Request) -> JSON:
        self._check(request.params["interaction_id"])
        self._jobs.ids.forget(request.params["interaction_id"])
        return {}

    def _is_job(self, request: Request) -> bool:
        """Return whether the interaction is a video in the making; else its answer is kept.

        Raises:
            BadRequest: It was not given, was deleted or has expired.
        """
        self._check(request.params["interaction_id"])
        return isinstance(self._jobs.ids.find(request.params["interaction_id"]), Job)

    def _check(self, interaction_id: str) -> None:
        # https://github.com/googleapis/python-genai/issues/2985: 404, not_found
        if not self._jobs.ids.knows(interaction_id):
            raise BadRequest(f"The interaction '{interaction_id:.80}' is not found.", status=404)


def _again(request: Request) -> Again:
    interaction_id = request.params["interaction_id"]
    if request.query.get("stream") != "true":
        return Again(interaction_id, stream=False)
    last = request.query.get("last_event_id", "")
    if not last:
        return Again(interaction_id)
    found = _LAST.fullmatch(last)
    if found is None:
        raise BadRequest("Invalid value for 'last_event_id': no such event.", param="last_event_id")
    return Again(interaction_id, is_new=numbered_after(_EVENT, int(found[1])))


def _whole_again(request: Request) -> Again:
    return Again(request.params["interaction_id"], stream=False)
