"""The options that every backend takes besides those of its vendor: time limits, retries, source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Self

import msgspec

from ..errors import ConfigurationError

READ_TIMEOUT_SECONDS = 600.0
"""As long as the vendors' own SDKs wait; a model may think for minutes before its first byte."""


class StreamLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Options of one stream. Every limit counts only time spent waiting for the vendor: a slow reader trips none.

    Attributes:
        connect_timeout: Seconds to open a connection; None: no limit.
        first_chunk_timeout: Seconds from sending a request to its first chunk.
        read_timeout: Seconds between two reads, and until the response begins.
        total_timeout: Seconds for the whole stream, retries included.
        max_retries: Further attempts after the first.
        retry_budget: Seconds within which a further attempt must begin.
        source: Put on every chunk that has no source.
    """

    connect_timeout: float | None = 10.0
    first_chunk_timeout: float | None = None
    read_timeout: float | None = READ_TIMEOUT_SECONDS
    total_timeout: float | None = None
    max_retries: int = 2
    retry_budget: float = 30.0
    source: str | None = None

    def taking(self, options: Mapping[str, Any]) -> tuple[Self, dict[str, Any]]:
        """Return these limits changed by what *options* says of them, and the options that are left.

        Raises:
            ConfigurationError: A limit has the wrong type or sign.
        """
        ours = {name: value for name, value in options.items() if name in self.__struct_fields__}
        for name, value in ours.items():
            _check(name, value)
        rest = {name: value for name, value in options.items() if name not in ours}
        return (msgspec.structs.replace(self, **ours) if ours else self), rest


def _check(name: str, value: object) -> None:
    if name == "source":
        wrong = not isinstance(value, str | None)
        wanted = "a string or None"
    elif name == "max_retries":
        wrong = not isinstance(value, int) or isinstance(value, bool) or value < 0
        wanted = "a whole number, 0 or more"
    elif name == "retry_budget":
        wrong = not _is_seconds(value) or value < 0  # type: ignore[operator]  # _is_seconds has looked
        wanted = "a number of seconds, 0 or more"
    else:
        wrong = value is not None and (not _is_seconds(value) or value <= 0)  # type: ignore[operator]  # the same
        wanted = "a number of seconds above 0, or None for no limit"
    if wrong:
        raise ConfigurationError(f"{name} must be {wanted}, not {value!r}")


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
