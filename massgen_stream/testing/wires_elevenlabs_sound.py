"""Sound with details as ElevenLabs sends it, as events and as lines, and worse: strategies for laws of decoders."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_endpoint import ERRORS, bodies

Data = dict[str, Any]
_SOUNDS: Final[tuple[Any, ...]] = ("SUQzBAAA", "//uQxAAA", "AAAB", "UklGRiQA", "AAA", "")
_ODD_SOUNDS: Final[tuple[Any, ...]] = (5, "?", [], None, "\ud83d", float("nan"))
_ALIGNMENT: Final[Data] = {
    "characters": ["H", "i", " ", "y", "o"], "character_start_times_seconds": [0, 0.1, 0.2, 0.25, 0.3],
    "character_end_times_seconds": [0.1, 0.2, 0.25, 0.3, 0.5],
}  # fmt: skip
_VOICES: Final = [
    {"voice_id": "a", "character_start_index": 0, "character_end_index": 2},
    {"voice_id": "b", "character_start_index": 3, "character_end_index": 5},
]
_SAID: Final[tuple[Data, ...]] = (
    {}, {}, {"alignment": _ALIGNMENT, "normalized_alignment": None}, {"normalized_alignment": _ALIGNMENT},
    {"alignment": _ALIGNMENT, "voice_segments": _VOICES},
    {"words_timestamps": [{"word": "Hi", "start_ms": 0, "end_ms": 400}]},
)  # fmt: skip
_ODD_SAID: Final[tuple[Data, ...]] = (
    {"alignment": 5}, {"alignment": {"characters": [5, "a", " "], "character_start_times_seconds": ["x", 1]}},
    {"alignment": {**_ALIGNMENT, "character_end_times_seconds": [float("nan"), True, None]}}, {"voice_segments": [5]},
    {"words": [5, {"word": "x", "start": "y"}]}, {"audio": "AAAB"}, {"type": "x"}, {"data": 5}, {"event": "completion"},
    {"error": {"n": 1}}, {"message": "hm"}, {"completion": 1}, {"error": {}}, {"surprise": "\ud83d"},
    {"alignment": _ALIGNMENT, "voice_segments": [{"voice_id": "a", "character_start_index": "0"}]},
)  # fmt: skip
_EVENTS: Final[tuple[Data, ...]] = (
    {"event": "composition_plan", "data": {"sections": [{"lines": ["la"], "duration_ms": 3000}]}},
    {"event": "song_metadata", "data": {"title": "Sunset", "genres": ["pop"], "is_explicit": False}},
    {"event": "word_timestamps", "data": {"words": [{"word": "Sunset", "start": 0.0, "end": 0.5}]}},
    {"event": "completion", "data": {"message": "Stream ended successfully."}}, {"type": "completion"},
    {"type": "song_metadata", "title": "Sunset"}, {"event": "words_timestamps", "data": []}, {"event": "ping"},
)  # fmt: skip
_ODD_EVENTS: Final[tuple[Data, ...]] = (
    {"event": 5, "type": "x"}, {"event": "audio_chunk"}, {"event": "audio_chunk", "data": 5},
    {"event": "x", "data": None},
    {"event": "error", "data": {"message": "no"}}, {"event": "error", "data": "no"}, {"event": "", "data": "AAAB"},
    {"event": "x", "data": {"audio_base64": "AAAB"}}, {"event": "data", "data": 1}, {"event": "x", "data": [1e999]},
)  # fmt: skip


@st.composite
def lines(draw: DrawFn, *, odd: bool = False) -> Data:
    """One line, as a document; an *odd* one is as no server should send it."""
    sound = draw(st.sampled_from((*_SOUNDS, *(_ODD_SOUNDS if odd else ()))))
    said = draw(st.sampled_from((*_SAID, *(_ODD_SAID if odd else ()))))
    return {"audio_base64": sound, **said}


@st.composite
def events(draw: DrawFn, *, odd: bool = False) -> Data:
    """One event, as a document; an *odd* one is as no server should send it."""
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return draw(st.sampled_from((*_EVENTS, *(_ODD_EVENTS if odd else ()))))
    data = draw(lines(odd=odd))
    name = draw(st.sampled_from(("event", "type")))
    return {name: "audio_chunk", "data": data if kind == 1 else data["audio_base64"]}


@st.composite
def line_bodies(draw: DrawFn) -> bytes:
    """The bytes of a response in lines: whole, cut, odd or with an error in it."""
    odd = draw(st.booleans())
    documents: Any = lines(odd=odd) | lines(odd=odd) | st.sampled_from(ERRORS)
    end = draw(st.sampled_from((b"\n", b"\n", b"\r\n", b"\n\n", b" \n")))
    body = b"".join(json.dumps(one).encode() + end for one in draw(st.lists(documents, min_size=1, max_size=5)))
    body += draw(
        st.sampled_from((b"", b"", b"", b"[DONE]\n", b"rubbish\n", b'{"a":', b"{}\n", b'{"event":"completion"}'))
    )
    return body[: draw(st.integers(1, len(body)))] if draw(st.integers(0, 4)) == 1 else body


def wires() -> SearchStrategy[bytes]:
    """The bytes of a response: events or lines, some of which nobody should send."""
    documents: SearchStrategy[Data] = st.sampled_from(({"audio_base64": "AAAB"}, {"detail": {"message": "no voice"}}))
    return bodies(events(), documents) | bodies(events(odd=True), documents) | line_bodies()
