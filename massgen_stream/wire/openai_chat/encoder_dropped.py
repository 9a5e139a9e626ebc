"""Events with a field of an unusable type: a reader of the encoded stream drops it too, and says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .usage import FIGURES

Data = dict[str, Any]
_NOT_A_NUMBER: Final = float("nan")
_TOP: Final = (
    "id", "model", "created", "system_fingerprint", "service_tier", "provider", "usage", "x_groq", "citations",
    "search_results", "prompt_filter_results",
)  # fmt: skip
_CHOICE: Final = ("index", "finish_reason", "native_finish_reason", "logprobs", "usage", "content_filter_results")
_DELTA: Final = ("annotations", "executed_tools", "reasoning_details", "extra_content")
_CALL: Final = ("index", "id", "type", "extra_content")


def _in_delta(delta: Data) -> Data:
    return {"choices": [{"index": 0, "delta": delta}]}


def _events() -> Iterator[tuple[str, Data]]:
    """Yield each path with its event; no field has the type bool, so false is unusable everywhere."""
    yield from ((name, {"choices": [], name: False}) for name in _TOP)
    yield from ((f"choices.{name}", {"choices": [{name: False}]}) for name in _CHOICE)
    yield from ((f"delta.{name}", _in_delta({name: False})) for name in _DELTA)
    yield from ((f"tool_calls.{name}", _in_delta({"tool_calls": [{name: False}]})) for name in _CALL)
    yield "audio.id", _in_delta({"audio": {"id": False}})
    yield "delta.content", _in_delta({"content": [{"type": "text", "text": "", "score": _NOT_A_NUMBER}]})
    for path in FIGURES:
        usage: Any = False
        for name in reversed(path):
            usage = {name: usage}
        yield "usage." + ".".join(path), {"choices": [{"index": 0, "delta": {}}], "usage": usage}


_EVENTS: Final[Mapping[str, Data]] = dict(_events())


def dropped_event(path: str) -> Data | None:
    """Return an event whose field at *path* is dropped; None if there is no such field."""
    return _EVENTS.get(path)
