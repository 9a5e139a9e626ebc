"""What `offload` writes where it took a medium out, and `inline` reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

MARK: Final = "offloaded"
"""The field, of a chunk or of a media part in a message."""
CONTAINERS: Final = ("complete_message", "attachments", "content")
"""Fields that may hold media parts; what is opaque to us (`provider_data`, `response`) stays as it is."""


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a medium was held, and what is in the store.

    Attributes:
        checksum: ``sha256:<hex>``, its name in the store.
        size_bytes: Its size there.
        encoding: How the chunk held it, or under which key the part did; None: neither said.
        whole: True at the final of a medium in segments, which held nothing and now refers to all of it.
    """

    checksum: str
    size_bytes: int
    encoding: str | None = None
    whole: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


def mark_in(owner: Mapping[str, Any] | None) -> Mark | None:
    """Return the mark of a chunk's unknown fields, or of a part; None when there is none, or it is not ours."""
    try:
        return msgspec.convert(owner[MARK], Mark) if owner and MARK in owner else None
    except msgspec.ValidationError:
        return None
