"""Answers of polled jobs as vendors send them, and worse: strategies for laws of decoders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_endpoint import bodies

Data = dict[str, Any]
_PNG: Final = "data:image/png;base64,iVBORw0KGgo="
_OUTPUTS: Final[tuple[Any, ...]] = (
    None, [], ["https://replicate.delivery/a/out-0.png"], ["https://replicate.delivery/a/out-0.png", _PNG], _PNG,
    "https://replicate.delivery/a/out.mp4", ["Once", " upon", ""], {"image": _PNG, "seed": 5}, [["nested", _PNG]],
    "data:;base64,", "data:,plain%20text", "https://", "data: no", 5, True,
)  # fmt: skip
_ODD_OUTPUTS: Final[tuple[Any, ...]] = ("data:image/png;base64,?", ["a", "data:x;base64,QUJD="])
_LOGS: Final[tuple[Any, ...]] = (
    "", "Using seed: 5\n", "Using seed: 5\n  6%|▌   | 3/50 [00:00<00:02]\n", " 50%|██ | 1/2\n100%|███| 2/2 [00:02]\n",
    "  0%|   | 0/50\r\n 12%|#| 6/50\n  3%|#| 1/30\n", None, "999%|#| 9/9",
)  # fmt: skip
_IDS: Final = ("p1", "p1", "p1", "p1", "p2", "")
_ERRORS: Final[tuple[Any, ...]] = (
    None, None, "CUDA out of memory", "", {"message": "NSFW content detected", "code": 5}, ["odd"], {"n": float("nan")},
)  # fmt: skip
_PREDICTION: Final[dict[str, Sequence[Any]]] = {
    "model": ("stability-ai/sdxl", None, ""), "logs": _LOGS, "output": _OUTPUTS, "error": _ERRORS,
    "urls": ({"get": "https://api.replicate.com/v1/predictions/p1"}, None), "metrics": ({"predict_time": 2.5}, None),
}  # fmt: skip
_ODD_PREDICTION: Final[dict[str, Sequence[Any]]] = {
    **_PREDICTION, "model": (5, []), "logs": ([], 7, *_LOGS), "urls": ("x", {"get": float("inf")}, []),
    "output": (*_OUTPUTS, *_ODD_OUTPUTS), "input": ({"n": float("nan")},),
}  # fmt: skip
_LOOKED_UP: Final[tuple[Data, ...]] = (
    {"owner": "meta", "name": "llama"}, {"owner": "", "name": "a/b"}, {"id": "39ed", "openapi_schema": {}}, {"x": 1},
    {"id": "f1", "name": "a.txt", "content_type": "text/plain"}, {"name": "Faces", "slug": "faces"}, {"results": []},
)  # fmt: skip
_EVENTS: Final = (
    (b"output", b"data: Once"), (b"output", b"data:  upon"), (b"output", b"data: \ndata: "), (b"output", b"data: "),
    (b"output", b"data: https://replicate.delivery/a/out.png"), (b"output", b"data: data:image/png;base64,QUJD"),
    (b"output", b"data: data:;base64,?"), (b"output", b"data: \xff"), (b"logs", b"data:  6%|x| 3/50"),
    (b"logs", b"data: seed\ndata: 5"), (b"logs", b"data: "), (b"error", b'data: {"detail": "CUDA out of memory"}'),
    (b"error", b"data: no"), (b"done", b'data: {"reason": "canceled"}'), (b"done", b'data: {"reason": "error"}'),
    (b"done", b"data: x"), (b"new", b"data: x"),
)  # fmt: skip
_VIDEO: Final[dict[str, Sequence[Any]]] = {
    "progress": (0, 1, 18, 56.5, 100, None), "model": ("grok-imagine-video", ""), "error": _ERRORS,
    "video": ({"url": "https://vidgen.x.ai/a.mp4", "duration": 1, "respect_moderation": True}, None, {}, {"url": ""}),
    "usage": ({"cost_in_usd_ticks": 500000000}, None, {"total_tokens": 5}),
}  # fmt: skip
_ODD_VIDEO: Final[dict[str, Sequence[Any]]] = {
    **_VIDEO, "progress": (-5, 150, True, "5", float("nan")), "usage": ({"total_tokens": "x"}, 5, {"n": 1e999}),
    "video": ({"url": 5}, 5, [], {"url": "https://a/b", "duration": "x"}, {"duration": -1, "url": "https://a/b"}),
}  # fmt: skip
_LOST_JOBS: Final = ("failed", "cancelled", "expired")
_JOB: Final[dict[str, Sequence[Any]]] = {
    "progress": (0, 25, 62.5, 100, None), "model": ("sora-2", "", None), "seconds": ("8", "", "8.5", None),
    "error": _ERRORS, "usage": ({"cost": 0.4, "is_byok": False}, None), "size": ("720x1280",),
    "unsigned_urls": (None, [], ["https://o/a?index=0"], ["https://o/a?index=0", "https://o/a?index=1"]),
}  # fmt: skip
_ODD_JOB: Final[dict[str, Sequence[Any]]] = {
    **_JOB, "progress": (-1, 150, True, "5", float("nan")), "model": (5, []), "seconds": (8, "²", []),
    "usage": ({"total_tokens": "x"}, 5), "unsigned_urls": (5, "x", [5], [""], [None, "https://o/a"], {}),
    "size": (float("nan"), {"x": 1}),
}  # fmt: skip


@st.composite
def predictions(draw: DrawFn, *, odd: bool = False) -> Data:
    """One document of Replicate's; an *odd* one is as it should not be sent."""
    if draw(st.integers(0, 9)) == 1:
        return dict(draw(st.sampled_from(_LOOKED_UP)))
    said = draw(_fields(_ODD_PREDICTION if odd else _PREDICTION))
    status = draw(st.sampled_from(("starting", "processing", "processing", "succeeded", "failed", "canceled", "new")))
    return {"id": draw(st.sampled_from(_IDS)), "status": status, **said}


@st.composite
def video_looks(draw: DrawFn, *, odd: bool = False) -> Data:
    """One document of xAI's; an *odd* one is as it should not be sent."""
    named: Data = draw(st.sampled_from(({}, {}, {"request_id": "r-1"}, {"request_id": ""})))
    alone: bool = draw(st.booleans())
    if named and alone:
        return dict(named)
    said = draw(_fields(_ODD_VIDEO if odd else _VIDEO))
    status = draw(st.sampled_from(("pending", "pending", "done", "failed", "expired", "new", None)))
    return {**named, **({} if status is None else {"status": status}), **said}


@st.composite
def video_jobs(draw: DrawFn, *, odd: bool = False) -> Data:
    """One document of OpenAI's or OpenRouter's video jobs; an *odd* one is as it should not be sent."""
    said = draw(_fields(_ODD_JOB if odd else _JOB))
    status = draw(st.sampled_from(("queued", "pending", "in_progress", "completed", *_LOST_JOBS, "new")))
    return {"id": draw(st.sampled_from(("video_1", "video_1", "gen-vid-2", ""))), "status": status, **said}


def _fields(known: dict[str, Sequence[Any]]) -> SearchStrategy[Data]:
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in known.items()})


@st.composite
def _prediction_events(draw: DrawFn) -> bytes:
    """The bytes of a prediction's own stream, documents before it and among it."""
    events = [draw(st.sampled_from(_EVENTS)) for _ in range(draw(st.integers(1, 6)))]
    told = [json.dumps(draw(predictions())).encode() for _ in range(draw(st.integers(0, 3)))]
    framed = [b"event: " + name + b"\nid: 1:0\n" + data + b"\n\n" for name, data in events]
    documents = [b"data: " + document + b"\n\n" for document in told]
    mixed = draw(st.permutations([*documents, *framed])) if draw(st.booleans()) else [*documents, *framed]
    body = b"".join(mixed) + draw(st.sampled_from((b"", b"event: done\ndata: {}\n\n")))
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 4)) == 1 else body


def prediction_wires() -> SearchStrategy[bytes]:
    """The bytes of one look at Replicate, of several as an event stream, or of the stream of a prediction."""
    looks = bodies(predictions(), predictions()) | bodies(predictions(odd=True), predictions(odd=True))
    return looks | looks | _prediction_events() | st.just(b'[{"name": "CPU", "sku": "cpu"}]')


def video_wires() -> SearchStrategy[bytes]:
    """The bytes of one look at xAI, or of several as an event stream."""
    return bodies(video_looks(), video_looks()) | bodies(video_looks(odd=True), video_looks(odd=True))


def video_job_wires() -> SearchStrategy[bytes]:
    """The bytes of one look at a video job of OpenAI or OpenRouter, or of several as an event stream."""
    return bodies(video_jobs(), video_jobs()) | bodies(video_jobs(odd=True), video_jobs(odd=True))
