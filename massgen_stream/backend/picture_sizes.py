"""Pixels of images on their way to a model: read from the heads of their files, at the call."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..errors import MediaOverLimit
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter.media import unbroken
from ..stream_chunk.multimodal import MediaMetadata
from .base64_file import Base64File
from .media_input import Message, Part, asked_parts, kind_of

if TYPE_CHECKING:
    from ..media.limits import MediaLimits
    from ..media.picture_heads import Size

_MOST_BROKEN: Final = 256 * 1024
"""Characters of base64 in lines that are looked through for a size; in a single line any place is found at once."""
_UNKNOWN: Final = "application/octet-stream"


class PictureLimits(NamedTuple):
    """What one request may have.

    Attributes:
        limits: Of each image.
        receiver: Who has them, and where they hold.
        advice: What to do about an image that is over.
    """

    limits: MediaLimits
    receiver: str
    advice: str

    @classmethod
    def of(cls, provider: ProviderSpec, messages: Sequence[Message]) -> PictureLimits | None:
        """Return those that *provider* has for the images of *messages*; None: it states none."""
        stated = provider.image_pixels
        images = 0 if stated is None else sum(kind_of(part) == "image" for _, _, part in asked_parts(messages))
        if stated is None or not images:
            return None
        from ..media.limits import MediaLimits  # noqa: PLC0415 - only where there are images

        limits = MediaLimits(max_long_edge=stated.side_among(images), max_pixels=stated.area)
        if stated.are_many(images):
            receiver = f"{provider.name} for more than {stated.many} images"
            return cls(limits, receiver, "send fewer or smaller ones, or pass media_policy='fit'")
        return cls(limits, provider.name, "send a smaller one, or pass media_policy='fit'")

    def breach(self, part: Part) -> str | None:
        """Return which limit an image does not keep; None: none that is known."""
        from ..media.limits import breaches  # noqa: PLC0415 - the same

        size = picture_size(part)
        if size is None:
            return None
        found = breaches(MediaMetadata(mime_type=_UNKNOWN, width=size[0], height=size[1]), self.limits, "image")
        return f"{found[0]} of {self.receiver}; {self.advice}" if found else None

    def check(self, part: Part, where: str) -> None:
        """Check one image.

        Raises:
            MediaOverLimit: It is over a limit; names figure and value.
        """
        found = self.breach(part)
        if found is not None:
            raise MediaOverLimit([f"{where}: {found}"])


def check_pixels(messages: Sequence[Message], limits: PictureLimits | None) -> None:
    """Check the pixels of all images whose bytes are at hand; those that are fetched are looked at when they are there.

    Args:
        messages: Messages in normal form.
        limits: Of each image; None: there are none.

    Raises:
        MediaOverLimit: An image is over a limit.
    """
    if limits is None:
        return
    for _, where, part in asked_parts(messages):
        if kind_of(part) == "image":
            limits.check(part, where)


def picture_size(part: Mapping[str, Any]) -> Size | None:
    """Return the pixels of an image; None: only its receiver will know, or it cannot be read, as others will tell."""
    from ..media.picture_heads import stored_size  # noqa: PLC0415 - the same

    if "data" in part:
        return stored_size(io.BytesIO(part["data"]))
    if "base64" in part:
        return _of_base64(part["base64"])
    if "path" not in part:
        return None
    try:
        with open(part["path"], "rb") as file:  # noqa: PTH123 - takes every kind of path
            return stored_size(file)
    except OSError:
        return None


def _of_base64(text: str) -> Size | None:
    from ..media.picture_heads import stored_size  # noqa: PLC0415 - the same

    try:
        return stored_size(Base64File(unbroken(text, _MOST_BROKEN)))
    except ValueError:
        return None
