"""Steps of an interaction as neutral messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ....errors import InvalidMessage
from ..call import json_text
from ..neutral import Message, Part, fresh
from ..provider_data import with_data
from .contents import read_content
from .payload import CALL, INPUT, OUTPUT, PROTOCOL, RESULT, THOUGHT, UNSIGNED, InteractionsPayload, Wire

_CONTENTS: Final = frozenset(("text", "image", "audio", "video", "document"))
_CALLED, _GAVE = "_call", "_result"


def neutral_messages(payload: InteractionsPayload) -> Iterator[Message]:
    """Yield the messages of a request.

    Raises:
        InvalidMessage: Something is not in the protocol's form.
    """
    if payload.system_instruction is not None:
        if not isinstance(payload.system_instruction, str):
            raise InvalidMessage("system_instruction", "must be str")
        yield {"role": "system", "content": [{"type": "text", "text": payload.system_instruction}]}
    said: list[Part] = []
    for index, step in enumerate(_steps(payload.input)):
        where = f"input[{index}]"
        if step.get("type") in (INPUT, RESULT):
            if said:
                yield {"role": "assistant", "content": said}
                said = []
            yield _asked(step, where) if step["type"] == INPUT else _answer(step, where)
        else:
            said += _said(step, where)
    if said:
        yield {"role": "assistant", "content": said}


def _steps(given: Any) -> list[Wire]:
    """The input as steps: it may be a text, contents, or one of either."""
    if isinstance(given, str):
        given = [{"type": "text", "text": given}]
    items = [given] if isinstance(given, Mapping) else given
    if not isinstance(items, list | tuple):
        raise InvalidMessage("input", f"must be str or a list of steps, not {type(given).__name__}")
    steps: list[Wire] = []
    for index, item in enumerate(items):
        if not isinstance(item, Mapping):
            raise InvalidMessage(f"input[{index}]", f"must be an object, not {type(item).__name__}")
        if item.get("type") not in _CONTENTS:
            steps.append({name: fresh(value) for name, value in item.items() if value is not None})
        elif steps and steps[-1].get("type") == INPUT and index:
            steps[-1]["content"].append(fresh(item))
        else:
            steps.append({"type": INPUT, "content": [fresh(item)]})
    return steps


def _asked(step: Wire, where: str) -> Message:
    message: Message = {"role": "user", "content": _contents(step.get("content", []), f"{where}.content")}
    return with_data(message, PROTOCOL, _rest(step, "type", "content"))


def _answer(step: Wire, where: str) -> Message:
    result, own = step.get("result", ""), _rest(step, "type", "call_id", "name", "result", "is_error")
    call_id = step.get("call_id")
    if not isinstance(call_id, str):
        raise InvalidMessage(f"{where}.call_id", f"must be str, not {type(call_id).__name__}")
    if isinstance(result, dict):
        own["result"] = "object"
        result = json_text(result, f"{where}.result")
    content = [{"type": "text", "text": result}] if isinstance(result, str) else _contents(result, f"{where}.result")
    message: Message = {"role": "tool", "tool_call_id": call_id, "content": content}
    name = step.get("name")
    message |= {"tool_name": name} if isinstance(name, str) and name else {}
    message |= {"is_error": True} if step.get("is_error") is True else {}
    return with_data(message, PROTOCOL, own)


def _said(step: Wire, where: str) -> list[Part]:
    """What a step of the model's, or of Google's tools, says."""
    kind = step.get("type")
    if kind == OUTPUT:
        return _contents(step.get("content", []), f"{where}.content")
    if kind == THOUGHT:
        return [_thought(step, where)]
    if kind == CALL:
        return [_call(step, where)]
    run = _vendor_run(step, str(kind))
    return [with_data(run or {"type": "text", "text": ""}, PROTOCOL, {"step": step})]


def _thought(step: Wire, where: str) -> Part:
    summary, own = step.get("summary", []), _rest(step, "type", "summary")
    if not isinstance(summary, list):
        raise InvalidMessage(f"{where}.summary", f"must be a list, not {type(summary).__name__}")
    texts = [one["text"] for one in summary if isinstance(one, dict) and isinstance(one.get("text"), str)]
    if summary != [{"type": "text", "text": text} for text in texts]:
        own["summary"] = summary
    own = own or {UNSIGNED: True}
    return with_data({"type": "reasoning", "text": "", **({"summary": texts} if texts else {})}, PROTOCOL, own)


def _call(step: Wire, where: str) -> Part:
    arguments = step.get("arguments") or {}
    text = arguments if isinstance(arguments, str) else json_text(arguments, f"{where}.arguments")
    call: Part = {"type": "tool_call", "id": step.get("id"), "name": step.get("name"), "arguments": text}
    return with_data({**call, "kind": "function"}, PROTOCOL, _rest(step, "type", "id", "name", "arguments"))


def _vendor_run(step: Wire, kind: str) -> Part | None:
    is_call = kind.endswith(_CALLED)
    call_id = step.get("id" if is_call else "call_id")
    if not (is_call or kind.endswith(_GAVE)) or not isinstance(call_id, str):
        return None
    name = step.get("name") or kind.removesuffix(_CALLED).removesuffix(_GAVE)
    run: Part = {"type": "server_tool_call" if is_call else "tool_result", "tool_call_id": call_id}
    run["tool_name"] = str(name)
    if is_call:
        return run | ({"arguments": _dumped(step["arguments"])} if "arguments" in step else {})
    return run | {"content": _dumped(step.get("result", ""))} | ({"is_error": True} if step.get("is_error") else {})


def _contents(value: Any, where: str) -> list[Part]:
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    items = [value] if isinstance(value, Mapping) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, Mapping) for item in items):
        raise InvalidMessage(where, "must be a list of contents")
    return [read_content({name: one for name, one in item.items() if one is not None}) for item in items]


def _dumped(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _rest(step: Wire, *known: str) -> Wire:
    return {name: fresh(value) for name, value in step.items() if name not in known}
