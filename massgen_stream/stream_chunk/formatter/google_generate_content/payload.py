"""What a request of ``generateContent`` says of the conversation."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

Wire = dict[str, Any]
PROTOCOL: Final = "google.generate_content"


class GenerateContentPayload(NamedTuple):
    """The two fields of a request that hold messages: https://ai.google.dev/api/generate-content#request-body.

    Attributes:
        contents: ``{"role": "user" | "model", "parts": […]}`` in order.
        system_instruction: ``{"parts": […]}``; None where there is none.
    """

    contents: list[Wire]
    system_instruction: Wire | None = None
