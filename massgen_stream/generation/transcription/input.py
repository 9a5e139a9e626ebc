"""The recording that is transcribed, as a file of a form: read from disk while it is sent."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import IO, Any, Final, NamedTuple

from ...backend.media_input import size_bytes
from ...errors import MediaError, MediaOverLimit
from ...media.detection import HEAD_BYTES, detect
from ...media.origin import PathOrigin
from ...media.source import MediaSource
from ...media.worker_thread import in_thread, opened_in_thread
from ...provider.spec import MIB
from ...stream_chunk.kinds import MediaType

_ENDINGS: Final = {
    "audio/flac": "flac",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/opus": "ogg",
    "audio/vorbis": "ogg",
    "audio/wav": "wav",
    "audio/webm": "webm",
    "video/mp4": "mp4",
    "video/mpeg": "mpeg",
    "video/webm": "webm",
}
"""What OpenAI takes (https://developers.openai.com/api/docs/guides/speech-to-text), and the name that tells it so."""
_MOST_SAMPLE_BYTES: Final = 5 * MIB


class FormFile(NamedTuple):
    """A file of a form, in the order in which the SDK takes it.

    Attributes:
        filename: Made up; the user's own names are nobody's business.
        content: An open file, or bytes.
        mime_type: As its first bytes show.
    """

    filename: str
    content: IO[bytes] | bytes
    mime_type: str


class Recording:
    """A recording, to be sent as often as it is tried.

    A file is read anew each time, while it is sent; anything else is read once and kept, since it may not come twice.

    Args:
        source: What `MediaSource.of` takes.
        provider: For errors.
        max_bytes: Largest size.
        more_formats: What the vendor takes besides: MIME types, and the ending that tells it so.

    Raises:
        MediaError: It is nothing that can be read, or is over the limit.
    """

    def __init__(
        self,
        source: Any,
        provider: str,
        max_bytes: int,
        more_formats: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._source = MediaSource.of(source)
        self._endings = {**_ENDINGS, **more_formats}
        self._provider, self._max_bytes = provider, max_bytes
        self._data: bytes | None = None
        origin = self._source.origin
        self._file = origin if isinstance(origin, PathOrigin) else None
        known = self._source.size_bytes
        if self._file is not None:
            known = size_bytes({"path": self._file.path}, "source")
        self._check(known or 0)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[FormFile]:
        """Open it.

        Raises:
            MediaError: It cannot be read, is over the limit, or is nothing that the vendor takes.
        """
        if self._file is None:
            data = await self._kept()
            yield self._form_file(data[:HEAD_BYTES], data)
            return
        file, size = await opened_in_thread(self._file.opened, lambda found: found[0].close())
        with file:
            self._check(size)
            head = await in_thread(_head_of, file)
            yield self._form_file(head, file)

    async def _kept(self) -> bytes:
        if self._data is None:
            try:
                self._data = await self._source.read(self._max_bytes)
            except MediaOverLimit:
                raise self._too_large(f"more than {self._max_bytes:,}") from None
        return self._data

    def _form_file(self, head: bytes, content: IO[bytes] | bytes) -> FormFile:
        mime_type = detect(head, mime_type=self._source.mime_type, filename=self._source.filename).mime_type
        if mime_type not in self._endings:
            raise _unusable("the recording", mime_type, self._endings)
        return FormFile(f"recording.{self._endings[mime_type]}", content, mime_type)

    def _check(self, size: int) -> None:
        if size > self._max_bytes:
            raise self._too_large(f"{size:,}")

    def _too_large(self, size: str) -> MediaOverLimit:
        limit = f"{self._max_bytes / MIB:g} MB ({self._max_bytes:,} bytes)"
        help_ = "send it in parts, or as mp3; massgen_stream.media converts it"
        return MediaOverLimit(
            [f"the recording has {size} bytes, over the limit of {limit} of {self._provider}; {help_}"]
        )


def check_heard(head: bytes, source: MediaSource) -> None:
    """Check what goes to a model that takes anything.

    Args:
        head: The first bytes.
        source: What is said of it.

    Raises:
        MediaError: It is empty, or neither sound nor video.
    """
    found = detect(head, mime_type=source.mime_type, filename=source.filename)
    if found.kind not in (MediaType.AUDIO, MediaType.VIDEO):
        raise MediaError(f"the recording is {found.mime_type}, and neither sound nor video; send a recording")


async def sample_url(sample: Any) -> str:
    """Return the data URL of a sample of a voice.

    Raises:
        MediaError: It cannot be read, is too large, or is no recording.
    """
    source = MediaSource.of(sample)
    data = await source.read(_MOST_SAMPLE_BYTES)
    mime_type = detect(data[:HEAD_BYTES], mime_type=source.mime_type, filename=source.filename).mime_type
    if mime_type not in _ENDINGS:
        raise _unusable("a sample of a voice", mime_type, _ENDINGS)
    return f"data:{mime_type};base64,{base64.b64encode(data).decode()}"


def _unusable(what: str, mime_type: str, endings: Mapping[str, str]) -> MediaError:
    known = ", ".join(dict.fromkeys(endings.values()))
    return MediaError(f"{what} is {mime_type}, and not one of {known}; massgen_stream.media converts recordings")


def _head_of(file: IO[bytes]) -> bytes:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    return head
