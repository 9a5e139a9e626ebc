"""Files that a client uploads, under ``/v1/files`` (https://platform.openai.com/docs/api-reference/files)."""

from __future__ import annotations

from typing import Final

from ...multipart import known_id, uploaded
from ...request import Request
from ...vendor import JSON, BadRequest

_PURPOSES: Final = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
_CREATED: Final = 1_700_000_000


def upload(request: Request) -> JSON:
    """Return the file as OpenAI tells of it.

    Raises:
        BadRequest: There is no file, or no purpose that OpenAI has.
    """
    file, form = uploaded(request)
    purpose = form.get("purpose", "")
    if purpose not in _PURPOSES:
        raise BadRequest(f"'{purpose}' is not one of {list(_PURPOSES)} - 'purpose'", param="purpose")
    lasts = form.get("expires_after[seconds]")
    return {
        "id": file.file_id,
        "object": "file",
        "bytes": len(file.data),
        "created_at": _CREATED,
        "expires_at": None if lasts is None else _CREATED + int(lasts),
        "filename": file.filename,
        "purpose": purpose,
        "status": "processed",
        "status_details": None,
    }


def delete(request: Request) -> JSON:
    """Return that a file is gone.

    Raises:
        BadRequest: There is no such file.
    """
    return {"id": known_id(request), "object": "file", "deleted": True}
