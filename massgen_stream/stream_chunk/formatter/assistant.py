"""Assistant messages in normal form: one ordered list of parts, whatever fields their contents came in.

Fields besides `content`: https://platform.openai.com/docs/api-reference/chat/object, and what compatible servers add:
``reasoning_content`` (DeepSeek), ``reasoning`` and ``reasoning_details`` (OpenRouter), ``images`` (OpenRouter),
``extra_content`` (Gemini, https://ai.google.dev/gemini-api/docs/openai).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...errors import InvalidMessage
from .call import read_call
from .neutral import Part, fresh
from .openai_shape import read_openai_part
from .parts import read_content
from .provider_data import OPENAI_CHAT, with_data

REASONING_FIELDS: Final = ("reasoning_content", "reasoning", "thinking")
"""Fields of an assistant message in which servers send plain reasoning."""

OPTIONAL_FIELDS: Final = frozenset(
    (*REASONING_FIELDS, "reasoning_details", "refusal", "audio", "images", "tool_calls", "function_call", "name")
)
"""Fields where null means the same as nothing."""


def read_assistant(rest: dict[str, Any], where: str, protocol: str | None) -> list[Part]:
    """Return the parts of an assistant message, and take the fields they came from out of *rest*.

    Raises:
        InvalidMessage: A value of the wrong type, or calls that contradict the parts.
    """
    parts = list(_reasoning(rest))
    content = rest.pop("content", None)
    texts = [] if content is None or content == "" else read_content(content, "assistant", f"{where}.content", protocol)
    others = [*_refusal(rest), *_audio(rest), *_images(rest, where)]
    calls = list(_calls(rest, where, protocol))
    parts += [*texts, *others, *_without_views(calls, texts, where)]
    if content == "" and not parts:
        parts = [{"type": "text", "text": ""}]
    return _with_extra_content(parts, rest)


def details_text(details: list[Any]) -> str:
    """Return the readable text of OpenRouter's ``reasoning_details``."""
    items = [item for item in details if isinstance(item, Mapping)]
    texts = (item.get("text", item.get("summary")) for item in items)
    return "".join(text for text in texts if isinstance(text, str))


def _reasoning(rest: dict[str, Any]) -> Iterator[Part]:
    data: dict[str, Any] = {}
    details = rest.get("reasoning_details")
    if isinstance(details, list | tuple):
        data["reasoning_details"] = fresh(rest.pop("reasoning_details"))
    for field in REASONING_FIELDS:
        if isinstance(rest.get(field), str):
            found = {"type": "reasoning", "text": rest.pop(field)}
            yield with_data(found, OPENAI_CHAT, {"field": field, **data})
            data = {}
    if data:
        found = {"type": "reasoning", "text": details_text(data["reasoning_details"])}
        yield with_data(found, OPENAI_CHAT, data)


def _refusal(rest: dict[str, Any]) -> Iterator[Part]:
    if isinstance(rest.get("refusal"), str):
        text = rest.pop("refusal")
        if text:
            yield {"type": "refusal", "text": text}


def _audio(rest: dict[str, Any]) -> Iterator[Part]:
    """What the assistant said before is named by its id; nobody sends the sound again."""
    audio = rest.get("audio")
    if isinstance(audio, Mapping) and isinstance(audio.get("id"), str):
        more = {name: fresh(value) for name, value in rest.pop("audio").items() if name != "id"}
        part: Part = {"type": "audio", "file_id": audio["id"]}
        yield with_data(part, OPENAI_CHAT, {"audio": more} if more else {})


def _images(rest: dict[str, Any], where: str) -> Iterator[Part]:
    images = rest.get("images")
    if not isinstance(images, list | tuple) or not all(_is_image(image) for image in images):
        return
    for index, image in enumerate(rest.pop("images")):
        found = read_openai_part(image, f"{where}.images[{index}]")
        if found is not None:
            yield with_data(found, OPENAI_CHAT, {"field": "images"})


def _is_image(image: Any) -> bool:
    return isinstance(image, Mapping) and image.get("type") == "image_url" and "image_url" in image


def _calls(rest: dict[str, Any], where: str, protocol: str | None) -> Iterator[tuple[str, Part]]:
    calls = rest.pop("tool_calls", ())
    if not isinstance(calls, list | tuple):
        raise InvalidMessage(f"{where}.tool_calls", f"must be a list, not {type(calls).__name__}")
    for index, call in enumerate(calls):
        place = f"{where}.tool_calls[{index}]"
        yield place, read_call(call, place, protocol)
    legacy = rest.pop("function_call", None)
    if legacy is not None:
        place = f"{where}.function_call"
        yield place, read_call({"function": legacy}, place, protocol)


def _without_views(calls: list[tuple[str, Part]], parts: list[Part], where: str) -> Iterator[Part]:
    """Leave out the calls of ``tool_calls`` that are parts already."""
    known = {part["id"]: part for part in parts if part["type"] == "tool_call" and part["id"]}
    for place, call in calls:
        part = known.get(call["id"])
        if part is None:
            yield call
        elif (part["name"], part["arguments"]) != (call["name"], call["arguments"]):
            raise InvalidMessage(place, f"contradicts the tool_call part with the same id in {where}.content")


def _with_extra_content(parts: list[Part], rest: dict[str, Any]) -> list[Part]:
    """Gemini signs text beside it, on the message; the signature belongs to the last text."""
    last = next((index for index in range(len(parts) - 1, -1, -1) if parts[index]["type"] == "text"), None)
    if last is None or not isinstance(rest.get("extra_content"), Mapping):
        return parts
    extra = {"extra_content": fresh(rest.pop("extra_content"))}
    return [with_data(part, OPENAI_CHAT, extra) if index == last else part for index, part in enumerate(parts)]
