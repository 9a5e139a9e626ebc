"""How a download is made."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import msgspec

from ..errors import MediaError, MediaMismatch, MediaOverLimit
from .mime_names import UNKNOWN, normal_mime


class FetchOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Limits and rules of a download.

    Attributes:
        max_bytes: Largest size; counted while the bytes come, whatever the server says.
        accept: MIME types that are wanted, such as ``("image/*",)``; empty: every type.
        check_type: Whether the first bytes must agree with the type that the server declares.
        allow_private: Whether addresses beyond the public internet may be reached: True, or their names, addresses and
            networks (``("localhost", "10.0.0.0/8")``). Redirects are held to the same.
        headers: Headers of the request; not sent on to another host that a redirect leads to.
        connect_timeout: Seconds for the connection.
        read_timeout: Seconds between two reads.
        total_timeout: Seconds for everything; None: no limit.
        max_redirects: Redirects that are followed.
        max_retries: Attempts in a row that may fail before one that brings bytes.
        first_delay_seconds: Wait before the first of them; doubled each time, up to eight seconds, at random less.
    """

    max_bytes: int = 2**31
    accept: tuple[str, ...] = ()
    check_type: bool = True
    allow_private: bool | tuple[str, ...] = False
    headers: Mapping[str, str] = {}
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    total_timeout: float | None = None
    max_redirects: int = 5
    max_retries: int = 4
    first_delay_seconds: float = 0.5

    def __post_init__(self) -> None:
        if self.max_bytes < 0 or self.max_redirects < 0 or self.max_retries < 0:
            raise MediaError("max_bytes, max_redirects and max_retries are 0 or more")
        given: tuple[object, ...] = (self.accept, self.allow_private)
        if any(isinstance(one, str) for one in given):
            raise MediaError("accept and allow_private are lists, such as ['image/*'], not one string")

    def check_size(self, size: int, url: str) -> None:
        """Refuse a size over the limit.

        Raises:
            MediaOverLimit: It is over `max_bytes`.
        """
        if size > self.max_bytes:
            raise MediaOverLimit([f"{url} has {size} bytes or more, over max_bytes {self.max_bytes}"])

    def check_declared(self, mime_type: str | None) -> None:
        """Refuse a type that is not wanted; a server that declares none may have it.

        Raises:
            MediaMismatch: It is none of `accept`.
        """
        declared = normal_mime(mime_type or UNKNOWN)
        if self.accept and declared != UNKNOWN and not self.accepts(declared):
            raise MediaMismatch(", ".join(self.accept), declared)

    def accepts(self, mime_type: str) -> bool:
        """Return whether a type is one of `accept`."""
        return not self.accept or any(fnmatchcase(mime_type, normal_mime(pattern)) for pattern in self.accept)
