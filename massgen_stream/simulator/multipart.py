"""Files that a client uploads: a form with one file (RFC 7578). Nothing of their bytes is kept."""

from __future__ import annotations

from hashlib import sha256
from typing import Final, NamedTuple

from .forms import form_fields
from .request import Request
from .vendor import BadRequest

_PREFIX: Final = "file-sim-"


class Uploaded(NamedTuple):
    """A file that came.

    Attributes:
        file_id: Its id, made of its bytes.
        filename: Its name.
        mime_type: As stated.
        data: Its bytes.
    """

    file_id: str
    filename: str
    mime_type: str
    data: bytes


def uploaded(request: Request) -> tuple[Uploaded, dict[str, str]]:
    """Return the file, and the other fields of its form.

    Raises:
        BadRequest: There is none.
    """
    try:
        fields = list(form_fields(request.headers.get("content-type", ""), request.body))
    except ValueError as problem:
        raise BadRequest(f"Could not parse multipart form: {problem}.") from None
    file = next((field for field in fields if field.name == "file" and field.filename is not None), None)
    if file is None:
        raise BadRequest("Missing required parameter: 'file'.", param="file", code="missing_required_parameter")
    file_id = f"{_PREFIX}{sha256(file.data).hexdigest()[:16]}"
    found = Uploaded(file_id, file.filename or "", file.content_type or "application/octet-stream", file.data)
    return found, {field.name: field.text for field in fields if field.filename is None}
