"""Files that a client uploads, under ``/v1/files`` (https://platform.claude.com/docs/en/build-with-claude/files)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from ...multipart import known_id, uploaded
from ...request import Request
from ...vendor import JSON

_CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC)


def upload(request: Request) -> JSON:
    """Return the file as Anthropic tells of it.

    Raises:
        BadRequest: There is no file.
    """
    file, form = uploaded(request)
    lasts = form.get("expires_in_seconds")
    return {
        "id": file.file_id,
        "type": "file",
        "filename": file.filename,
        "mime_type": file.mime_type,
        "size_bytes": len(file.data),
        "created_at": _CREATED.isoformat(),
        "expires_at": None if lasts is None else (_CREATED + timedelta(seconds=int(lasts))).isoformat(),
        "downloadable": False,
    }


def delete(request: Request) -> JSON:
    """Return that a file is gone.

    Raises:
        BadRequest: There is no such file.
    """
    return {"id": known_id(request), "type": "file_deleted"}
