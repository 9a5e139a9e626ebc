"""What a request asks for: a form with one recording, checked as OpenAI checks it, with its words."""

from __future__ import annotations

from typing import Any, Final

from ....wire.openai_transcription.decoder import FORMATS
from ...body_fields import MISSING, Body, model_at
from ...forms import Field, form_fields, is_form
from ...request import Request
from ...vendor import BadRequest
from .recorded import recorded
from .transcription_ask import TranscriptionAsk

_MOST_BYTES: Final = 25 * 2**20
_TEXTS: Final = ("text", "srt", "vtt")
_UNSTREAMED: Final = "whisper-1"
"""https://platform.openai.com/docs/api-reference/audio/createTranscription: it ignores ``stream``."""
_LISTS: Final = ("keywords", "languages", "known_speaker_names", "timestamp_granularities", "include")


def read_transcription(request: Request) -> TranscriptionAsk:
    """Return what a request asks for.

    Raises:
        BadRequest: It asks for no transcript.
    """
    content_type = request.headers.get("content-type", "")
    if not is_form(content_type):
        message = "Unsupported content type: 'multipart/form-data' is expected."
        raise BadRequest(message, code="unsupported_content_type")
    try:
        fields = list(form_fields(content_type, request.body))
    except ValueError as problem:
        raise BadRequest(f"Could not parse multipart form: {problem}.") from None
    return _read(_body(fields), _file(fields))


def _read(body: Body, file: Field) -> TranscriptionAsk:
    model, form = model_at(body), _among(body, "response_format", FORMATS) or "json"
    granularities = body.get("timestamp_granularities", [])
    if granularities and form != "verbose_json":
        message = "The 'timestamp_granularities' parameter needs response_format 'verbose_json'."
        raise BadRequest(message, param="timestamp_granularities")
    events = _flag(body, "stream") and model != _UNSTREAMED
    spoken = [body["language"]] if body.get("language") else body.get("languages", [])
    prompt = str(body.get("prompt", ""))
    return TranscriptionAsk(
        model=model,
        prompt=prompt,
        input_characters=len(prompt),
        stream=events or form in _TEXTS,
        events=events,
        recorded=recorded(file),
        form=form,
        language=spoken[0] if spoken else "en",
        speakers=tuple(body.get("known_speaker_names", ())),
        granularities=tuple(granularities),
    )


def _body(fields: list[Field]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for field in fields:
        name = field.name.removesuffix("[]")
        if field.filename is not None:
            continue
        if name in _LISTS:
            body.setdefault(name, []).append(field.text)
        else:
            body[name] = field.text
    return body


def _file(fields: list[Field]) -> Field:
    file = next((field for field in fields if field.name == "file" and field.filename is not None), None)
    if file is None:
        raise BadRequest("Missing required parameter: 'file'.", param="file", code=MISSING)
    if len(file.data) > _MOST_BYTES:
        message = f"Maximum content size limit ({_MOST_BYTES}) exceeded ({len(file.data)} bytes read)"
        raise BadRequest(message, status=413)
    return file


def _among(body: Body, name: str, known: tuple[str, ...]) -> str | None:
    value: str | None = body.get(name)
    if value is not None and value not in known:
        supported = ", ".join(f"'{one}'" for one in known)
        raise BadRequest(f"Invalid value: '{value[:40]}'. Supported values are: {supported}.", param=name)
    return value


def _flag(body: Body, name: str) -> bool:
    return _among(body, name, ("true", "false", "1", "0")) in ("true", "1")
