"""Forms with files, as SDKs send them: RFC 7578."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from typing import Final, NamedTuple

_FORM: Final = "multipart/form-data"


class Field(NamedTuple):
    """One field of a form.

    Attributes:
        name: Its name.
        data: Its bytes.
        filename: Name of the file; None for a field that is no file.
        content_type: Type of the file, where it is stated.
    """

    name: str
    data: bytes
    filename: str | None = None
    content_type: str | None = None

    @property
    def text(self) -> str:
        """The bytes as text."""
        return self.data.decode("utf-8", "replace")


def is_form(content_type: str) -> bool:
    """Return whether a body of that type is a form."""
    return _header(content_type).get_content_type() == _FORM


def form_fields(content_type: str, body: bytes) -> Iterator[Field]:
    """Yield the fields of a form, in order.

    Raises:
        ValueError: It is none.
    """
    boundary = _header(content_type).get_boundary()
    if not is_form(content_type) or not boundary:
        raise ValueError("the body is no form")
    mark = b"\r\n--" + boundary.encode()
    parts = (b"\r\n" + body).split(mark)
    if len(parts) < 2 or not parts[-1].startswith(b"--"):  # noqa: PLR2004 - what is before the first mark, and the end
        raise ValueError("the form has no end")
    for part in parts[1:-1]:
        yield _field(part)


def _field(part: bytes) -> Field:
    head, gap, data = part.partition(b"\r\n\r\n")
    if not gap:
        raise ValueError("a field of the form has no head")
    headers = HeaderParser().parsestr(head.decode("utf-8", "replace").strip())
    name = headers.get_param("name", header="content-disposition")
    if not name:
        raise ValueError("a field of the form has no name")
    kind = headers.get("content-type")
    return Field(str(name), data, headers.get_filename(), None if kind is None else str(kind))


def _header(content_type: str) -> Message:
    message = Message()
    message["content-type"] = content_type
    return message
