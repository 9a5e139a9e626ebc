"""xAI's service for files; nothing of their bytes is kept, and an id tells what they were."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from ...request import Request
from ...vendor import JSON, BadRequest, Rpc

_MOST_FILES: Final = 10_000
_LIFETIMES: Final = (3600, 30 * 86_400)
"""Seconds: https://docs.x.ai/developers/rest-api-reference/files/upload"""


class Files:
    """The latest files, by id."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, dict[str, Any]] = OrderedDict()

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
        now = datetime.now(UTC)
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
        self._files[file_id] = found
        while len(self._files) > _MOST_FILES:
            self._files.popitem(last=False)
        return found

    def _file(self, request: Request) -> JSON:
        return self._files[self._known(request)]

    def _list(self, _request: Request) -> JSON:
        return {"data": list(self._files.values())}

    def _delete(self, request: Request) -> JSON:
        file_id = self._known(request)
        del self._files[file_id]
        return {"id": file_id, "deleted": True}

    def _known(self, request: Request) -> str:
        file_id = str((request.json or {}).get("file_id", ""))
        if file_id not in self._files:
            raise BadRequest(f"No file with id '{file_id:.80}'.", status=404)
        return file_id


def _stamp(time: datetime) -> str:
    """Return a ``google.protobuf.Timestamp`` in its JSON form."""
    return time.isoformat().replace("+00:00", "Z")
