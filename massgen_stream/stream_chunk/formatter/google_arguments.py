"""Arguments of calls, as both of Google's APIs want them: an object.

https://ai.google.dev/api/caching#FunctionCall, https://ai.google.dev/gemini-api/docs/interactions
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from .loss import Loss
from .neutral import Part


def arguments_of(part: Part, where: str, losses: list[Loss]) -> dict[str, Any]:
    """Return the arguments of a call as an object; what is none is wrapped, and told."""
    if part["kind"] == "custom":
        losses.append(Loss(where, "text wrapped as argument `input`", "a call of Gemini has an object of arguments"))
        return {"input": part["arguments"]}
    found = loaded(part["arguments"]) if part["arguments"] else {}
    if isinstance(found, dict):
        return found
    losses.append(Loss(where, "arguments wrapped", "they are no JSON object, and a call of Gemini has one"))
    return {"invalid_arguments": part["arguments"]}


def loaded(text: str) -> Any:
    """Return the JSON value that *text* is; None where it is none."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
