"""What a wire protocol could not hold."""

from __future__ import annotations

import msgspec


class Loss(msgspec.Struct, frozen=True):
    """One thing of a conversation that a request does not hold, or holds elsewhere.

    Attributes:
        where: Its place in the normal form, such as ``messages[2].content[0]``.
        what: What happened to what, such as ``video dropped``.
        why: The reason, with what to do where something can be done.
    """

    where: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.why}"
