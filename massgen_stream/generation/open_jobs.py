"""Jobs that a stream leaves behind: paid for, without their media, for `resume_media` to go on with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .job_handle import CANCELLED

_CUT: Final = (None, "error", "incomplete", "cancelled")
_ENDS: Final = (ChunkType.TURN_DONE, ChunkType.DONE)
_NEVER: Final = ("content_filter", "not_found")
"""Kinds of errors after which a job that is taken up again brings nothing either: withheld, or not kept any more."""


class OpenJobs:
    """Finds the jobs of one stream, which may have several sources.

    Laws:
        1. A job is open from its handle on, until its medium has come, or its vendor says that none will, or was told
           that nobody waits for it.
        2. It stays open where anything else failed: the download, the disk, a look at it, the patience of a caller
           whose vendor has no way to cancel.
    """

    def __init__(self) -> None:
        self._begun: list[_Begun] = []

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Take note of *chunk*."""
        if isinstance(chunk, MultimodalStreamChunk):
            self._take(chunk)
        elif isinstance(chunk, TextStreamChunk):
            if chunk.type is ChunkType.ERROR:
                self._fail(chunk)
            elif chunk.type in _ENDS and chunk.finish_reason not in _CUT:
                self._begun = [one for one in self._begun if one.source != chunk.source]

    def handles(self) -> list[Mapping[str, Any]]:
        """Return the handles of those that are open now, in the order of their beginnings."""
        return [one.handle for one in self._begun if one.failed or not one.has_come]

    def _take(self, chunk: MultimodalStreamChunk) -> None:
        place = (chunk.source, chunk.media_id)
        known = next((one for one in self._begun if (one.source, one.media_id) == place), None)
        if chunk.job is not None and chunk.job.get(CANCELLED):
            self._begun = [one for one in self._begun if one is not known]
        elif chunk.job is not None and known is None:
            self._begun.append(_Begun(*place, chunk.job))
        elif known is not None:
            known.handle = chunk.job or known.handle
            known.has_come = known.has_come or (chunk.type is ChunkType.MEDIA and not chunk.is_partial)

    def _fail(self, problem: TextStreamChunk) -> None:
        info = problem.error_info or {}
        of_source = [one for one in self._begun if one.source == problem.source]
        if info.get("job_ended") or info.get("kind") in _NEVER:
            self._begun = [one for one in self._begun if one not in of_source]
        for one in of_source:
            one.failed = True


class _Begun:
    """A job, and what has come of it."""

    def __init__(self, source: str | None, media_id: str | None, handle: Mapping[str, Any]) -> None:
        self.source, self.media_id, self.handle = source, media_id, handle
        self.has_come = self.failed = False
