"""How a Messages stream ends on the wire, well or badly."""

from __future__ import annotations

from typing import Any, Final

from ...stream_chunk.text import TextStreamChunk
from .encoder_losses import UNSAID
from .events import TYPES
from .fields import Data
from .finish import DETAILS, RAW_WORDS, UNSTATED
from .usage import raw_of

_BROKEN_OFF: Final = frozenset(("error", "incomplete", "cancelled"))
"""Ends without a ``message_stop``."""

_OTHER_TYPES: Final = tuple(TYPES - {"error"})
"""What an error is not: its `type` may be a word that nobody knows, or no word at all."""

_BESIDE_DELTA: Final = frozenset(("context_management", "input_transformations"))
_WORD_OF_KIND: Final = {
    "authentication": "authentication_error",
    "permission": "permission_error",
    "not_found": "not_found_error",
    "invalid_request": "invalid_request_error",
    "context_length": "invalid_request_error",
    "rate_limited": "rate_limit_error",
    "quota": "billing_error",
    "overloaded": "overloaded_error",
    "timeout": "timeout_error",
}
"""Claude's words for kinds of errors: https://platform.claude.com/docs/en/api/errors."""


def error_event(chunk: TextStreamChunk) -> Data:
    """Return the event of a vendor's error: its own if there is one."""
    info = chunk.error_info or {}
    raw = info.get("raw")
    if isinstance(raw, dict) and raw.get("type") not in _OTHER_TYPES:
        return raw
    word = _WORD_OF_KIND.get(str(info.get("kind")), "api_error")
    return {"type": "error", "error": {"type": word, "message": chunk.error}}


class Ending:
    """The end of one message.

    Args:
        losses: Gets a line for each thing that cannot be said.

    Attributes:
        identity: Id and model that ``message_start`` has told.
    """

    def __init__(self, losses: list[str]) -> None:
        self.identity: Data = {"id": "", "model": ""}
        self._losses = losses
        self._fields: Data = {}

    def take(self, response: Data) -> None:
        """Take the message's own fields, which ``message_delta`` will tell."""
        for name, value in response.items():
            if name not in self.identity:
                self._fields[name] = value
            elif value != self.identity[name]:
                self._losses.append(f"complete_response.{name}: {UNSAID}")

    def events(self, chunk: TextStreamChunk, stops: list[Data]) -> list[Data]:
        """Return the events for `done`; *stops* are those of the blocks that are still open."""
        broken_off = chunk.finish_reason in _BROKEN_OFF
        said = self._message_delta(chunk)
        events = [said] if not broken_off or _says_anything(said) else []
        return events if broken_off else [*stops, *events, {"type": "message_stop"}]

    def _message_delta(self, chunk: TextStreamChunk) -> Data:
        details = chunk.finish_details or {}
        word = chunk.raw_finish_reason
        if word is None and not details.get(UNSTATED):
            word = RAW_WORDS.get(chunk.finish_reason or "")
        self._losses += [f"done.finish_details[{n}]: {UNSAID}" for n in details if n not in (*DETAILS, UNSTATED)]
        told: dict[str, Any] = {"stop_reason": word, "stop_sequence": None}
        told |= {name: details[name] for name in DETAILS if name in details}
        told |= {name: value for name, value in self._fields.items() if name not in _BESIDE_DELTA}
        beside = {name: value for name, value in self._fields.items() if name in _BESIDE_DELTA}
        return {"type": "message_delta", "delta": told, "usage": raw_of(chunk.usage) if chunk.usage else {}, **beside}


def _says_anything(event: Data) -> bool:
    told = event["delta"]
    return any(told[name] is not None for name in told) or bool(event["usage"]) or event.keys() & _BESIDE_DELTA != set()
