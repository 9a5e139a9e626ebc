"""Which media of a conversation must be fetched or made to fit before they can be sent; found out at the call."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from ..errors import MissingExtra, PrivateAddress, UnreachableMedia
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import Formatter
from ..stream_chunk.formatter.mime import mime_of_name
from ..stream_chunk.formatter.neutral import SOURCES
from .media_input import Message, Part, Place, asked_parts, file_type, kind_of, media_parts, size_bytes
from .media_options import FIT, UPLOAD, MediaOptions
from .picture_sizes import PictureLimits
from .requirements import missing_extras

_LIBRARIES: Final = {"image": "PIL", "audio": "av", "video": "av"}
"""What makes media of a kind fit; documents cannot be made smaller."""
_STAND_INS: Final = {"image": "image/png", "audio": "audio/wav", "video": "video/mp4", "document": "application/pdf"}


class MediaTask(NamedTuple):
    """What is to be done with one medium.

    Attributes:
        where: Its place, for errors.
        part: It, in normal form.
        kind: Image, audio, video or document.
        max_bytes: The provider's limit; None: it states none.
        types: MIME types that can be sent; None: any.
        fits: Whether it may be shrunk and encoded again.
        upload_bytes: Up to which size it may be uploaded where it is over the limit; None: it may not.
        allow_private: As `MediaOptions.allow_private_media`.
        cache: As `MediaOptions.media_cache`.
        pixels: The provider's limits of images; None: it states none, or the medium is something else.
    """

    where: str
    part: Part
    kind: str
    max_bytes: int | None
    types: tuple[str, ...] | None
    fits: bool
    upload_bytes: int | None
    allow_private: bool | tuple[str, ...]
    cache: bool | str = False
    pixels: PictureLimits | None = None

    @property
    def url(self) -> str | None:
        """The URL that is fetched; None where the bytes are at hand."""
        return self.part.get("url")

    @property
    def filename(self) -> str | None:
        """Its name: the one that was given, else the last part of the URL."""
        name: str | None = self.part.get("filename")
        return name or (urlsplit(self.url).path.rpartition("/")[2] or None if self.url else None)

    @property
    def bare(self) -> Part:
        """The part without its source."""
        return {name: value for name, value in self.part.items() if name not in SOURCES}

    def takes(self, mime_type: str | None) -> bool:
        """Return whether a medium of this type can be sent; one that is not known may."""
        return self.types is None or mime_type is None or mime_type.partition(";")[0].strip().lower() in self.types

    def stand_in(self) -> Part:
        """Return a part with no bytes that formats as the medium will, as far as that can be known."""
        if self.upload_bytes is not None and self.url is None:
            return {**self.bare, "file_id": "files/to-be-uploaded"}  # as Google's ids are; others take any
        known = self.part.get("mime_type") or mime_of_name(self.filename or "")
        is_likely = self.kind == "document" or (known or "").startswith(f"{self.kind}/")
        if known is None or not is_likely or not self.takes(known):
            known = self.types[0] if self.types else _STAND_INS[self.kind]
        return {**self.bare, "data": b"", "mime_type": known}


def media_tasks(
    messages: Sequence[Message],
    formatter: Formatter[Any],
    provider: ProviderSpec,
    options: MediaOptions,
    pixels: PictureLimits | None = None,
) -> dict[Place, MediaTask]:
    """Return what is to be done with media besides reading files, by the place of the part.

    Args:
        messages: Messages in normal form.
        formatter: Of the wire protocol.
        provider: Its limits count.
        options: What may be done.
        pixels: Limits of images; None: there are none.

    Raises:
        MissingExtra: It needs a library that is not installed.
        UnreachableMedia: A URL can never be fetched.
        MediaError: A file cannot be read.
    """
    found: dict[Place, MediaTask] = {}
    asked = {place for place, _, _ in asked_parts(messages)}
    for place, where, part in media_parts(messages):
        task = _task(where, part, formatter, provider, options)
        task = task._replace(pixels=pixels) if task.kind == "image" and place in asked else task
        if place in asked and _is_fetched(part, formatter, provider):
            _check_url(task)
            found[place] = task
        elif task.fits and _needs_fitting(task):
            _require_fitting(task.kind)
            found[place] = task
        elif task.upload_bytes is not None and task.max_bytes is not None:
            size = size_bytes(part, where)
            if size is not None and task.max_bytes < size <= task.upload_bytes:
                found[place] = task
    return found


def _task(
    where: str, part: Part, formatter: Formatter[Any], provider: ProviderSpec, options: MediaOptions
) -> MediaTask:
    kind = kind_of(part)
    return MediaTask(
        where,
        part,
        kind,
        provider.input_media.get(kind),
        formatter.image_types if kind == "image" else None,
        options.media_policy == FIT and kind in _LIBRARIES,
        provider.uploads.get(kind) if options.media_policy == UPLOAD else None,
        options.allow_private_media,
        options.media_cache,
    )


def _is_fetched(part: Part, formatter: Formatter[Any], provider: ProviderSpec) -> bool:
    if not part.get("url", "").lower().startswith(("http://", "https://")):
        return False
    is_taken = provider.reads_urls or kind_of(part) not in provider.input_media
    return not (is_taken and formatter.takes_url(part))


def _needs_fitting(task: MediaTask) -> bool:
    size = size_bytes(task.part, task.where)
    if size is None:
        return False
    is_over = task.max_bytes is not None and size > task.max_bytes
    is_over = is_over or (task.pixels is not None and task.pixels.breach(task.part) is not None)
    given: str | None = task.part.get("mime_type")
    return is_over or not task.takes(given or ("path" in task.part and file_type(task.part["path"])) or None)


def _require_fitting(kind: str) -> None:
    if missing_extras({_LIBRARIES[kind]: "media"}):
        raise MissingExtra(f"media_policy='fit' for {kind}", "media")


def _check_url(task: MediaTask) -> None:
    """Refuse at the call what no download would bring; where names lead is known, and checked, when they are read."""
    if missing_extras({"httpcore2": "media"}):
        raise MissingExtra(f"fetching a URL of {task.kind}", "media")
    from ..media.address_rules import AddressRules, checked_url  # noqa: PLC0415 - only where it is needed

    try:
        host = urlsplit(checked_url(task.url or "")).hostname or ""
    except UnreachableMedia as problem:
        raise UnreachableMedia(f"{task.where}: {problem}") from None
    if _is_address(host) and not AddressRules(task.allow_private).allows(host, host):
        raise PrivateAddress(host, host, option="allow_private_media", where=task.where)


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
