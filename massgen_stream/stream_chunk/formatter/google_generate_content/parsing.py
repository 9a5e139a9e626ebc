"""Contents of a ``generateContent`` request as neutral messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

from ....errors import InvalidMessage
from ..call import json_text
from ..neutral import Message, Part, fresh
from ..provider_data import with_data
from .calls import CALL, RESPONSE, SIGNATURE, STAND_IN, texts_of
from .media import FILE, INLINE, read_media_part
from .payload import PROTOCOL, GenerateContentPayload, Wire
from .texts import opaque_text, place_of

_CALLS: Final = ("executableCode", "toolCall")
_RESULTS: Final = ("codeExecutionResult", "toolResponse")
_OBJECTS: Final = (CALL, RESPONSE, INLINE, FILE, *_CALLS, *_RESULTS)
_ANSWER_KEYS: Final = ("id", "name", "response", "parts")
_NO_FAILURES: Final = (None, "OUTCOME_OK", "OUTCOME_UNSPECIFIED")
_SNAKE: Final = {
    "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name): name
    for name in (*_OBJECTS, SIGNATURE, "mimeType", "fileUri", "videoMetadata", "mediaResolution")
}
"""Google's servers take the names of its protocol buffers too."""


class Reading:
    """Contents while they are read: which ids are taken, and which calls wait for an answer."""

    def __init__(self, payload: GenerateContentPayload) -> None:
        contents = _listed(payload.contents, "contents")
        self._contents = [_content(one, f"contents[{index}]") for index, one in enumerate(contents)]
        self._system = payload.system_instruction
        used = {part[CALL].get("id") for content in self._contents for part in content["parts"] if CALL in part}
        self._free = {word: _unused(word, used) for word in ("call", "tool")}
        self._waiting: list[tuple[str, Any]] = []
        self._latest: dict[str, str] = {}

    def messages(self) -> Iterator[Message]:
        """Yield neutral messages.

        Raises:
            InvalidMessage: Something is not in the protocol's form.
        """
        if self._system is not None:
            content = _content(self._system, "systemInstruction")
            parts = [_text(part, part.get("text") or "") for part in content["parts"]]
            yield with_data({"role": "system", "content": parts}, PROTOCOL, _rest(content, "parts"))
        for index, content in enumerate(self._contents):
            if content.get("role") == "model":
                self._waiting = []
                parts = [self._said(part) for part in content["parts"]]
                yield with_data({"role": "assistant", "content": parts}, PROTOCOL, _rest(content, "role", "parts"))
            else:
                yield from self._user(content, f"contents[{index}]")

    def _user(self, content: Wire, where: str) -> Iterator[Message]:
        parts: list[Part] = []
        for index, part in enumerate(content["parts"]):
            if RESPONSE not in part:
                parts.append(_given(part))
                continue
            if parts:
                yield {"role": "user", "content": parts}
                parts = []
            yield self._answer(part, f"{where}.parts[{index}]")
        if parts or not content["parts"]:
            yield with_data({"role": "user", "content": parts}, PROTOCOL, _rest(content, "role", "parts"))

    def _answer(self, part: Wire, where: str) -> Message:
        said = part[RESPONSE]
        response = said.get("response") or {}
        if not isinstance(response, dict):
            raise InvalidMessage(f"{where}.response", f"must be an object, not {type(response).__name__}")
        texts, is_error = texts_of(response, f"{where}.response")
        call_id, own = self._answered(said)
        own |= _rest(said, *_ANSWER_KEYS)
        if outer := _rest(part, RESPONSE):
            own["part"] = outer
        media = [_given(_camel(one)) for one in _listed(said.get("parts") or [], f"{where}.parts")]
        content = [*({"type": "text", "text": text} for text in texts), *media]
        message: Message = {"role": "tool", "tool_call_id": call_id, "content": content}
        name = said.get("name")
        message |= ({"tool_name": name} if isinstance(name, str) else {}) | ({"is_error": True} if is_error else {})
        return with_data(message, PROTOCOL, own)

    def _answered(self, said: Wire) -> tuple[str, Wire]:
        """The id of the call that is answered; where it has none, the first of that name that waits."""
        given, name = said.get("id"), said.get("name")
        found = next((call for call in self._waiting if call[0] == given or (not given and call[1] == name)), None)
        if found is not None:
            self._waiting.remove(found)
            return found[0], {}
        return (str(given), {}) if given else (next(self._free["call"]), {"id": None})

    def _said(self, part: Wire) -> Part:
        """A part of the model's."""
        if CALL in part:
            return self._call(part)
        for field in (*_CALLS, *_RESULTS):
            if field in part:
                return self._vendor_run(field, part)
        if isinstance(part.get("text"), str) and part.get("thought") is True:
            rest = {name: value for name, value in part.items() if name != "thought"}
            return {**_text(rest, part["text"]), "type": "reasoning"}
        return _given(part)

    def _call(self, part: Wire) -> Part:
        said = part[CALL]
        call_id = said.get("id") or next(self._free["call"])
        own: Wire = {} if said.get("id") else {"id": None}
        own |= {name: value for name, value in _rest(part, CALL).items() if (name, value) != (SIGNATURE, STAND_IN)}
        if more := _rest(said, "id", "name", "args"):
            own[CALL] = more
        self._waiting.append((call_id, said.get("name")))
        arguments = json_text(said.get("args") or {}, "args")
        call: Part = {"type": "tool_call", "id": call_id, "name": said.get("name"), "arguments": arguments}
        return with_data({**call, "kind": "function"}, PROTOCOL, own)

    def _vendor_run(self, field: str, part: Wire) -> Part:
        said = part[field]
        is_call = field in _CALLS
        kind = field if is_call else _CALLS[_RESULTS.index(field)]
        call_id = said.get("id") or (None if is_call else self._latest.get(kind)) or next(self._free["tool"])
        self._latest[kind] = str(call_id)
        name = "code_execution" if kind == "executableCode" else said.get("toolType") or "tool"
        run: Part = {"type": "server_tool_call" if is_call else "tool_result", "tool_call_id": call_id}
        run |= {"tool_name": name, **(_of_call(said) if is_call else _of_result(said))}
        return with_data(run, PROTOCOL, {"part": fresh(part)})


def _unused(word: str, used: set[Any]) -> Iterator[str]:
    return (name for name in (f"{word}_{number}" for number in count()) if name not in used)


def _given(part: Wire) -> Part:
    """A part that either side may send."""
    if isinstance(part.get(INLINE), dict) or isinstance(part.get(FILE), dict):
        return read_media_part(part)
    if isinstance(part.get("text"), str):
        return _text(part, part["text"])
    return with_data({"type": "text", "text": ""}, PROTOCOL, opaque_text(part))


def _text(part: Wire, text: str) -> Part:
    fields = _rest(part, "text")
    return with_data({"type": "text", "text": text}, PROTOCOL, place_of(text, fields))


def _of_call(said: Wire) -> Part:
    arguments = said.get("args")
    if "code" in said:
        arguments = {name: said[name] for name in ("language", "code") if name in said}
    return {} if arguments is None else {"arguments": _dumped(arguments), "status": "in_progress"}


def _of_result(said: Wire) -> Part:
    content = said.get("output", said.get("response", ""))
    failed = {"is_error": True} if said.get("outcome") not in _NO_FAILURES else {}
    return {"content": content if isinstance(content, str) else _dumped(content), **failed}


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _content(content: Any, where: str) -> Wire:
    if not isinstance(content, Mapping):
        raise InvalidMessage(where, f"must be an object with `parts`, not {type(content).__name__}")
    found = {name: fresh(value) for name, value in content.items() if value is not None}
    parts = _listed(found.get("parts", []), f"{where}.parts")
    found["parts"] = [_part(part, f"{where}.parts[{index}]") for index, part in enumerate(parts)]
    return found


def _part(part: Any, where: str) -> Wire:
    if not isinstance(part, Mapping):
        raise InvalidMessage(where, f"must be an object, not {type(part).__name__}")
    found = _camel(part)
    for field in _OBJECTS:
        if not isinstance(found.get(field, {}), Mapping):
            raise InvalidMessage(f"{where}.{field}", "must be an object")
    return found


def _camel(part: Mapping[str, Any]) -> Wire:
    """A part in the names of its JSON form; what is null or false is as good as missing."""
    named = {_SNAKE.get(name, name): fresh(value) for name, value in part.items() if value is not None}
    if named.get("thought") is False:
        del named["thought"]
    for field in (INLINE, FILE):
        if isinstance(named.get(field), dict):
            named[field] = {_SNAKE.get(name, name): value for name, value in named[field].items()}
    return named


def _listed(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise InvalidMessage(where, f"must be a list, not {type(value).__name__}")
    return list(value)


def _rest(value: Wire, *known: str) -> Wire:
    return {name: fresh(item) for name, item in value.items() if name not in known}
