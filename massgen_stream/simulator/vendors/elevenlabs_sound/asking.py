"""What requests ask for, checked as ElevenLabs checks them (elevenlabs 2.78 states the bounds)."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any, Final

from ...answers.spoken import BY_ARITHMETIC
from ...request import Request
from ...vendor import JSON, BadRequest
from .sound_ask import Line, SoundAsk

Body = dict[str, Any]
VOICES: Final = {
    "JBFqnCBsd6RMkjVDRZzb": "George",
    "EXAVITQu4vr4xnSDxMaL": "Sarah",
    "21m00Tcm4TlvDq8ikWAM": "Rachel - calm and clear",
    "onwK4e9ZLuTAKqWW03F9": "Daniel",
}
_CODING: Final = re.compile(r"(mp3|opus)_\d{4,5}_\d{2,3}|(pcm|wav)_\d{4,5}|(ulaw|alaw)_8000|auto")
_USUAL_SECONDS: Final = 3.0
_SHORTEST_EFFECT, _LONGEST_EFFECT = 0.5, 30
_SHORTEST_MUSIC, _LONGEST_MUSIC = 3000, 600_000
_MOST_VOICES: Final = 10


def read_speech(request: Request, details: str) -> SoundAsk:
    """Return what a request for speech asks for.

    Raises:
        BadRequest: ElevenLabs would refuse it.
    """
    body, voice = _body(request), request.params["voice_id"]
    _check_voice(voice)
    text = _text(body, "text")
    speed = (body.get("voice_settings") or {}).get("speed") or 1.0
    return _ask(request, body, text, details, lines=(Line(text, voice),), speed=float(speed))


def read_dialogue(request: Request, details: str) -> SoundAsk:
    """Return what a request for a dialogue asks for.

    Raises:
        BadRequest: ElevenLabs would refuse it.
    """
    body = _body(request)
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or not inputs or not all(isinstance(one, dict) for one in inputs):
        raise BadRequest("Field required", param="inputs", status=422)
    lines = tuple(Line(_text(one, "text"), str(one.get("voice_id"))) for one in inputs)
    for line in lines:
        _check_voice(line.voice)
    if len({line.voice for line in lines}) > _MOST_VOICES:
        raise BadRequest("Too many unique voices.", param="inputs", code="too_many_voices")
    return _ask(request, body, "\n".join(line.text for line in lines), details, lines=lines)


def read_effect(request: Request) -> SoundAsk:
    """Return what a request for a sound effect asks for.

    Raises:
        BadRequest: ElevenLabs would refuse it.
    """
    body = _body(request)
    seconds = _number(body, "duration_seconds", _SHORTEST_EFFECT, _LONGEST_EFFECT)
    _number(body, "prompt_influence", 0, 1)
    return _ask(request, body, _text(body, "text"), "bytes", seconds=seconds or _USUAL_SECONDS)


def read_music(request: Request, details: str) -> SoundAsk:
    """Return what a request for music asks for.

    Raises:
        BadRequest: ElevenLabs would refuse it.
    """
    body = _body(request)
    prompt, plan = body.get("prompt"), body.get("composition_plan")
    if (prompt is None) == (plan is None):
        raise BadRequest("Provide either prompt or composition_plan.", param="prompt", status=422)
    if plan is None:
        if body.get("seed") is not None:
            raise BadRequest("seed cannot be used in conjunction with prompt.", param="seed", status=422)
        length = _number(body, "music_length_ms", _SHORTEST_MUSIC, _LONGEST_MUSIC) or _USUAL_SECONDS * 1000
        text = _text(body, "prompt")
        plan = {"positive_global_styles": text.split()[:7], "negative_global_styles": [], "sections": []}
    else:
        parts = [*plan.get("sections", ()), *plan.get("chunks", ())]
        length = sum(part.get("duration_ms", 0) for part in parts) or _SHORTEST_MUSIC
        text = " ".join(line for part in parts for line in (part.get("text", ""), *part.get("lines", ()))).strip()
    timed = bool(body.get("with_timestamps"))
    return _ask(request, body, text, details, seconds=length / 1000, plan=plan, timed=timed)


def found_voices(request: Request) -> JSON:
    """Return the voices that a search finds."""
    wanted = request.query.get("search", "").lower()
    voices = [{"voice_id": one, "name": name} for one, name in VOICES.items() if wanted in name.lower()]
    return {"voices": voices, "has_more": False, "total_count": len(voices), "next_page_token": None}


def _ask(request: Request, body: Body, text: str, details: str, **fields: Any) -> SoundAsk:
    form = request.query.get("output_format", "mp3_44100_128")
    if not _CODING.fullmatch(form):
        raise BadRequest(f"Invalid output_format '{form[:40]}'.", param="output_format", code="invalid_output_format")
    form = "mp3_48000_192" if form == "auto" else form
    if form.partition("_")[0] not in BY_ARITHMETIC and find_spec("av") is None:
        raise BadRequest("The simulator makes other formats than wav and pcm with PyAV only.", param="output_format")
    model = str(body.get("model_id") or "simulator")
    return SoundAsk(model, text, input_characters=len(text), stream=True, form=form, details=details, **fields)


def _body(request: Request) -> Body:
    if not isinstance(request.json, dict):
        raise BadRequest("Input should be a valid dictionary", param="body", status=422)
    return request.json


def _text(body: Body, name: str) -> str:
    text = body.get(name)
    if not isinstance(text, str) or not text.strip():
        raise BadRequest("Field required", param=name, status=422)
    return text


def _number(body: Body, name: str, lowest: float, highest: float) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not lowest <= value <= highest:
        raise BadRequest(f"Input should be from {lowest:g} to {highest:g}", param=name, status=422)
    return float(value)


def _check_voice(voice: str) -> None:
    if voice not in VOICES:
        raise BadRequest(f"A voice with voice_id '{voice[:40]}' was not found.", status=404, code="voice_not_found")
