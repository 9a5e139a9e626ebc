"""What a request of the Interactions API says of the conversation."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

Wire = dict[str, Any]
PROTOCOL: Final = "google.interactions"

OUTPUT: Final = "model_output"
INPUT: Final = "user_input"
THOUGHT: Final = "thought"
CALL: Final = "function_call"
RESULT: Final = "function_result"

UNSIGNED: Final = "unsigned"
"""Key of the data of a thought that was sent without a signature, and goes back so."""


class InteractionsPayload(NamedTuple):
    """The two fields of a request that hold messages: https://ai.google.dev/api/interactions-api.

    Attributes:
        input: Steps in order; `parse_messages` also takes a text, contents, or one of either.
        system_instruction: A text; None where there is none.
    """

    input: Any
    system_instruction: str | None = None
