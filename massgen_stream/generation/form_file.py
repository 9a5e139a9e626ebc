"""Input images as the files of a form."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..errors import MediaError, MediaOverLimit
from ..media.detection import HEAD_BYTES, detect
from ..media.source import MediaSource


class FormFile(NamedTuple):
    """A file of a form, in the order in which SDKs take it.

    Attributes:
        filename: Made up; the user's own names are nobody's business.
        data: Its bytes.
        mime_type: As its first bytes show.
    """

    filename: str
    data: bytes
    mime_type: str

    @property
    def data_url(self) -> str:
        """It as a URL that holds its bytes, for requests in JSON."""
        return f"data:{self.mime_type};base64,{b64encode(self.data).decode('ascii')}"


async def form_file(part: Any, where: str, name: str, *, takes: Sequence[str], most_bytes: int) -> FormFile:
    """Return the file for a medium, read whole.

    Args:
        part: What `MediaSource.of` takes.
        where: Its place in the request, for errors.
        name: Its file name, without an ending.
        takes: MIME types that the vendor takes.
        most_bytes: Largest size that it takes.

    Raises:
        MediaError: It cannot be read, is too large, or is nothing that the vendor takes.
    """
    try:
        data = await MediaSource.of(part).read(most_bytes)
    except MediaOverLimit:
        limit = f"{most_bytes / 2**20:g} MiB"
        raise MediaOverLimit([f"{where} is over the limit of {limit}; send a smaller one"]) from None
    mime_type = detect(data[:HEAD_BYTES]).mime_type
    if mime_type not in takes:
        known = ", ".join(takes)
        raise MediaError(f"{where} is {mime_type}, which is not one of {known}; massgen_stream.media converts it")
    return FormFile(f"{name}.{mime_type.partition('/')[2]}", data, mime_type)
