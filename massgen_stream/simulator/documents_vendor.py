"""APIs whose answers are documents and files."""

from __future__ import annotations

from .ask import Ask
from .vendor import JSON, Vendor
from .wiring import Wiring

_UNSTREAMED = "nothing of this API streams"


class DocumentsVendor(Vendor):
    """An API that streams nothing: its handlers return `Result` and `File`."""

    def response_id(self, serial: int) -> str:
        """Return an id; no answer has a place for it."""
        return f"sim-{serial}"

    def wiring(self, created: int) -> Wiring:  # noqa: ARG002 - never called
        """Refuse: see the class."""
        raise TypeError(_UNSTREAMED)

    def whole(self, stream: bytes, ask: Ask) -> JSON:  # noqa: ARG002 - the same
        """Refuse: see the class."""
        raise TypeError(_UNSTREAMED)
