"""What a generateContent request asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ....errors import InvalidMessage
from ....stream_chunk.formatter import GenerateContentFormatter
from ....stream_chunk.formatter.google_generate_content import GenerateContentPayload
from ...answers.proportions import proportioned
from ...ask import Ask, Tool
from ...conversation import reading
from ...vendor import BadRequest
from .fields import camelled, number_at, object_at, texts_at, without_unknown

Body = Mapping[str, Any]
_MOST_CANDIDATES: Final = 8
_NATIVE: Final = {
    "googleSearch": "web_search",
    "googleSearchRetrieval": "web_search",
    "urlContext": "web_fetch",
    "codeExecution": "code_execution",
    "googleMaps": "maps",
    "fileSearch": "file_search",
    "computerUse": "computer_use",
}
_MODES: Final = {"AUTO": "auto", "VALIDATED": "auto", "MODE_UNSPECIFIED": "auto", "NONE": "none", "ANY": "required"}
_IMAGE_CONFIG: Final = frozenset((
    "aspectRatio", "imageOutputOptions", "imageSize", "personGeneration", "prominentPeople",
))  # fmt: skip
"""https://ai.google.dev/api/generate-content#ImageConfig"""
_PICTURE_FORMS: Final = {"image/png": "png", "image/jpeg": "jpeg"}
_TRANSCRIBES: Final = "transcribe"
_SIGNING: Final = re.compile(r"gemini-([3-9]|\d\d)")
"""Models that want their signatures back: https://ai.google.dev/gemini-api/docs/thought-signatures"""


class GoogleAsk(Ask, frozen=True):
    """What only Google's requests ask for.

    Attributes:
        shows_tools: Whether the answer shows what Google's own tools did, beside the client's functions.
        streams_arguments: Whether the arguments of calls come in pieces, as only Google Cloud sends them.
        picture: Width and height of pictures.
        picture_form: How they are coded: ``png`` or ``jpeg``.
        transcription: How a model that transcribes is to do it; None: the model is another one.
    """

    shows_tools: bool = False
    streams_arguments: bool = False
    picture: tuple[int, int] = (96, 64)
    picture_form: str = "png"
    transcription: Mapping[str, Any] | None = None


def read_ask(body: Body, model: str, *, stream: bool) -> GoogleAsk:
    """Return what *body* asks *model* for.

    Raises:
        BadRequest: It is no such request, or one that Google refuses.
    """
    body = without_unknown(body)
    try:
        return _read(body, model, stream=stream)
    except InvalidMessage as problem:
        raise BadRequest(f"Invalid value at '{problem.where}': {problem.problem}", param=problem.where) from None


def _read(body: Body, model: str, *, stream: bool) -> GoogleAsk:
    contents = body.get("contents")
    if not contents:
        raise BadRequest("* GenerateContentRequest.contents: contents is not specified", param="contents")
    payload = GenerateContentPayload(contents, body.get("systemInstruction"))
    found = reading(GenerateContentFormatter().parse_messages(payload))
    _check_pairs(contents)
    _check_signatures(contents, model)
    config = object_at(body, "generationConfig")
    functions, native = _tools(body)
    choice, functions = _choice(body, functions)
    found["input_characters"] += len(json.dumps(body["tools"])) if body.get("tools") else 0
    pictures = ("image_generation",) if "IMAGE" in texts_at(config, "responseModalities") else ()
    schema = config.get("responseJsonSchema") or config.get("responseSchema")
    calling = object_at(body, "toolConfig")
    return GoogleAsk(
        model=model,
        **found,
        tools=tuple(functions),
        tool_choice=choice,
        server_tools=(*native, *pictures),
        reasoning=object_at(config, "thinkingConfig").get("includeThoughts") is True,
        json=config.get("responseMimeType") == "application/json",
        schema=lowered(schema) if isinstance(schema, dict) else None,
        max_tokens=number_at(config, "maxOutputTokens"),
        stop=texts_at(config, "stopSequences"),
        choices=number_at(config, "candidateCount", most=_MOST_CANDIDATES) or 1,
        stream=stream,
        shows_tools=calling.get("includeServerSideToolInvocations") is True,
        streams_arguments=object_at(calling, "functionCallingConfig").get("streamFunctionCallArguments") is True,
        transcription=object_at(config, "audioTranscriptionConfig") if _TRANSCRIBES in model else None,
        **_picture(object_at(config, "imageConfig")),
    )


def _picture(config: Body) -> dict[str, Any]:
    """The size of pictures, where a shape is asked for."""
    unknown = next((name for name in config if name not in _IMAGE_CONFIG), None)
    found = proportioned(str(config.get("aspectRatio", "1:1")), str(config.get("imageSize", "1K")))
    form = _PICTURE_FORMS.get(object_at(config, "imageOutputOptions").get("mimeType", "image/png"))
    if unknown is not None or found is None or form is None:
        raise BadRequest("Invalid value at 'generation_config.image_config'.", param=unknown or "imageConfig")
    return ({"picture": found} if config.keys() & {"aspectRatio", "imageSize"} else {}) | {"picture_form": form}


def lowered(schema: Any) -> Any:
    """Return a schema with its types as JSON Schema spells them; Google also writes ``OBJECT``."""
    if isinstance(schema, dict):
        return {
            name: value.lower() if name == "type" and isinstance(value, str) else lowered(value)
            for name, value in schema.items()
        }
    return [lowered(item) for item in schema] if isinstance(schema, list) else schema


def _tools(body: Body) -> tuple[list[Tool], list[str]]:
    """The functions, and Google's own tools."""
    functions: list[Tool] = []
    native: list[str] = []
    for tool in body.get("tools") or ():
        if not isinstance(tool, dict):
            raise BadRequest("Invalid value at 'tools': an object is expected.", param="tools")
        named = camelled(tool)
        native += [name for field, name in _NATIVE.items() if isinstance(named.get(field), dict)]
        functions += _functions(named)
    return functions, native


def _functions(tool: Body) -> Iterator[Tool]:
    for given in tool.get("functionDeclarations") or ():
        declared = camelled(given) if isinstance(given, dict) else {}
        name = declared.get("name")
        if not isinstance(name, str) or not name:
            raise BadRequest("* GenerateContentRequest.tools[0].function_declarations[0].name: Invalid function name.")
        schema = declared.get("parametersJsonSchema") or declared.get("parameters") or {}
        yield Tool(name, lowered(schema))


def _choice(body: Body, tools: list[Tool]) -> tuple[str, list[Tool]]:
    """The choice as `Ask` has it, and the functions that it leaves."""
    config = object_at(object_at(body, "toolConfig"), "functionCallingConfig")
    mode = str(config.get("mode") or "AUTO")
    if mode not in _MODES:
        raise BadRequest(f"Invalid value at 'tool_config.function_calling_config.mode': {mode[:40]!r}")
    names = texts_at(config, "allowedFunctionNames")
    if unknown := [name for name in names if name not in {tool.name for tool in tools}]:
        raise BadRequest(f"* allowed_function_names: {unknown[0][:40]!r} is not declared.")
    kept = [tool for tool in tools if not names or tool.name in names]
    choice = _MODES[mode]
    return (names[0] if choice == "required" and len(names) == 1 else choice), kept


def _check_pairs(contents: list[Body]) -> None:
    """Refuse calls and answers that do not stand behind each other: https://ai.google.dev/api/generate-content."""
    waiting = 0
    for content in contents:
        parts = [part for part in content.get("parts") or () if isinstance(part, dict)]
        if sum("functionResponse" in part for part in parts) != waiting:
            wanted = "as many function response parts as the function call turn before it has function call parts"
            raise BadRequest(f"Please ensure that a function response turn has {wanted}.", param="contents")
        waiting = sum("functionCall" in part for part in parts)


def _check_signatures(contents: list[Body], model: str) -> None:
    """Refuse the first call of a step without a signature, in the turn that is under way."""
    if not _SIGNING.match(model.rpartition("/")[2]):
        return
    for content in reversed(contents):
        parts = [part for part in content.get("parts") or () if isinstance(part, dict)]
        if content.get("role") != "model":
            if any("functionResponse" not in part for part in parts):
                return
            continue
        first = next((part for part in parts if "functionCall" in part), None)
        if first is not None and not first.get("thoughtSignature"):
            raise BadRequest("Function call is missing a thought_signature in functionCall parts.")
