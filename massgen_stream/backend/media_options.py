"""The options that say what becomes of media on their way to a model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final, Self

import msgspec

from ..errors import ConfigurationError

REFUSE: Final = "refuse"
FIT: Final = "fit"
UPLOAD: Final = "upload"
POLICIES: Final = (REFUSE, FIT, UPLOAD)


class MediaOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend may do with media before it sends them.

    Attributes:
        media_policy: What becomes of media that are over the provider's limit: ``upload``: they are uploaded to the
            provider, where it keeps files, and sent by their id; ``fit``: they are shrunk and encoded again, and what
            they lose is told; ``refuse``. What cannot be done is refused too.
        allow_private_media: Whether URLs that are fetched here may lead beyond the public internet: True, or the names,
            addresses and networks that may be reached (``("localhost", "10.0.0.0/8")``).
        media_cache: Folder where media that were made to fit are kept, for the next turns of a conversation; True: that
            of `massgen_stream.media.MediaCache`.
    """

    media_policy: str = UPLOAD
    allow_private_media: bool | tuple[str, ...] = False
    media_cache: bool | str = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return what *options* say of media; None says nothing.

        Raises:
            ConfigurationError: One of them has a value that it cannot have.
        """
        given = {name: options[name] for name in cls.__struct_fields__ if options.get(name) is not None}
        if given.get("media_policy", UPLOAD) not in POLICIES:
            raise ConfigurationError(f"media_policy must be refuse, fit or upload, not {given['media_policy']!r}")
        allowed = given.get("allow_private_media", False)
        if isinstance(allowed, list | tuple) and all(isinstance(entry, str) for entry in allowed):
            given["allow_private_media"] = tuple(allowed)
        elif not isinstance(allowed, bool):
            raise ConfigurationError("allow_private_media must be true, or a list of names, addresses and networks")
        folder = given.get("media_cache", False)
        if isinstance(folder, os.PathLike):
            given["media_cache"] = os.fsdecode(folder)
        elif not isinstance(folder, bool | str) or folder == "":
            raise ConfigurationError("media_cache must be true, or the path of a folder")
        return cls(**given)
