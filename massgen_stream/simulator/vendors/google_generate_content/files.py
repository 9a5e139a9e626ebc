"""Files that a client uploads in pieces, under ``/upload/{version}/files`` (https://ai.google.dev/api/files).

Nothing of their bytes is kept. Videos are being processed for two looks; the display name ``fault:error.mp4`` makes
that fail.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import uuid4

import msgspec

from ...request import Request
from ...vendor import JSON, BadRequest, Path, Reply
from .films import Films, film_file, is_film

_MOST_KEPT: Final = 10_000
_KEPT_FOR: Final = timedelta(hours=48)
_LOOKS_OF_VIDEOS: Final = 2
_FAULT: Final = "fault:error"
_ADDRESS: Final = "https://generativelanguage.googleapis.com/v1beta/"
"""What Google's addresses of files begin with, whatever the host that a request went to."""
_STATUS: Final = "x-goog-upload-status"
Kept = TypeVar("Kept")


class _Upload(msgspec.Struct):
    """An upload under way.

    Attributes:
        stated: Its size, as it was begun.
        mime_type: As stated.
        display_name: As stated.
        came: Bytes so far.
        digest: Of them.
    """

    stated: int
    mime_type: str
    display_name: str
    came: int = 0
    digest: Any = msgspec.field(default_factory=hashlib.sha256)


class _File(msgspec.Struct):
    """A file that is there.

    Attributes:
        document: What Google tells of it, but for its state.
        looks: How often it is still being processed when somebody looks.
    """

    document: dict[str, Any]
    looks: int


class Files:
    """The latest uploads and files."""

    def __init__(self) -> None:
        self._uploads: OrderedDict[str, _Upload] = OrderedDict()
        self._files: OrderedDict[str, _File] = OrderedDict()
        self._films = Films()

    def paths(self) -> tuple[Path, ...]:
        """Return the addresses; pieces go to one that the answer to the beginning tells, which needs no key."""
        piece = Path("POST", "/upload/files/{upload_id}", self._more, is_public=True)
        return (piece, *(path for version in ("v1", "v1beta") for path in self._paths(version)))

    def _paths(self, version: str) -> tuple[Path, ...]:
        one = f"/{version}/files/{{file_id}}"
        return (
            Path("POST", f"/upload/{version}/files", self._begin),
            Path("GET", f"/{version}/files", self._list),
            Path("GET", f"{one}:download", film_file),
            Path("GET", one, self._look),
            Path("DELETE", one, self._delete),
        )

    def _begin(self, request: Request) -> Reply:
        headers = request.headers
        size = headers.get("x-goog-upload-header-content-length", "")
        if headers.get("x-goog-upload-protocol") != "resumable" or not size.isdecimal():
            raise BadRequest("Upload must begin with the resumable protocol, and state its size.")
        stated = request.json.get("file", {}) if isinstance(request.json, dict) else {}
        mime_type = headers.get("x-goog-upload-header-content-type") or stated.get("mimeType") or ""
        name = stated.get("displayName") or stated.get("display_name") or ""  # both are JSON forms of the message
        upload_id = uuid4().hex
        _keep(self._uploads, upload_id, _Upload(int(size), mime_type, name))
        url = f"http://{headers['host']}/upload/files/{upload_id}"
        return Reply({}, (("x-goog-upload-url", url), (_STATUS, "active")))

    def _more(self, request: Request) -> Reply:
        upload = self._uploads.get(request.params["upload_id"])
        if upload is None:
            raise BadRequest("Upload has already been terminated.", status=404)
        if request.headers.get("x-goog-upload-offset") != str(upload.came):
            raise BadRequest(f"The upload goes on at offset {upload.came}.")
        upload.digest.update(request.body)
        upload.came += len(request.body)
        if "finalize" not in request.headers.get("x-goog-upload-command", ""):
            return Reply({}, ((_STATUS, "active"),))
        del self._uploads[request.params["upload_id"]]
        if upload.came != upload.stated:
            raise BadRequest(f"{upload.stated} bytes were announced, and {upload.came} came.")
        return Reply({"file": _told(self._keep_file(upload))}, ((_STATUS, "final"),))

    def _keep_file(self, upload: _Upload) -> _File:
        file_id, now = f"sim{uuid4().hex[:12]}", datetime.now(UTC)
        document = {
            "name": f"files/{file_id}",
            "displayName": upload.display_name,
            "mimeType": upload.mime_type,
            "sizeBytes": str(upload.came),
            "createTime": now.isoformat(),
            "updateTime": now.isoformat(),
            "expirationTime": (now + _KEPT_FOR).isoformat(),
            "sha256Hash": b64encode(upload.digest.digest()).decode(),
            "uri": f"{_ADDRESS}files/{file_id}",
            "source": "UPLOADED",
        }
        file = _File(document, _LOOKS_OF_VIDEOS if upload.mime_type.startswith("video/") else 0)
        _keep(self._files, file_id, file)
        return file

    def _known(self, request: Request) -> _File:
        file = self._files.get(request.params["file_id"])
        if file is None:
            name = request.params["file_id"]
            raise BadRequest(
                f"You do not have permission to access the File {name:.40} or it may not exist.", status=403
            )
        return file

    def _look(self, request: Request) -> JSON:
        if is_film(request.params["file_id"]):
            return self._films.told(request.params["file_id"])
        file = self._known(request)
        file.looks = max(0, file.looks - 1)
        return _told(file)

    def _list(self, _request: Request) -> JSON:
        return {"files": [_told(file) for file in self._files.values()]}

    def _delete(self, request: Request) -> JSON:
        self._known(request)
        del self._files[request.params["file_id"]]
        return {}


def _told(file: _File) -> dict[str, Any]:
    """Return what Google tells of a file now."""
    if file.looks:
        return {**file.document, "state": "PROCESSING"}
    if file.document["displayName"].startswith(_FAULT):
        return {**file.document, "state": "FAILED", "error": {"code": 3, "message": "The file cannot be processed."}}
    return {**file.document, "state": "ACTIVE"}


def _keep(kept: OrderedDict[str, Kept], key: str, value: Kept) -> None:
    kept[key] = value
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
