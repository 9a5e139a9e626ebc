"""The default answer: a transcript that says what was sent, since nobody listens."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.narrow import complete_response, content, done
from ....wire.media_usage import usage_of
from ....wire.openai_transcription.marks import TRANSCRIPT, segment_mark
from ...answers.tokens import tokens_of
from .transcription_ask import Recorded, TranscriptionAsk

Data = dict[str, Any]
_WORDS: Final = re.compile(r"\s*\S+")
_SECONDS_OF_A_WORD: Final = 0.4
_TOKENS_OF_A_SECOND: Final = 10
_DIARIZED: Final = "diarized_json"
_VERBOSE: Final = "verbose_json"


def transcript_text(recorded: Recorded) -> list[str]:
    """Return the sentences."""
    length = "an unknown time" if recorded.seconds is None else f"{recorded.seconds:.2f} seconds"
    rate = f" at {recorded.sample_rate} hertz" if recorded.sample_rate else ""
    channels = f" on {recorded.channels} channel{'s'[: recorded.channels > 1]}" if recorded.channels else ""
    file = f"{recorded.size_bytes} bytes in a file called {recorded.filename}"
    return [
        "This is the simulator, and no model has listened.",
        f"You sent {length} of {recorded.mime_type}{rate}{channels}, {file}.",
    ]


def transcript_answer(ask: TranscriptionAsk) -> Iterator[BaseStreamChunk]:
    """Yield the transcript word by word, with the times that its format has, and the end."""
    sentences = transcript_text(ask.recorded)
    segments = list(_segments(ask, sentences))
    for number, sentence in enumerate(sentences):
        own = f"seg_{number}" if ask.form == _DIARIZED else None
        for word in _WORDS.findall(f" {sentence}" if number else sentence):
            yield content(word, item_id=own)
        if own is not None:
            yield content("", item_id=own, provider_data={TRANSCRIPT: {"segments": [segment_mark(segments[number])]}})
    response = _response(ask, segments)
    if response:
        yield complete_response(response)
    yield done("stop", usage=usage_of(_usage(ask, " ".join(sentences))), usage_source="reported")


def _response(ask: TranscriptionAsk, segments: list[Data]) -> Data:
    known = {"task": "transcribe", "duration": _length(ask, segments)}
    if ask.form == _DIARIZED:
        return known
    if ask.form != _VERBOSE and ask.form not in ("srt", "vtt"):
        return {"languages": [{"code": ask.language}]}
    known |= {"language": ask.language}
    wanted = ask.granularities or ("segment",)
    timed = {"segments": [_verbose(number, one) for number, one in enumerate(segments)]} if "segment" in wanted else {}
    return known | timed | ({"words": list(_words(segments))} if "word" in wanted else {})


def _segments(ask: TranscriptionAsk, sentences: list[str]) -> Iterator[Data]:
    """Yield each sentence with its share of the time."""
    written = sum(map(len, sentences))
    seconds = ask.recorded.seconds
    if seconds is None:
        seconds = sum(len(one.split()) for one in sentences) * _SECONDS_OF_A_WORD
    names, start, said = ask.speakers or ("A", "B"), 0.0, 0
    for number, sentence in enumerate(sentences):
        said += len(sentence)
        end = round(seconds * said / written, 3)
        speaker = names[number % len(names)]
        text = f" {sentence}" if number else sentence
        yield {"id": f"seg_{number}", "text": text, "start": start, "end": end, "speaker": speaker}
        start = end


def _words(segments: list[Data]) -> Iterator[Data]:
    for segment in segments:
        words = segment["text"].split()
        step = (segment["end"] - segment["start"]) / len(words)
        for number, word in enumerate(words):
            start = segment["start"] + number * step
            yield {"word": word.strip(".,"), "start": round(start, 3), "end": round(start + step, 3)}


def _verbose(number: int, segment: Data) -> Data:
    """Return a segment with everything that a listener would have told."""
    times = {name: segment[name] for name in ("text", "start", "end")}
    figures = {"avg_logprob": 0.0, "compression_ratio": 1.0, "no_speech_prob": 0.0, "temperature": 0.0}
    return {"id": number, "seek": 0, **times, "tokens": [], **figures}


def _length(ask: TranscriptionAsk, segments: list[Data]) -> float:
    return segments[-1]["end"] if ask.recorded.seconds is None else round(ask.recorded.seconds, 3)


def _usage(ask: TranscriptionAsk, text: str) -> Data:
    """Return what OpenAI's types have: seconds in documents with times and of whisper-1, else tokens."""
    seconds = math.ceil(ask.recorded.seconds or 0)
    if not ask.events and (ask.form == _VERBOSE or ask.model == "whisper-1"):
        return {"type": "duration", "seconds": seconds}
    heard, read, written = seconds * _TOKENS_OF_A_SECOND, tokens_of(ask.input_characters), tokens_of(len(text))
    return {
        "type": "tokens",
        "input_tokens": heard + read,
        "output_tokens": written,
        "total_tokens": heard + read + written,
        "input_token_details": {"audio_tokens": heard, "text_tokens": read},
    }
