"""Answers of Imagen models as Google sends them, and worse: a strategy for laws of decoders."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_endpoint import bodies

Data = dict[str, Any]
_PREDICTIONS: Final[tuple[Any, ...]] = (
    {"bytesBase64Encoded": "/9j/4AAQ", "mimeType": "image/jpeg", "prompt": "A robot"}, {"bytesBase64Encoded": "QUJD"},
    {"bytesBase64Encoded": "QUI", "safetyAttributes": {"categories": ["Porn"], "scores": [0]}, "mimeType": "image/png"},
    {"gcsUri": "gs://bucket/a.png", "mimeType": "image/png"}, {"raiFilteredReason": "Filtered: 58061214"}, {},
    {"contentType": "Positive Prompt", "safetyAttributes": {"scores": [0.1]}}, {"bytesBase64Encoded": "", "prompt": ""},
)  # fmt: skip
_ODD: Final[tuple[Any, ...]] = (
    {"bytesBase64Encoded": 5}, {"bytesBase64Encoded": "?"}, {"gcsUri": []},
    {"bytesBase64Encoded": "QUJD", "mimeType": 5},
    {"bytesBase64Encoded": "QUJD", "prompt": {"n": float("nan")}}, {"raiFilteredReason": 5}, 5, None,
    {"bytesBase64Encoded": None, "gcsUri": "gs://b/c"},
)  # fmt: skip
_REST: Final[tuple[Data, ...]] = (
    {}, {"deployedModelId": "7", "model": "imagen-3.0-generate-002"}, {"error": None},
    {"metadata": {"n": float("nan")}},
    {"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}},
)  # fmt: skip


@st.composite
def documents(draw: DrawFn, *, odd: bool = False) -> Data:
    """One answer; an *odd* one is as Google should not send it."""
    items: Any = draw(st.lists(st.sampled_from((*_PREDICTIONS, *(_ODD if odd else ()))), max_size=4))
    if odd:
        items = draw(st.sampled_from((items, items, items, None, 5, {})))
    return {"predictions": items, **draw(st.sampled_from(_REST))} if draw(st.integers(0, 9)) != 1 else {}


def wires() -> SearchStrategy[bytes]:
    """The bytes of an answer: mostly a document, sometimes an event stream, which Google does not send here."""
    usual = bodies(documents(), documents(), most=2)
    odd = bodies(documents(odd=True), documents(odd=True), most=2)
    return usual | odd
