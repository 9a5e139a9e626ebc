"""What only xAI's requests ask for."""

from __future__ import annotations

from ...ask import Ask


class GrokAsk(Ask, frozen=True):
    """One request of a chat.

    Attributes:
        encrypted: Whether reasoning is wanted in its encrypted form too.
        stored: Whether the response can be continued by its id.
        include: What else of the tools that xAI runs is wanted, in the names of its enum.
    """

    encrypted: bool = False
    stored: bool = False
    include: tuple[str, ...] = ()
