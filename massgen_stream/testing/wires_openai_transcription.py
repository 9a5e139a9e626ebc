"""Transcription bodies as servers send them, and worse: a strategy for laws of decoders."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_endpoint import bodies

Data = dict[str, Any]
_WORDS: Final = ("The", " quick", " brown", " fox \U0001f98a", ".", "", "\n")
_TEXTS: Final = ("The", "The quick", "The quick brown", " quick brown fox \U0001f98a.", "", "else")
_IDS: Final[tuple[Any, ...]] = ("seg_0", "seg_1", 0, None)
_ODD: Final[tuple[Any, ...]] = (5, "5", [], {}, True, float("nan"), {"n": float("nan")}, [float("inf")], "\ud83d", -1)
_LOGPROBS: Final[tuple[Any, ...]] = ([{"token": "The", "logprob": -0.5, "bytes": [84]}], [], None)
_USAGES: Final[tuple[Any, ...]] = (
    {"type": "tokens", "input_tokens": 14, "output_tokens": 45, "total_tokens": 59,
     "input_token_details": {"text_tokens": 0, "audio_tokens": 14}},
    {"type": "duration", "seconds": 6}, {"cost": 0.0006, "seconds": 6}, {}, None,
    {"prompt_audio_seconds": 3, "prompt_tokens": 3, "total_tokens": 389, "completion_tokens": 11},
)  # fmt: skip
_SEGMENTS: Final[tuple[Any, ...]] = (
    {"id": 0, "start": 0.0, "end": 4.8, "text": " The quick", "avg_logprob": -0.4, "tokens": [1, 2]},
    {"id": "seg_1", "start": 4.8, "end": 6, "text": " fox", "speaker": "A", "type": "transcript.text.segment"}, {}, 5,
    {"id": None, "start": "0", "speaker": 1},
)  # fmt: skip
_SPOKEN: Final[tuple[Any, ...]] = (
    {"word": "The", "start": 0.0, "end": 0.5}, {"text": "quick", "start": 0, "end": 1, "type": "word", "logprob": 0.0},
    {"text": " ", "type": "spacing"}, {"text": "(laughs)", "type": "audio_event", "speaker_id": "speaker_0"}, None,
)  # fmt: skip
_HEARD: Final[tuple[Any, ...]] = (
    {"alternatives": [{"transcript": "The quick", "words": [{"word": "the", "punctuated_word": "The", "speaker": 0}]}]},
    {"alternatives": [{"transcript": " fox", "languages": ["en", "de"]}], "detected_language": "en"},
    {"alternatives": []},
    {"alternatives": [5, {"transcript": 5, "words": 5}]},
    5,
)
_CHANNELS: Final[tuple[Data, ...]] = (
    {"metadata": {"duration": 3.7}}, {"metadata": 5}, {"request_id": "r"}, {"transcription_id": "t"},
    {"transcripts": [{"text": "The", "language_code": "eng", "words": _SPOKEN}, {"text": " fox"}, 5]},
    {"transcripts": []},
)  # fmt: skip
_REST: Final[tuple[Data, ...]] = (
    {}, {"task": "transcribe", "language": "english", "duration": 5.49}, {"languages": [{"code": "en"}, "de", 5, {}]},
    {"model": "voxtral-mini-latest", "language": None, "finish_reason": None}, {"language_code": "eng", "x": [1.5]},
    {"unheard_of": {"n": float("nan")}}, {"duration": "8.47"}, {"audio_language": "en"},
)  # fmt: skip
_NAMES: Final = (
    "segment_id", "logprobs", "model", "usage", "id", "start", "end", "duration", "speaker", "language", "languages",
    "segments", "words", "language_code", "text", "delta", "type", "audio_duration_secs", "audio_language",
    "speaker_id", "results", "transcripts",
)  # fmt: skip


@st.composite
def events(draw: DrawFn, *, odd: bool = False) -> Data:
    """One event of a stream, as a document; an *odd* one has a field that no server should send."""
    usual = _deltas() | _deltas() | _segments() | _ends() | st.just({"type": "transcript.unheard_of"})
    event: Data = draw(usual | _mistral_events())
    if odd and draw(st.booleans()):
        event = {**event, draw(st.sampled_from(_NAMES)): draw(st.sampled_from(_ODD))}
    return event


@st.composite
def documents(draw: DrawFn, *, odd: bool = False) -> Data:
    """What is answered without ``stream``."""
    document = {name: value for name, value in draw(_ends() | _by_channel()).items() if name != "type"}
    if odd and draw(st.booleans()):
        document[draw(st.sampled_from(_NAMES))] = draw(st.sampled_from(_ODD))
    return document


def wires() -> SearchStrategy[bytes]:
    """The bytes of a response: mostly usual ones, some of which nobody should send."""
    usual = bodies(events(), documents()) | bodies(events(odd=True), documents(odd=True))
    return usual | usual | texts().map(str.encode)


@st.composite
def texts(draw: DrawFn) -> str:
    """Plain text or subtitles, whole or not."""
    ends = draw(st.sampled_from(("\n", "\r\n")))
    lines = st.sampled_from((
        "1", "00:00:00,000 --> 00:00:04,800", "00:01.000 --> 01:02:03.500 align:start", "The quick", "", "", "WEBVTT",
        "<v Fred>Hello <i>you</i></v>", "NOTE x", "99:99:99.9 --> x", '{"error":',
    ))  # fmt: skip
    return ends.join(draw(st.lists(lines, max_size=12)))


@st.composite
def _deltas(draw: DrawFn) -> Data:
    event: Data = {"type": "transcript.text.delta", "delta": draw(st.sampled_from(_WORDS))}
    optional = {"segment_id": ("seg_0", "seg_1"), "logprobs": _LOGPROBS, "model": ("m",), "usage": _USAGES}
    return {**event, **draw(_some_of(optional))}


@st.composite
def _segments(draw: DrawFn) -> Data:
    event: Data = {"type": "transcript.text.segment", "text": draw(st.sampled_from(_TEXTS))}
    optional = {"id": _IDS, "start": (0.0, 1), "end": (3.15, 2), "speaker": ("A", "B"), "model": ("m",)}
    return {**event, **draw(_some_of(optional))}


@st.composite
def _ends(draw: DrawFn) -> Data:
    event: Data = {"type": "transcript.text.done", "text": draw(st.sampled_from(_TEXTS))}
    lists = {"segments": _SEGMENTS, "words": _SPOKEN, "logprobs": ({"token": "x", "logprob": -1},)}
    for name, items in lists.items():
        if draw(st.integers(0, 2)) == 1:
            event[name] = draw(st.lists(st.sampled_from(items), max_size=3))
    return {**event, **draw(st.sampled_from(_REST)), **draw(_some_of({"usage": _USAGES}))}


@st.composite
def _mistral_events(draw: DrawFn) -> Data:
    """What Mistral's stream consists of."""
    name = draw(st.sampled_from(("language", "text.delta", "segment", "done")))
    said: Data = {"text": draw(st.sampled_from(_TEXTS))}
    if name == "language":
        said = {"audio_language": draw(st.sampled_from(("en", "de", "")))}
    elif name == "segment":
        said |= {"start": 0.5, "end": 2, "speaker_id": draw(st.sampled_from(("speaker_1", None)))}
    return {"type": f"transcription.{name}", **said}


@st.composite
def _by_channel(draw: DrawFn) -> Data:
    """Deepgram's documents, ElevenLabs' of several channels, and those that only tell that one was accepted."""
    doc: Data = dict(draw(st.sampled_from(_CHANNELS)))
    if draw(st.booleans()):
        utterances = draw(st.sampled_from(({}, {"utterances": [{"transcript": "The", "id": "u", "speaker": 1}, 5]})))
        doc["results"] = {"channels": draw(st.lists(st.sampled_from(_HEARD), max_size=3)), **utterances}
    return doc


@st.composite
def _some_of(draw: DrawFn, optional: dict[str, tuple[Any, ...]]) -> Data:
    names = draw(st.sets(st.sampled_from(sorted(optional))))
    return {name: draw(st.sampled_from(optional[name])) for name in sorted(names)}
