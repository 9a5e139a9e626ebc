"""Files that a client uploads in pieces, under ``/upload/{version}/files`` (https://ai.google.dev/api/files).

Nothing of their bytes is kept. Videos are being processed for two looks; the display name ``fault:error.mp4`` makes
that fail. What is named of them must have been given, and not have expired after 48 hours: Google refuses the rest as
https://github.com/google-gemini/deprecated-generative-ai-python/issues/692 shows.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import msgspec

from ...given import Given, Ids
from ...nested import objects_in
from ...request import Request
from ...vendor import JSON, BadRequest, Path, Reply
from .films import Films

_KEPT_SECONDS: Final = 48 * 3600.0
"""https://ai.google.dev/gemini-api/docs/files"""
_LOOKS_OF_VIDEOS: Final = 2
_FAULT: Final = "fault:error"
_ADDRESS: Final = "https://generativelanguage.googleapis.com/v1beta/"
"""What Google's addresses of files begin with, whatever the host that a request went to."""
_NAMED: Final = re.compile(re.escape(_ADDRESS) + r"files/([A-Za-z0-9_-]+)")
_URIS: Final = ("fileUri", "file_uri", "uri")
"""Names under which a request has the address of a file; the last is that of Interactions."""
_STATUS: Final = "x-goog-upload-status"


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
    """Uploads and files, which all of Google's APIs share.

    Args:
        given: By the simulator.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self._uploads: Ids[_Upload] = given.ids("google.uploads")
        self._files: Ids[_File] = given.ids("google.files")
        self._films = Films(given)

    def paths(self) -> tuple[Path, ...]:
        """Return the addresses; pieces go to one that the answer to the beginning tells, which needs no key."""
        piece = Path("POST", "/upload/files/{upload_id}", self._more, is_public=True)
        return (piece, *(path for version in ("v1", "v1beta") for path in self._paths(version)))

    def _paths(self, version: str) -> tuple[Path, ...]:
        one = f"/{version}/files/{{file_id}}"
        return (
            Path("POST", f"/upload/{version}/files", self._begin),
            Path("GET", f"/{version}/files", self._list),
            Path("GET", f"{one}:download", self._films.film),
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
        self._uploads.give(upload_id, _Upload(int(size), mime_type, name))
        url = f"http://{headers['host']}/upload/files/{upload_id}"
        return Reply({}, (("x-goog-upload-url", url), (_STATUS, "active")))

    def _more(self, request: Request) -> Reply:
        upload = self._uploads.find(request.params["upload_id"])
        if upload is None:
            raise BadRequest("Upload has already been terminated.", status=404)
        if request.headers.get("x-goog-upload-offset") != str(upload.came):
            raise BadRequest(f"The upload goes on at offset {upload.came}.")
        upload.digest.update(request.body)
        upload.came += len(request.body)
        if "finalize" not in request.headers.get("x-goog-upload-command", ""):
            return Reply({}, ((_STATUS, "active"),))
        self._uploads.forget(request.params["upload_id"])
        if upload.came != upload.stated:
            raise BadRequest(f"{upload.stated} bytes were announced, and {upload.came} came.")
        return Reply({"file": _told(self._keep_file(upload))}, ((_STATUS, "final"),))

    def _keep_file(self, upload: _Upload) -> _File:
        file_id, now = f"sim{uuid4().hex[:12]}", self._given.clock()
        document = {
            "name": f"files/{file_id}",
            "displayName": upload.display_name,
            "mimeType": upload.mime_type,
            "sizeBytes": str(upload.came),
            "createTime": _stamp(now),
            "updateTime": _stamp(now),
            "sha256Hash": b64encode(upload.digest.digest()).decode(),
            "uri": f"{_ADDRESS}files/{file_id}",
            "source": "UPLOADED",
        }
        file = _File(document, _LOOKS_OF_VIDEOS if upload.mime_type.startswith("video/") else 0)
        ends = self._files.give(file_id, file, _KEPT_SECONDS, since=now) or 0.0
        file.document["expirationTime"] = _stamp(ends)
        return file

    def _known(self, request: Request) -> _File:
        file = self._files.find(request.params["file_id"])
        if file is None:
            raise _not_there(request.params["file_id"])
        return file

    def check(self, document: Any) -> None:
        """Check that the files which a request names are there; other addresses are not Google's to know.

        Raises:
            BadRequest: One is not.
        """
        for one in objects_in(document):
            for uri in (one[name] for name in _URIS if isinstance(one.get(name), str)):
                found = _NAMED.match(uri)
                if found is not None and not (self._files.knows(found[1]) or self._films.knows(found[1])):
                    raise _not_there(found[1])

    def _look(self, request: Request) -> JSON:
        if self._films.knows(request.params["file_id"]):
            return self._films.told(request.params["file_id"])
        file = self._known(request)
        file.looks = max(0, file.looks - 1)
        return _told(file)

    def _list(self, _request: Request) -> JSON:
        return {"files": [_told(file) for file in self._files]}

    def _delete(self, request: Request) -> JSON:
        self._known(request)
        self._files.forget(request.params["file_id"])
        return {}


def _told(file: _File) -> dict[str, Any]:
    """Return what Google tells of a file now."""
    if file.looks:
        return {**file.document, "state": "PROCESSING"}
    if file.document["displayName"].startswith(_FAULT):
        return {**file.document, "state": "FAILED", "error": {"code": 3, "message": "The file cannot be processed."}}
    return {**file.document, "state": "ACTIVE"}


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _not_there(file_id: str) -> BadRequest:
    why = f"You do not have permission to access the File {file_id:.40} or it may not exist."
    return BadRequest(why, status=403)
