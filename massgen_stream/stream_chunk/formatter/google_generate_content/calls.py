"""Calls of the client's tools, and their answers.

https://ai.google.dev/api/caching#FunctionCall, https://ai.google.dev/api/caching#FunctionResponse
"""

from __future__ import annotations

import json
from typing import Any, Final

from ..call import json_text
from ..google_arguments import arguments_of, loaded
from ..loss import Loss
from ..neutral import Part
from ..provider_data import merged
from .payload import Wire

CALL: Final = "functionCall"
RESPONSE: Final = "functionResponse"
SIGNATURE: Final = "thoughtSignature"
STAND_IN: Final = "skip_thought_signature_validator"
"""Google's own word for a call that another model made: https://ai.google.dev/gemini-api/docs/thought-signatures#faqs"""

RESULT: Final = "result"
ERROR: Final = "error"
_NO_NAME: Final = "unknown"
_SEPARATORS: Final = ((", ", ": "), (",", ":"))


def call_part(part: Part, own: Wire, where: str, losses: list[Loss]) -> Wire:
    """Return the wire part of a call."""
    call_id = own.pop("id", part["id"])
    name = part["name"] or _NO_NAME
    if not part["name"]:
        losses.append(Loss(where, f"name {_NO_NAME!r} made up", "the model gave none, and Gemini refuses such a call"))
    said = {"id": call_id} if call_id else {}
    return merged({CALL: {**said, "name": name, "args": arguments_of(part, where, losses)}}, own)


def signed(parts: list[Wire], where: str, losses: list[Loss]) -> list[Wire]:
    """Return the parts of a step whose first call has a signature, if only the one that stands for none."""
    first = next((index for index, part in enumerate(parts) if CALL in part), None)
    if first is None or SIGNATURE in parts[first]:
        return parts
    why = "no Gemini model has signed this call, and since Gemini 3 they refuse one without"
    losses.append(Loss(where, f"{SIGNATURE} {STAND_IN!r} put in", why))
    return [{**part, SIGNATURE: STAND_IN} if index == first else part for index, part in enumerate(parts)]


def response_of(texts: list[str], *, is_error: bool) -> Wire:
    """Return what a tool answered as an object: the JSON object that it is, or its text under a name."""
    said: Any = texts if len(texts) > 1 else "".join(texts)
    if is_error:
        return {ERROR: said}
    found = _object(said) if isinstance(said, str) else None
    return {RESULT: said} if found is None or _is_named(found) else found


def texts_of(response: Wire, where: str) -> tuple[list[str], bool]:
    """Return the texts of an answer, and whether it is an error.

    Raises:
        InvalidMessage: It has no JSON form.
    """
    if not _is_named(response):
        return [json_text(response, where)], False
    ((name, said),) = response.items()
    return [said] if isinstance(said, str) else said, name == ERROR


def _object(text: str) -> Wire | None:
    """Return the object that *text* is; None where it is none, or where a number or a repeated name would change."""
    found = loaded(text) if text.startswith("{") else None
    if not isinstance(found, dict):
        return None
    same = any(json.dumps(found, ensure_ascii=False, separators=pair) == text for pair in _SEPARATORS)
    return found if same else None


def _is_named(response: Wire) -> bool:
    """Whether an answer is text under one of our names: one text, or several."""
    if len(response) != 1:
        return False
    ((name, said),) = response.items()
    several = isinstance(said, list) and len(said) > 1 and all(isinstance(text, str) for text in said)
    return name in (RESULT, ERROR) and (isinstance(said, str) or several)
