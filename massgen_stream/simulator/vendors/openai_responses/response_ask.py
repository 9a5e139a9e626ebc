"""What a Responses request asks for, beside what every request may."""

from __future__ import annotations

from typing import Any

import msgspec

from ...ask import Ask


class ResponseAsk(Ask, frozen=True):
    """One request.

    Attributes:
        hosted: Tools that the vendor runs, or that the client must answer, as the request has them.
        custom: Names of the custom tools.
        summary: Whether the reasoning is to be summed up; else nothing of it is shown.
        include: What the answer shall hold besides the usual.
        stored: Whether OpenAI keeps the response, so that it can be named again.
        echo: Fields of the request that the response repeats.
    """

    hosted: tuple[dict[str, Any], ...] = ()
    custom: frozenset[str] = frozenset()
    summary: bool = False
    include: tuple[str, ...] = ()
    stored: bool = True
    echo: dict[str, Any] = msgspec.field(default_factory=dict)
