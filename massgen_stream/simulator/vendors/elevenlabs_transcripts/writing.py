"""The transcript: what was sent, with the times of all words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ...forms import Field, form_fields, is_form
from ...request import Request
from ...vendor import BadRequest, Result
from ..openai_transcription.answering import transcript_text
from ..openai_transcription.recorded import recorded

Data = dict[str, Any]
_WORDS: Final = re.compile(r"\S+|\s+")
_MODELS: Final = re.compile(r"scribe_\w+|simulator.*")
_SECONDS_OF_A_WORD: Final = 0.4
_USUAL_LANGUAGE: Final = "eng"


def written(request: Request) -> Result:
    """Return the transcript of a form's recording.

    Raises:
        BadRequest: ElevenLabs would refuse it.
    """
    fields = _fields(request)
    body = {field.name: field.text for field in fields if field.filename is None}
    model = body.get("model_id", "")
    if not _MODELS.fullmatch(model):
        raise BadRequest(f"'{model[:40]}' is not a valid model_id.", param="model_id", code="invalid_model_id")
    file = next((field for field in fields if field.filename is not None), None)
    if file is None:
        raise BadRequest("Must provide either file or source_url.", param="file", status=422)
    return Result(_transcript(file, body), model)


def _fields(request: Request) -> list[Field]:
    content_type = request.headers.get("content-type", "")
    if not is_form(content_type):
        raise BadRequest("Field required", param="model_id", status=422)
    try:
        return list(form_fields(content_type, request.body))
    except ValueError as problem:
        raise BadRequest(f"Could not parse the form: {problem}.") from None


def _transcript(file: Field, body: Data) -> Data:
    sent = recorded(file)
    sentences = transcript_text(sent)
    seconds = sent.seconds or sum(len(one.split()) for one in sentences) * _SECONDS_OF_A_WORD
    words = list(_words(sentences, seconds, diarize=body.get("diarize") == "true"))
    return {
        "language_code": body.get("language_code") or _USUAL_LANGUAGE,
        "language_probability": 1.0,
        "text": " ".join(sentences),
        "words": [] if body.get("timestamps_granularity") == "none" else words,
        "transcription_id": "transcript-sim",
        "audio_duration_secs": round(seconds, 3),
    }


def _words(sentences: list[str], seconds: float, *, diarize: bool) -> Iterator[Data]:
    """Yield words and the spaces between them, each character as long as every other; each sentence has a speaker."""
    text, place = " ".join(sentences), 0
    first = len(sentences[0])
    for found in _WORDS.findall(text):
        start, place = place, place + len(found)
        times = {"start": round(seconds * start / len(text), 3), "end": round(seconds * place / len(text), 3)}
        who = {"speaker_id": f"speaker_{int(start >= first)}"} if diarize else {}
        kind = "spacing" if found.isspace() else "word"
        yield {"text": found, "type": kind, "logprob": 0.0, **times, **who}
