"""Files that a client uploads, under ``/v1/files`` (https://platform.claude.com/docs/en/build-with-claude/files)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ...given import Given, Ids
from ...multipart import uploaded
from ...nested import objects_in
from ...request import Request
from ...vendor import JSON, BadRequest


class Files:
    """Files by id.

    Args:
        given: By the simulator.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self._files: Ids[dict[str, Any]] = given.ids("anthropic.files")

    def upload(self, request: Request) -> JSON:
        """Return the file as Anthropic tells of it.

        Raises:
            BadRequest: There is no file.
        """
        file, form = uploaded(request)
        now, lasts = self._given.clock(), form.get("expires_in_seconds")
        document: dict[str, Any] = {
            "id": file.file_id,
            "type": "file",
            "filename": file.filename,
            "mime_type": file.mime_type,
            "size_bytes": len(file.data),
            "created_at": _stamp(now),
            "expires_at": None,
            "downloadable": False,
        }
        ends = self._files.give(file.file_id, document, None if lasts is None else float(lasts), since=now)
        document["expires_at"] = None if ends is None else _stamp(ends)
        return document

    def delete(self, request: Request) -> JSON:
        """Return that a file is gone.

        Raises:
            BadRequest: There is no such file.
        """
        file_id = request.params["file_id"]
        if self._files.find(file_id) is None:
            raise _not_there(file_id)
        self._files.forget(file_id)
        return {"id": file_id, "type": "file_deleted"}

    def check(self, messages: Any) -> None:
        """Check that the files are there which messages name.

        Raises:
            BadRequest: One is not.
        """
        for one in objects_in(messages):
            file_id = one.get("file_id") if one.get("type") == "file" else None
            if isinstance(file_id, str) and not self._files.knows(file_id):
                raise _not_there(file_id)


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _not_there(file_id: str) -> BadRequest:
    return BadRequest(f"File not found: {file_id:.80}", status=404)
