"""Transcripts that say what was sent, since nobody listens.

https://ai.google.dev/gemini-api/docs/generate-content/transcribe; the fields are those of google.genai's
`Transcription`: a part for each turn of a conversation, with its words where their times are wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ....stream_chunk.narrow import content
from ....stream_chunk.text import TextStreamChunk
from .asking import GoogleAsk

Data = dict[str, Any]
_PROTOCOL: Final = "google.generate_content"
_SECONDS_OF_A_WORD: Final = 0.4
_LISTENED: Final = "This is the simulator, and no model has listened."


def transcript_answer(ask: GoogleAsk) -> Iterator[TextStreamChunk]:
    """Yield the transcript, sentence by sentence, with what its configuration asks for."""
    config, start, length = ask.transcription or {}, 0.0, 0
    for number, sentence in enumerate((_LISTENED, _sent(ask))):
        end = start + len(sentence.split()) * _SECONDS_OF_A_WORD
        told: Data = {"text": sentence, "languageCode": next(iter(config.get("languageCodes") or ("en-US",)))}
        if config.get("diarization"):
            told["speakerLabel"] = f"spk_{number + 1}"
        if config.get("wordTimestamp"):
            told["words"] = list(_words(sentence, start))
        text = f" {sentence}" if number else sentence
        part = {"start": length, "end": length + len(text), "audioTranscription": told}
        yield content(text, provider_data={_PROTOCOL: {"parts": [part]}})
        start, length = end, length + len(text)


def _words(sentence: str, start: float) -> Iterator[Data]:
    for number, word in enumerate(sentence.split()):
        begins = start + number * _SECONDS_OF_A_WORD
        edges = (f"{edge:.3f}s" for edge in (begins, begins + _SECONDS_OF_A_WORD))
        yield {"word": word, **dict(zip(("startOffset", "endOffset"), edges, strict=True))}


def _sent(ask: GoogleAsk) -> str:
    heard = next((one for one in ask.media if one.kind in ("audio", "video")), None)
    if heard is None:
        return "You sent no recording."
    size = f"{heard.size_bytes} bytes of " if heard.size_bytes is not None else ""
    return f"You sent {size}{heard.label}."
