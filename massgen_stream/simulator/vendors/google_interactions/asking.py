"""What an Interactions request asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final

from ....errors import InvalidMessage
from ....stream_chunk.formatter import InteractionsFormatter
from ....stream_chunk.formatter.google_interactions import InteractionsPayload
from ...answers.spoken import BY_ARITHMETIC
from ...ask import Tool
from ...body_fields import flag_at, number_at, object_at, wrong_type
from ...conversation import reading
from ...vendor import BadRequest
from .drawing import read_picture
from .filming import video_of
from .interactions_ask import InteractionsAsk
from .sounding import FORMS

Body = Mapping[str, Any]
_KNOWN: Final = frozenset((
    "agent", "agent_config", "background", "cached_content", "continuation_token", "environment", "generation_config",
    "input", "labels", "model", "previous_interaction_id", "response_format", "response_mime_type",
    "response_modalities", "safety_settings", "service_tier", "store", "stream", "system_instruction", "tools",
    "webhook_config",
))  # fmt: skip
_CONFIG: Final = frozenset((
    "image_config", "max_output_tokens", "seed", "speech_config", "stop_sequences", "temperature", "thinking_level",
    "thinking_summaries", "tool_choice", "top_p", "transcription_config", "video_config",
))  # fmt: skip
_NATIVE: Final = {
    "google_search": "web_search",
    "url_context": "web_fetch",
    "code_execution": "code_execution",
    "google_maps": "maps",
    "file_search": "file_search",
    "computer_use": "computer_use",
}
_MUSIC: Final = "lyria"
_MODES: Final = {"auto": "auto", "validated": "auto", "none": "none", "any": "required"}


def read_ask(body: Body) -> InteractionsAsk:
    """Return what *body* asks for.

    Raises:
        BadRequest: It is no such request.
    """
    _check_names(body, _KNOWN, "")
    try:
        return _read(body)
    except InvalidMessage as problem:
        message = f"Invalid value for '{problem.where}': {problem.problem}."
        raise BadRequest(message, param=problem.where) from None


def _read(body: Body) -> InteractionsAsk:
    config = object_at(body, "generation_config")
    _check_names(config, _CONFIG, " in 'generation_config'")
    functions, native = _tools(body)
    choice, functions = _choice(config.get("tool_choice"), functions)
    as_json, schema, pictures = _format(body)
    stops = config.get("stop_sequences") or []
    if not isinstance(stops, list) or not all(isinstance(text, str) for text in stops):
        raise wrong_type("generation_config.stop_sequences", "a list of texts")
    return InteractionsAsk(
        model=_answerer(body),
        **_conversation(body),
        tools=tuple(functions),
        tool_choice=choice,
        server_tools=(*native, *(("image_generation",) if pictures else ())),
        reasoning=config.get("thinking_summaries") == "auto",
        json=as_json,
        schema=schema,
        max_tokens=number_at(config, "max_output_tokens"),
        stop=tuple(stops),
        stream=flag_at(body, "stream"),
        kept=body.get("store") is not False,
        **_sound(body),
        video=video_of(body),
        background=flag_at(body, "background"),
        **read_picture(body.get("response_format")),
    )


def _check_names(body: Body, known: frozenset[str], where: str) -> None:
    for name in body:
        if name not in known:
            raise BadRequest(f"Unknown parameter '{name[:40]}'{where}.", param=name)


def _answerer(body: Body) -> str:
    """The model or the agent; one of them is needed, and only one."""
    found = [body[name] for name in ("model", "agent") if isinstance(body.get(name), str) and body[name]]
    if len(found) != 1:
        raise BadRequest("Exactly one of 'model' and 'agent' must be given.", param="model")
    if "agent" in body and "generation_config" in body:
        raise BadRequest("'generation_config' cannot be given with 'agent'.", param="generation_config")
    return str(found[0])


def _conversation(body: Body) -> dict[str, Any]:
    given = body.get("input")
    if given in (None, "", []) and not body.get("continuation_token"):
        raise BadRequest("Missing required parameter 'input'.", param="input")
    payload = InteractionsPayload([] if given is None else given, body.get("system_instruction"))
    found = reading(_paired(payload))
    found["input_characters"] += len(json.dumps(body["tools"])) if body.get("tools") else 0
    return found


def _paired(payload: InteractionsPayload) -> list[dict[str, Any]]:
    """The messages; answers to calls of an interaction that the server keeps need not come with the calls."""
    steps = payload.input if isinstance(payload.input, list) else [payload.input]
    called = {step.get("id") for step in steps if isinstance(step, dict) and step.get("type") == "function_call"}
    answered = [step for step in steps if isinstance(step, dict) and step.get("type") == "function_result"]
    missing = [step for step in answered if step.get("call_id") not in called]
    made = [
        {"type": "function_call", "id": step.get("call_id"), "name": step.get("name") or "unknown"} for step in missing
    ]
    given = [*made, *steps] if made else payload.input
    return InteractionsFormatter().parse_messages(payload._replace(input=given))


def _tools(body: Body) -> tuple[list[Tool], list[str]]:
    """The functions, and Google's own tools."""
    functions: list[Tool] = []
    native: list[str] = []
    given = body.get("tools") or []
    if not isinstance(given, list):
        raise wrong_type("tools", "a list")
    for index, tool in enumerate(given):
        kind = tool.get("type") if isinstance(tool, dict) else None
        if kind == "function" and isinstance(tool.get("name"), str) and tool["name"]:
            schema = tool.get("parameters")
            functions.append(Tool(tool["name"], schema if isinstance(schema, dict) else {}))
        elif kind == "function" or not isinstance(kind, str):
            raise BadRequest(f"Invalid value for 'tools[{index}]'.", param=f"tools[{index}]")
        elif kind in _NATIVE:
            native.append(_NATIVE[kind])
    return functions, native


def _choice(given: Any, tools: list[Tool]) -> tuple[str, list[Tool]]:
    """The choice as `Ask` has it, and the functions that it leaves."""
    allowed = given.get("allowed_tools") if isinstance(given, dict) else {"mode": given or "auto"}
    mode = allowed.get("mode", "auto") if isinstance(allowed, dict) else None
    names = allowed.get("tools") or [] if isinstance(allowed, dict) else []
    if mode not in _MODES or not isinstance(names, list):
        raise BadRequest("Invalid value for 'generation_config.tool_choice'.", param="generation_config.tool_choice")
    if unknown := [name for name in names if name not in {tool.name for tool in tools}]:
        raise BadRequest(f"Tool '{str(unknown[0])[:40]}' in 'tool_choice' is not declared.", param="tools")
    kept = [tool for tool in tools if not names or tool.name in names]
    choice = _MODES[mode]
    return (names[0] if choice == "required" and len(names) == 1 else choice), kept


def _format(body: Body) -> tuple[bool, dict[str, Any] | None, bool]:
    """Whether the answer must be JSON, of which schema, and whether it shall hold a picture."""
    given = body.get("response_format")
    formats = given if isinstance(given, list) else [] if given is None else [given]
    if not all(isinstance(one, dict) for one in formats):
        raise wrong_type("response_format", "an object")
    texts = [one for one in formats if one.get("type") == "text"]
    as_json = any(one.get("mime_type") == "application/json" for one in texts)
    schema = next((one["schema"] for one in texts if isinstance(one.get("schema"), dict)), None)
    modalities = body.get("response_modalities") or []
    pictures = any(one.get("type") == "image" for one in formats) or "image" in modalities
    return as_json, schema, pictures


def _sound(body: Body) -> dict[str, Any]:
    """What sound the answer shall be, if any: a model of music makes it whatever is asked for."""
    given = body.get("response_format")
    formats = given if isinstance(given, list) else [given]
    audio = next((one for one in formats if isinstance(one, dict) and one.get("type") == "audio"), None)
    music = str(body.get("model", "")).startswith(_MUSIC)
    if audio is None and not music:
        return {}
    usual = "audio/mp3" if music else "audio/l16" if body.get("stream") is True else "audio/wav"
    mime_type = (audio or {}).get("mime_type") or usual
    if mime_type not in FORMS:
        raise BadRequest("Invalid value for 'response_format.mime_type'.", param="response_format")
    if FORMS[mime_type] not in BY_ARITHMETIC and find_spec("av") is None:
        raise BadRequest("The simulator makes other formats than l16 and wav with PyAV only.", param="response_format")
    return {"sound": mime_type, "music": music}
