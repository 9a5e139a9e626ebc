"""Images bodies as servers send them, and worse: a strategy for laws of decoders."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_endpoint import bodies

Data = dict[str, Any]
_PNG: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
_KINDS: Final = (
    "image_generation.partial_image", "image_generation.partial_image", "image_generation.completed",
    "image_edit.partial_image", "image_edit.completed", "image_generation.text_chunk", "image_generation.unheard_of",
)  # fmt: skip
_SOURCES: Final[tuple[Data, ...]] = (
    {"b64_json": _PNG}, {"b64_json": "/9j/4AAQ"}, {"b64_json": "PHN2Zz48L3N2Zz4"}, {"b64_json": " QUJD\n"},
    {"url": "https://x.example/img.jpeg?sig=a.b"}, {"url": "https://[x/img"},
    {"url": "data:image/webp;base64,UklGRg=="}, {"url": "data:image/svg+xml,%3Csvg/%3E"},
    {"b64_json": "data:;base64,QUJD"}, {}, {"b64_json": "", "url": ""},
)  # fmt: skip
_ODD_SOURCES: Final[tuple[Data, ...]] = (
    {"b64_json": 5}, {"b64_json": "?"}, {"b64_json": "data:nothing"}, {"url": []}, {"url": "data:x"},
    {"url": "data:;base64,?"}, {"b64_json": "\ud83d"},
)  # fmt: skip
_SAID: Final[tuple[Data, ...]] = (
    {}, {"revised_prompt": "a cat \U0001f408"}, {"media_type": "image/avif"}, {"mime_type": "image/jpeg"},
    {"revised_prompt": "", "media_type": ""}, {"media_type": "application/x-draw"},
)  # fmt: skip
_ODD_SAID: Final[tuple[Data, ...]] = ({"revised_prompt": 5}, {"media_type": {}, "mime_type": False})
_FORMS: Final[tuple[Data, ...]] = (
    {}, {"output_format": "png", "size": "1024x1536"}, {"output_format": "svg"}, {"size": "auto"},
    {"output_format": "jpeg", "size": "2x3", "quality": "low", "background": "opaque", "created_at": 1719946519},
    {"created": 0}, {"created": 2**70, "model": "gpt-image-2"}, {"svg_usage": {"input_tokens": 4}},
    {"safety_identifier": "u"},
)  # fmt: skip
_ODD_FORMS: Final[tuple[Data, ...]] = (
    {"output_format": 5, "size": 1024}, {"created": "now", "created_at": 1.5, "quality": None}, {"model": ["x"]},
    {"svg_usage": 5}, {"svg_usage": {"n": float("nan")}}, {"background": True},
)  # fmt: skip
_USAGES: Final[tuple[Any, ...]] = (
    {"input_tokens": 50, "output_tokens": 60, "total_tokens": 110, "input_tokens_details": {"image_tokens": 40}},
    {"prompt_tokens": 5, "completion_tokens": 9, "total_tokens": 20, "cost": 0.03,
     "completion_tokens_details": {"reasoning_tokens": 6}},
    {"cost_in_usd_ticks": 700000000}, {}, None,
)  # fmt: skip
_ODD_USAGES: Final[tuple[Any, ...]] = (5, {"input_tokens": "5"}, {"total_tokens": float("nan"), "cost": 1})
_TEXTS: Final[tuple[Data, ...]] = (
    {"text": "<svg>", "phase": "content"}, {"text": "hm", "phase": "reasoning"}, {"text": "first", "phase": "draft"},
    {"text": "x"}, {"text": ""}, {}, {"text": "y", "phase": ""},
)  # fmt: skip
_ODD_TEXTS: Final[tuple[Data, ...]] = ({"text": 5}, {"text": "x", "phase": 5}, {"text": "\ud83d"})
_INDEXES: Final = (0, 1, 2, 7)
_ODD_INDEXES: Final = (-1, "0", 1.5, True)


@st.composite
def events(draw: DrawFn, *, odd: bool = False) -> Data:
    """One event of a stream, as a document; an *odd* one is as no server should send it."""
    event: Data = {"type": draw(st.sampled_from(_KINDS))}
    if event["type"].endswith("text_chunk"):
        return {**event, **draw(_one_of(_TEXTS, _ODD_TEXTS, odd=odd))}
    event |= draw(_pictures(odd=odd)) | draw(_one_of(_FORMS, _ODD_FORMS, odd=odd))
    if event["type"].endswith("partial_image"):
        return event | {"partial_image_index": draw(_one_of(_INDEXES, _ODD_INDEXES, odd=odd))}
    return event | draw(_reports(odd=odd))


@st.composite
def documents(draw: DrawFn, *, odd: bool = False) -> Data:
    """What is answered without ``stream``."""
    items: Any = draw(st.lists(_pictures(odd=odd), max_size=3))
    if odd:
        items = draw(st.sampled_from((items, items, items, None, 5, [None], ["x"])))
    form = draw(_one_of(_FORMS, _ODD_FORMS, odd=odd))
    return {**form, "data": items, **draw(_reports(odd=odd))}


def wires() -> SearchStrategy[bytes]:
    """The bytes of a response: mostly usual ones, some of which nobody should send."""
    usual = bodies(events(), documents())
    return usual | usual | bodies(events(odd=True), documents(odd=True))


def _pictures(*, odd: bool) -> SearchStrategy[Data]:
    said = _one_of(_SAID, _ODD_SAID, odd=odd)
    return st.builds(lambda first, second: {**first, **second}, _one_of(_SOURCES, _ODD_SOURCES, odd=odd), said)


def _reports(*, odd: bool) -> SearchStrategy[Data]:
    return _one_of(_USAGES, _ODD_USAGES, odd=odd).map(lambda usage: {} if usage is None else {"usage": usage})


def _one_of(usual: tuple[Any, ...], strange: tuple[Any, ...], *, odd: bool) -> SearchStrategy[Any]:
    return st.sampled_from((*usual, *(strange if odd else ())))
