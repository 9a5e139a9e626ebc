"""Ids and names of models as parts of an address."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from ..errors import ConfigurationError, excerpt

_ENDING: Final = re.compile(r"[?#%\\\x00-\x1f]")
"""What ends a path, or stands for something else in one."""
_MOVING: Final = ("", ".", "..")
"""Segments that lead elsewhere, quoted or not (https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4)."""


def is_address_segment(text: str) -> bool:
    """Return whether a text can stand in a path, and leads nowhere else."""
    return text not in _MOVING


def address_segment(text: object, what: str = "id") -> str:
    """Return a text as one segment of a path, quoted.

    Args:
        text: What comes from outside: a vendor's id, or one that the caller gives.
        what: What it is, for the error.

    Raises:
        ConfigurationError: It is no text, or it would lead elsewhere.
    """
    if not isinstance(text, str) or not is_address_segment(text):
        raise ConfigurationError(f"the {what} {excerpt(text)!r} cannot stand in an address")
    return quote(text, safe="", errors="surrogatepass")


def checked_path(text: object, what: str) -> str:
    """Return a name of several segments as it is, for an SDK that puts it into an address without quoting it.

    Raises:
        ConfigurationError: It is no text, would lead elsewhere, or holds what ends a path.
    """
    if not isinstance(text, str) or _ENDING.search(text) or not all(map(is_address_segment, text.split("/"))):
        raise ConfigurationError(f"the {what} {excerpt(text)!r} cannot stand in an address")
    return text
