"""Fields of a request's JSON body, checked as Google's servers check them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...vendor import BadRequest

Body = Mapping[str, Any]

_REQUEST: Final = frozenset((
    "cachedContent", "contents", "continuationToken", "generationConfig", "labels", "model", "modelArmorConfig",
    "safetySettings", "serviceTier", "store", "systemInstruction", "toolConfig", "tools",
))  # fmt: skip
"""https://ai.google.dev/api/generate-content#request-body"""
_CONFIG: Final = frozenset((
    "audioTimestamp", "audioTranscriptionConfig", "candidateCount", "enableEnhancedCivicAnswers", "frequencyPenalty",
    "imageConfig", "logprobs", "maxOutputTokens", "mediaResolution", "modelConfig", "presencePenalty",
    "responseJsonSchema", "responseLogprobs", "responseMimeType", "responseModalities", "responseSchema",
    "routingConfig", "seed", "speechConfig", "stopSequences", "temperature", "thinkingConfig", "topK", "topP",
))  # fmt: skip
"""https://ai.google.dev/api/generate-content#generationconfig"""


def without_unknown(body: Body) -> dict[str, Any]:
    """Return *body* in the names of JSON; its objects may have those of protocol buffers as well.

    Raises:
        BadRequest: A field is unknown, which Google's servers refuse.
    """
    found = _named(body, _REQUEST, "")
    config = object_at(found, "generationConfig")
    return {**found, "generationConfig": _named(config, _CONFIG, " at 'generation_config'")}


def object_at(body: Body, name: str) -> Body:
    """Return an object in the names of JSON; an empty one where it is missing.

    Raises:
        BadRequest: It is no object.
    """
    value = body.get(name)
    if not isinstance(value, dict | None):
        raise _wrong(name, value)
    return camelled(value or {})


def camelled(value: Body) -> dict[str, Any]:
    """Return an object with its own fields in the names of JSON: ``mime_type`` becomes ``mimeType``."""
    return {_camel(name): item for name, item in value.items()}


def number_at(body: Body, name: str, most: int | None = None) -> int | None:
    """Return a number of at least 1; None where it is missing.

    Raises:
        BadRequest: It is no such number.
    """
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1 or (most is not None and value > most):
        raise _wrong(name, value)
    return value


def texts_at(body: Body, name: str) -> tuple[str, ...]:
    """Return a list of texts; an empty one where it is missing.

    Raises:
        BadRequest: It is none.
    """
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _wrong(name, value)
    return tuple(value)


def _named(body: Body, known: frozenset[str], where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in body.items():
        camel = _camel(name)
        if camel not in known:
            message = f'Invalid JSON payload received. Unknown name "{name[:40]}"{where}: Cannot find field.'
            raise BadRequest(message, param=name)
        if value is not None:
            found[camel] = value
    return found


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _wrong(name: str, value: object) -> BadRequest:
    return BadRequest(f"Invalid value at '{name}': {str(value)[:40]!r}", param=name)
