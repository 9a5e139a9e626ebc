"""What a request asks for, checked as OpenAI checks it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Final

from ...answers.spoken import BY_ARITHMETIC
from ...body_fields import MISSING, Body, model_at, wrong_type
from ...request import Request
from ...vendor import BadRequest
from .speech_ask import SpeechAsk

_MOST_CHARACTERS: Final = 4096
_FORMATS: Final = ("mp3", "opus", "aac", "flac", "wav", "pcm")
_VOICES: Final = (
    "alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin", "cedar",
)  # fmt: skip
_SLOWEST, _FASTEST = 0.25, 4.0


def read_speech(request: Request) -> SpeechAsk:
    """Return what a request for speech asks for.

    Raises:
        BadRequest: It is none.
    """
    body = request.json
    if not isinstance(body, dict):
        raise BadRequest("We could not parse the JSON body of your request: an object is expected.")
    _check_voice(body.get("voice"))
    text, form = _text(body), _word(body, "response_format", _FORMATS)
    if form not in BY_ARITHMETIC and find_spec("av") is None:
        raise BadRequest("The simulator makes other formats than wav and pcm with PyAV only.", param="response_format")
    return SpeechAsk(
        model=model_at(body),
        prompt=text,
        input_characters=len(text),
        stream=True,  # always sound as it is made, or events
        form=form,
        speed=_speed(body),
        events=_word(body, "stream_format", ("audio", "sse")) == "sse",
    )


def _text(body: Body) -> str:
    text = body.get("input")
    if not isinstance(text, str) or not text:
        raise BadRequest("Missing required parameter: 'input'.", param="input", code=MISSING)
    if len(text) > _MOST_CHARACTERS:
        message = f"Invalid 'input': at most {_MOST_CHARACTERS} characters are expected, got {len(text)}."
        raise BadRequest(message, param="input", code="string_above_max_length")
    return text


def _word(body: Body, name: str, known: tuple[str, ...]) -> str:
    value = body.get(name)
    if value is None:
        return known[0]
    if value not in known:
        raise BadRequest(f"Invalid value: '{str(value)[:40]}'. Supported values are: {', '.join(known)}.", param=name)
    return str(value)


def _check_voice(voice: Any) -> None:
    own = voice.get("id") if isinstance(voice, dict) else None
    if not (isinstance(own, str) and own) and voice not in _VOICES:
        message = f"Invalid voice: '{str(voice)[:40]}'. Supported values are: {', '.join(_VOICES)}."
        raise BadRequest(message, param="voice", code="invalid_value")


def _speed(body: Body) -> float:
    speed = body.get("speed", 1.0)
    if not isinstance(speed, int | float) or isinstance(speed, bool):
        raise wrong_type("speed", "a number")
    if not _SLOWEST <= speed <= _FASTEST:
        raise BadRequest(f"Invalid 'speed': from {_SLOWEST} to {_FASTEST} is expected, got {speed:g}.", param="speed")
    return float(speed)
