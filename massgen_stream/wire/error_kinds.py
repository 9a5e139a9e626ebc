"""What a vendor's error object means: its kind, whether trying again may help, and its message.

Vendors agree on little. The kind is read from, in this order: the precise words of `code`, `type`, `status` and
`reason` (``context_length_exceeded``), the HTTP status, the vague words (``invalid_request_error``); a vague answer is
refined by the message, since servers report a full context as a plain 400.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..errors import excerpt
from .error_words import HINTS, KIND_OF_STATUS, KIND_OF_WORD, RETRYABLE_KINDS, RETRYABLE_STATUSES, VAGUE_WORDS, plain
from .scrub import scrub

MESSAGE_CHARACTERS: Final = 500
"""Bound of a message that a vendor wrote as a message; other text is shortened like any payload."""

_NO_TEXT: Final = "the provider sent an error without a message"
_DEPTH: Final = 6  # real errors nest three deep; the bound is against hostile input
_ITEMS: Final = 5  # faults of one request that are worth telling
_MESSAGE_KEYS: Final = (
    "message", "error", "detail", "error_message", "error_description", "msg", "errors", "err_msg", "title",
)  # fmt: skip
_WORD_KEYS: Final = ("code", "type", "status", "reason", "err_code", "category")
_STATUS_KEYS: Final = ("status_code", "raw_status_code", "status", "http_status", "code")
_REFINABLE: Final = frozenset({"invalid_request", "server", "unknown", "permission"})
_AGAIN_IN: Final = re.compile(r"(?:try again|retry) in ((?:\d+(?:\.\d+)?(?:ms|h|m|s))+)", re.IGNORECASE)
_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)", re.IGNORECASE)
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def error_info_of(error_object: object, *, status: int | None = None) -> dict[str, Any]:
    """Return what *error_object*, as a vendor sent it, means.

    Args:
        error_object: An error body or its inner object, decoded; a plain string; or None.
        status: The HTTP status, where there was one; otherwise a status inside the object counts.

    Returns:
        ``{"kind", "retryable"}`` and, where known, ``code``, ``status``, ``retry_after_seconds`` and ``raw`` (the
        whole object).
    """
    layers = list(_layers(error_object))
    status = next(_statuses(layers), None) if status is None else status
    kind = _kind(layers, status, _all_text(error_object))
    found = {
        "kind": kind,
        "code": _code(layers),
        "status": status,
        "retryable": kind in RETRYABLE_KINDS or (kind == "invalid_request" and status in RETRYABLE_STATUSES),
        "retry_after_seconds": _retry_after(layers, _message(error_object)),
        "raw": error_object,
    }
    return {key: value for key, value in found.items() if value is not None}


def error_message_of(error_object: object) -> str:
    """Return the vendor's message on one line, without anything that looks like a key.

    A message field keeps up to `MESSAGE_CHARACTERS`; other text, and objects without a message, 80 characters.
    """
    message = _message(error_object)
    if message and isinstance(error_object, Mapping | list):
        return _one_line(message) or _NO_TEXT
    return excerpt(scrub(message or str(error_object or _NO_TEXT))).strip() or _NO_TEXT


def _one_line(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * MESSAGE_CHARACTERS])
    text = scrub(" ".join(printable.split()))
    return text if len(text) <= MESSAGE_CHARACTERS else text[: MESSAGE_CHARACTERS - 1] + "…"


def _layers(error_object: object) -> Iterator[Mapping[Any, Any]]:
    """The error's own object, what wraps it (``{"error": {...}}``), Azure's `innererror` and Google's `details`."""
    outer: list[Mapping[Any, Any]] = []
    if isinstance(error_object, list) and len(error_object) == 1:
        error_object = error_object[0]  # as Google sends it where a stream was asked for
    while isinstance(error_object, Mapping) and len(outer) < _DEPTH:
        outer.append(error_object)
        inner = error_object.get("error")
        error_object = error_object.get("detail") if inner is None else inner  # as ElevenLabs wraps it
    yield from reversed(outer)
    for layer in outer:
        inner = layer.get("innererror")
        details = layer.get("details")
        for more in (inner, *(details[:_ITEMS] if isinstance(details, list) else ())):
            if isinstance(more, Mapping):
                yield more


def _statuses(layers: list[Mapping[Any, Any]]) -> Iterator[int]:
    for layer in layers:
        for key in _STATUS_KEYS:
            value = layer.get(key)
            if isinstance(value, str) and len(value) == 3 and value.isdecimal():  # noqa: PLR2004 - as in "503"
                value = int(value)
            if isinstance(value, int) and not isinstance(value, bool) and 400 <= value < 600:  # noqa: PLR2004 - HTTP
                yield value


def _kind(layers: list[Mapping[Any, Any]], status: int | None, text: str) -> str:
    words = [plain(w) for layer in layers for key in _WORD_KEYS if isinstance(w := layer.get(key), str)]
    precise = next((KIND_OF_WORD[word] for word in words if word in KIND_OF_WORD), None)
    if precise is not None:
        return precise
    vague = next((VAGUE_WORDS[word] for word in words if word in VAGUE_WORDS), None)
    kind = _kind_of_status(status) or vague or "unknown"
    if kind in _REFINABLE:
        return next((hinted for hinted, pattern in HINTS if pattern.search(text)), kind)
    return _quota_or(kind, text)


def _quota_or(kind: str, text: str) -> str:
    """A rate limit that waiting does not cure; several vendors tell it from others only in the message."""
    return "quota" if kind == "rate_limited" and dict(HINTS)["quota"].search(text) else kind


def _kind_of_status(status: int | None) -> str | None:
    if status is None or status < 400:  # noqa: PLR2004 - an error sent with 200 says nothing by its status
        return None
    return KIND_OF_STATUS.get(status) or ("server" if status >= 500 else "invalid_request")  # noqa: PLR2004 - HTTP


def _code(layers: list[Mapping[Any, Any]]) -> str | int | None:
    """The `code` of the error's own object: xAI's, beside an `error` of text, is a sentence and stays in `raw`."""
    own = layers[0] if layers else {}
    value = None if isinstance(own.get("error"), str) else own.get("code")
    if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
        return scrub(value) if isinstance(value, str) else value
    return None


def _retry_after(layers: list[Mapping[Any, Any]], message: str | None) -> float | None:
    """Google's ``retryDelay``, else the span in a message such as OpenAI's "Please try again in 1m2.5s"."""
    for layer in layers:
        delay = layer.get("retryDelay")
        if isinstance(delay, str) and (seconds := _seconds(delay)) is not None:
            return seconds
    again = _AGAIN_IN.search(message[: 4 * MESSAGE_CHARACTERS]) if message else None
    return _seconds(again[1]) if again else None


def _seconds(span: str) -> float | None:
    parts = _SPAN.findall(span)
    return round(sum(float(number) * _SECONDS[unit.lower()] for number, unit in parts), 3) if parts else None


def _message(value: object, depth: int = _DEPTH) -> str | None:
    """The first text under a key that holds messages; lists of faults are joined."""
    if isinstance(value, str):
        return value.strip() or None
    if not depth:
        return None
    if isinstance(value, list):
        texts = [text for item in value[:_ITEMS] if (text := _message(item, depth - 1))]
        return "; ".join(texts) or None
    if isinstance(value, Mapping):
        return next((text for key in _MESSAGE_KEYS if (text := _message(value.get(key), depth - 1))), None)
    return None


def _all_text(error_object: object) -> str:
    """Every text that may hint at the kind, in lower case: the message, and what OpenRouter's upstream said."""
    text = _message(error_object) or ""
    layers = _layers(error_object)
    upstream = (m.get("raw") for layer in layers if isinstance(m := layer.get("metadata"), Mapping))
    return " ".join([text, *(raw for raw in upstream if isinstance(raw, str))])[: 8 * MESSAGE_CHARACTERS].lower()
