"""Files that a client uploads, under ``/v1/files`` (https://platform.openai.com/docs/api-reference/files)."""

from __future__ import annotations

from typing import Any, Final

from ...given import Given, Ids
from ...multipart import uploaded
from ...request import Request
from ...vendor import JSON, BadRequest

_PURPOSES: Final = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")


class Files:
    """Files by id, which all of OpenAI's APIs share.

    Args:
        given: By the simulator.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self._files: Ids[dict[str, Any]] = given.ids("openai.files")

    def upload(self, request: Request) -> JSON:
        """Return the file as OpenAI tells of it.

        Raises:
            BadRequest: There is no file, or no purpose that OpenAI has.
        """
        file, form = uploaded(request)
        purpose = form.get("purpose", "")
        if purpose not in _PURPOSES:
            raise BadRequest(f"'{purpose}' is not one of {list(_PURPOSES)} - 'purpose'", param="purpose")
        now, lasts = int(self._given.clock()), form.get("expires_after[seconds]")
        document: dict[str, Any] = {
            "id": file.file_id,
            "object": "file",
            "bytes": len(file.data),
            "created_at": int(self._given.clock()),
            "expires_at": None,
            "filename": file.filename,
            "purpose": purpose,
            "status": "processed",
            "status_details": None,
        }
        ends = self._files.give(file.file_id, document, None if lasts is None else float(lasts), since=now)
        document["expires_at"] = None if ends is None else int(ends)
        return document

    def told(self, request: Request) -> JSON:
        """Return a file as OpenAI tells of it.

        Raises:
            BadRequest: There is no such file.
        """
        file = self._files.find(request.params["file_id"])
        if file is None:
            raise _not_there(request.params["file_id"], "id")
        return file

    def delete(self, request: Request) -> JSON:
        """Return that a file is gone.

        Raises:
            BadRequest: There is no such file.
        """
        file_id = self.told(request)["id"]
        self._files.forget(file_id)
        return {"id": file_id, "object": "file", "deleted": True}

    def check(self, file_id: object, param: str) -> None:
        """Check that a file is there which a request names.

        Raises:
            BadRequest: It is not, so OpenAI answers as to a request for the file itself.
        """
        if isinstance(file_id, str) and not self._files.knows(file_id):
            raise _not_there(file_id, param)


def _not_there(file_id: str, param: str) -> BadRequest:
    return BadRequest(f"No such File object: {file_id:.80}", param=param, status=404, code="file_not_found")
