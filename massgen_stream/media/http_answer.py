"""What the head of an HTTP response says of the medium behind it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from ..errors import BrokenMedia
from .address_rules import shown_url

_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.IGNORECASE)
REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_BUSY: Final = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Statuses after which the same request may do better (https://www.rfc-editor.org/rfc/rfc9110#section-15)."""
_LONGEST_WAIT_SECONDS: Final = 60.0


class HttpAnswer(msgspec.Struct, frozen=True):
    """The head of a response.

    Attributes:
        url: The address that answered.
        status: Its status.
        headers: Its headers, names in lower case; of a repeated one the last.
    """

    url: str
    status: int
    headers: Mapping[str, str]

    @classmethod
    def of(cls, url: str, status: int, headers: Iterable[tuple[bytes, bytes]]) -> HttpAnswer:
        """Return the answer for raw headers."""
        return cls(url, status, {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers})

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""
        return self.headers.get("location") if self.status in REDIRECTS else None

    @property
    def is_busy(self) -> bool:
        """Whether the server may answer later."""
        return self.status in _BUSY

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the server asks to wait, in seconds or until a date."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdecimal() and len(said) < 6:  # noqa: PLR2004 - a day has 86400 seconds
            return float(said)
        try:
            return min(_LONGEST_WAIT_SECONDS, max(0.0, parsedate_to_datetime(said).timestamp() - time.time()))
        except ValueError:
            return None

    @property
    def mime_type(self) -> str | None:
        """The declared type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower() or None

    @property
    def filename(self) -> str | None:
        """The name that the server gives, else the last part of the address; never with a folder."""
        message = Message()
        message["content-disposition"] = self.headers.get("content-disposition", "")
        name = message.get_filename() or unquote(urlsplit(self.url).path)
        return re.split(r"[/\\]", name)[-1].strip(". \x00")[:255] or None

    @property
    def validator(self) -> str | None:
        """What names this very version of the medium; a weak tag does not (RFC 9110, section 13.1.5)."""
        tag = self.headers.get("etag", "")
        return tag if tag.startswith('"') else None

    @property
    def size_bytes(self) -> int | None:
        """Size of the whole medium, where the server tells."""
        if self.status == 206:  # noqa: PLR2004 - Partial Content
            return self.content_range()[1]
        length = self.headers.get("content-length", "").strip()
        return int(length) if length.isdecimal() and len(length) <= 18 else None  # noqa: PLR2004 - as in _RANGE

    def content_range(self) -> tuple[int, int | None]:
        """Return the first byte of a part and the size of the whole.

        Raises:
            BrokenMedia: The header is missing or makes no sense.
        """
        found = _RANGE.fullmatch(self.headers.get("content-range", "").strip())
        if found is None:
            raise BrokenMedia(f"{shown_url(self.url)} answered with a part and does not say which")
        return int(found[1]), None if found[3] == "*" else int(found[3])

    def check_encoding(self) -> None:
        """Refuse a body that is compressed though none was asked for: its parts could not be told apart.

        Raises:
            BrokenMedia: It is.
        """
        encoding = self.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("", "identity"):
            raise BrokenMedia(
                f"{shown_url(self.url)} answered in content-encoding {encoding[:20]!r}, which was not asked for"
            )
