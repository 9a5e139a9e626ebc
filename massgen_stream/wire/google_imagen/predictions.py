"""The predictions of Imagen models.

https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api#response-body
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...errors import MalformedEvent
from ..base64_text import base64_bytes
from ..faults import UnusableField

Data = dict[str, Any]
BYTES: Final = "bytesBase64Encoded"
ADDRESS: Final = "gcsUri"
FILTERED: Final = "raiFilteredReason"
_SAMPLES: Final[Mapping[str, Any]] = {"int": 0, "float": 0.5, "bool": True, "str": "?", "list": [], "dict": {}}


class UnusablePrediction(UnusableField):
    """A picture that cannot be used.

    Attributes:
        event: The smallest document with the same fault; the encoder says it again.
    """

    def __init__(self, name: str, what: str, sample: object) -> None:
        MalformedEvent.__init__(self, f"predictions{'[].' if name else ''}{name} {what}")
        self.event = {"predictions": [{name: sample}] if name else sample}


def predictions_of(doc: Data) -> list[Data]:
    """Return the predictions of an answer.

    Raises:
        UnusablePrediction: There is something else in their place.
    """
    found = doc.get("predictions")
    if found is not None and not isinstance(found, list):
        raise UnusablePrediction("", f"is {type(found).__name__}", _SAMPLES.get(type(found).__name__))
    odd = next((item for item in found or () if not isinstance(item, dict)), doc)
    if odd is not doc:
        sample = None if odd is None else _SAMPLES.get(type(odd).__name__)
        raise UnusablePrediction("", f"has {type(odd).__name__}", [sample])
    return found or []


def picture_of(prediction: Data) -> bytes | str | None:
    """Return the bytes of a picture, or its address in Cloud Storage; None if there is none.

    Raises:
        UnusablePrediction: It is no text, or not base64.
    """
    for name in (BYTES, ADDRESS):
        value = prediction.get(name)
        if value is not None and not isinstance(value, str):
            raise UnusablePrediction(name, f"is {type(value).__name__}", _SAMPLES.get(type(value).__name__))
        if value:
            return _decoded(value) if name == BYTES else value
    return None


def without_pictures(doc: Data) -> Data:
    """Return an answer with its pictures' bytes emptied: what else it says of them."""
    found = []
    for one in predictions_of(doc):
        rest = {name: value for name, value in one.items() if name != BYTES}
        found.append({**rest, BYTES: ""} if one.get(BYTES) else rest)
    return {**doc, "predictions": found}


def with_pictures(doc: Data, pictures: list[Data]) -> Data:
    """Return an answer with the bytes of *pictures* where `without_pictures` emptied them; the others at its end."""
    said = doc.get("predictions")
    known = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    addresses = [one[ADDRESS] for one in known if ADDRESS in one]
    left = iter([one for one in pictures if one.get(ADDRESS) not in addresses])
    filled = [{**one, BYTES: next(left, {}).get(BYTES, "")} if one.get(BYTES) == "" else one for one in known]
    return {**doc, "predictions": [*filled, *left]}


def _decoded(text: str) -> bytes:
    try:
        return base64_bytes(text, BYTES)
    except UnusableField:
        raise UnusablePrediction(BYTES, "is not base64", "?") from None
