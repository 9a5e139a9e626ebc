"""Ids for what the vendor gave none."""

from __future__ import annotations


class Minting:
    """Makes ids that are unique in the response and, by the response's id or the prefix, beyond it.

    Args:
        prefix: Put before every id.

    Attributes:
        response_id: Id of the response; set before the first id is made.
    """

    def __init__(self, prefix: str) -> None:
        self.response_id = ""
        self._prefix = prefix
        self._counts: dict[str, int] = {}

    def another(self, kind: str) -> str:
        """Return an id that was not returned before."""
        number = self._counts[kind] = self._counts.get(kind, -1) + 1
        return self.of(kind, number)

    def of(self, kind: str, place: object) -> str:
        """Return the id of the thing at *place*, the same every time."""
        return f"{self._prefix}{self.response_id or 'response'}-{kind}-{place}"
