"""xAI's files: those of its service, and media that were stored; nothing of their bytes is kept."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import uuid4

from ...given import Given, Ids
from ...nested import objects_in
from ...request import Request
from ...vendor import JSON, BadRequest, Rpc

_LIFETIMES: Final = (3600, 30 * 86_400)
"""Seconds: https://docs.x.ai/developers/rest-api-reference/files/upload"""


class Files:
    """Files by id.

    Args:
        given: By the simulator.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self._files: Ids[dict[str, Any]] = given.ids("xai.files")

    def rpcs(self, module: str) -> tuple[Rpc, ...]:
        """Return the methods of ``xai_api.Files``."""
        rpc = partial(Rpc, module=module)
        return (
            rpc(
                "/xai_api.Files/UploadFile",
                self._upload,
                request="files_pb2.UploadFileChunk",
                response="files_pb2.File",
                gathers=True,
            ),
            *(
                rpc(f"/xai_api.Files/{method}", handle, request=f"files_pb2.{method}Request", response=response)
                for method, handle, response in (
                    ("RetrieveFile", self._file, "files_pb2.File"),
                    ("ListFiles", self._list, "files_pb2.ListFilesResponse"),
                    ("DeleteFile", self._delete, "files_pb2.DeleteFileResponse"),
                )
            ),
        )

    def _upload(self, request: Request) -> JSON:
        first, *pieces = request.json or [{}]
        if "init" not in first or any("data" not in piece for piece in pieces):
            raise BadRequest("An upload is one init chunk, and then data.")
        data = b"".join(b64decode(piece["data"]) for piece in pieces)
        now = datetime.fromtimestamp(self._given.clock(), UTC)
        seconds = None
        file_id = f"file_sim_{hashlib.sha256(data).hexdigest()[:16]}"
        found: dict[str, Any] = {
            "id": file_id,
            "filename": first["init"].get("name", ""),
            "size": str(len(data)),
            "created_at": _stamp(now),
        }
        if "expires_after" in first["init"]:
            seconds = int(first["init"]["expires_after"])
            if not _LIFETIMES[0] <= seconds <= _LIFETIMES[1]:
                raise BadRequest(f"expires_after must be between {_LIFETIMES[0]} and {_LIFETIMES[1]} seconds.")
            found["expires_at"] = _stamp(now + timedelta(seconds=seconds))
        self._files.give(file_id, found, seconds)
        return found

    def store(self, filename: str, seconds: int | None = None) -> dict[str, Any]:
        """Return the ``FileOutput`` of a medium that is stored under a name, for ever or for so long."""
        file_id = f"file_sim_{uuid4().hex[:16]}"
        now = datetime.fromtimestamp(self._given.clock(), UTC)
        ends = {} if seconds is None else {"expires_at": _stamp(now + timedelta(seconds=seconds))}
        known = {"filename": filename, **ends}
        self._files.give(file_id, {"id": file_id, "size": "0", "created_at": _stamp(now), **known}, seconds)
        return {"file_id": file_id, **known}

    def check(self, document: Any) -> None:
        """Check that the files which a request names are there.

        Raises:
            BadRequest: One is not.
        """
        for one in objects_in(document):
            file_id = one.get("file_id")
            if file_id and not self._files.knows(str(file_id)):
                raise _not_there(str(file_id))

    def _file(self, request: Request) -> JSON:
        return self._known(request)

    def _list(self, _request: Request) -> JSON:
        return {"data": list(self._files)}

    def _delete(self, request: Request) -> JSON:
        file_id = self._known(request)["id"]
        self._files.forget(file_id)
        return {"id": file_id, "deleted": True}

    def _known(self, request: Request) -> dict[str, Any]:
        file_id = str((request.json or {}).get("file_id", ""))
        file = self._files.find(file_id)
        if file is None:
            raise _not_there(file_id)
        return file


def _not_there(file_id: str) -> BadRequest:
    return BadRequest(f"No file with id '{file_id:.80}'.", status=404)


def _stamp(time: datetime) -> str:
    """Return a ``google.protobuf.Timestamp`` in its JSON form."""
    return time.isoformat().replace("+00:00", "Z")
