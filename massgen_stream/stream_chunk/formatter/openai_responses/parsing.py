"""Lists of items as messages in normal form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ....errors import InvalidMessage
from ..call import arguments_text, json_text
from ..media import read_media
from ..neutral import Message, Part, fresh
from ..pairing import pair
from ..provider_data import OPENAI_RESPONSES
from .answers import OUTPUT_OF, output_type
from .assistant import PICTURE
from .parsing_content import read_content, read_output_content, textual

Item = dict[str, Any]
_ROLES: Final = MappingProxyType({"system": "system", "developer": "system", "user": "user", "assistant": "assistant"})
_CALLS: Final = MappingProxyType({"function_call": ("function", "arguments"), "custom_tool_call": ("custom", "input")})
_ANSWERS: Final = frozenset(OUTPUT_OF.values())
_PLAIN_ANSWERS: Final = frozenset(("function_call_output", "custom_tool_call_output"))
_OUTPUTS: Final = ("output", "result", "reason")


def parse_input(payload: str | Iterable[Mapping[str, Any]]) -> list[Message]:
    """Return the messages of a request's ``input``.

    Raises:
        InvalidMessage: It is neither text nor a list of items; `where` is its path, as ``input[2].content``.
    """
    if isinstance(payload, str):
        return [{"role": "user", "content": [{"type": "text", "text": payload}]}]
    if isinstance(payload, bytes | Mapping) or not isinstance(payload, Iterable):
        raise InvalidMessage("input", f"must be text or a list of items, not {type(payload).__name__}")
    parsed = _Parsing()
    for index, item in enumerate(payload):
        where = f"input[{index}]"
        if not isinstance(item, Mapping):
            raise InvalidMessage(where, f"must be an object with a `type` or a `role`, not {type(item).__name__}")
        try:
            parsed.feed(fresh(item), where)
        except RecursionError:
            raise InvalidMessage(where, "is nested too deeply, or contains itself") from None
    pair(parsed.messages, "input")
    return parsed.messages


class _Parsing:
    """The messages while they are read. What an assistant did until somebody else speaks is one message."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._called: dict[str, Item] = {}

    def feed(self, item: Item, where: str) -> None:
        """Read one item."""
        kind = item.get("type")
        if kind in (None, "message") and "role" in item:
            self._message(item, where)
        elif kind in _PLAIN_ANSWERS:
            self.messages.append(self._answer(item, where))
        elif kind in _ANSWERS and self._is_for_client(item):
            self.messages.append(_other_answer(item))
        elif kind in _CALLS:
            self._called[str(item.get("call_id"))] = dict(item)
            self._did(_call(item, where))
        elif kind == "reasoning":
            self._did(_reasoning(item))
        elif isinstance(kind, str) or isinstance(item.get("id"), str):  # a reference may be an id alone
            self._called[str(item.get("call_id") or item.get("id"))] = item
            self._did(*_ran(item, where))
        else:
            raise InvalidMessage(f"{where}.type", f"must be the type of an item, not {str(kind)[:40]!r}")

    def _message(self, item: Item, where: str) -> None:
        role = _ROLES.get(item["role"]) if isinstance(item["role"], str) else None
        if role is None:
            found = str(item["role"])[:40]
            raise InvalidMessage(f"{where}.role", f"must be one of {', '.join(_ROLES)}, not {found!r}")
        if role == "assistant":
            parts = textual(item, where)
            if "item_id" not in parts[0] and self._is_speaking():
                self.messages.append({"role": "assistant", "content": parts})
            else:
                self._did(*parts)
            return
        own = {name: value for name, value in item.items() if name not in ("role", "content")}
        own |= {"role": "developer"} if item["role"] == "developer" else {}
        content = read_content(item.get("content"), f"{where}.content")
        self.messages.append({"role": role, "content": content, **_data(own)})

    def _is_speaking(self) -> bool:
        """Whether the latest part is text of a message without an id, which the next one would be taken for."""
        last = self.messages[-1] if self.messages else None
        if last is None or last["role"] != "assistant":
            return False
        return last["content"][-1]["type"] in ("text", "refusal") and "item_id" not in last["content"][-1]

    def _did(self, *parts: Part) -> None:
        if not self.messages or self.messages[-1]["role"] != "assistant":
            self.messages.append({"role": "assistant", "content": []})
        self.messages[-1]["content"] += parts

    def _answer(self, item: Item, where: str) -> Message:
        kind, call_id, output = item.pop("type"), item.pop("call_id", None), item.pop("output", None)
        if not isinstance(call_id, str | None):
            raise InvalidMessage(f"{where}.call_id", f"must be str, not {type(call_id).__name__}")
        usual = output_type(self._called.get(call_id or "", {}))
        own = ({} if kind == usual else {"type": kind}) | item
        if not isinstance(output, str | list | None):
            output = json_text(output, f"{where}.output")
        content = read_output_content(output, f"{where}.output")
        return {"role": "tool", "tool_call_id": call_id or "", "content": content, **_data(own)}

    def _is_for_client(self, item: Item) -> bool:
        """Whether an output answers a call; what ran at the vendor's is a part of what the assistant did."""
        call = self._called.get(str(item.get("call_id")))
        return call is None or output_type(call) == item["type"]


def _call(item: Item, where: str) -> Part:
    kind, field = _CALLS[item.pop("type")]
    for name in ("call_id", "name"):
        if not isinstance(item.get(name), str):
            raise InvalidMessage(f"{where}.{name}", f"must be str, not {type(item.get(name)).__name__}")
    if not item["name"]:
        raise InvalidMessage(f"{where}.name", "must not be empty")
    part: Part = {"type": "tool_call", "id": item.pop("call_id"), "name": item.pop("name")}
    part |= {"arguments": arguments_text(item.pop(field, None), kind, where), "kind": kind}
    return part | ({} if not item else _data({"item": item}))


def _reasoning(item: Item) -> Part:
    part: Part = {"type": "reasoning", "text": "".join(_texts(item.get("content")))}
    summary = _texts(item.get("summary"))
    part |= {"summary": summary} if summary else {}
    part |= {"item_id": item["id"]} if isinstance(item.get("id"), str) else {}
    return part | _data({"item": item})


def _texts(parts: Any) -> list[str]:
    found = [part.get("text") for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return [text for text in found if isinstance(text, str)]


def _ran(item: Item, where: str) -> list[Part]:
    """The parts of an item that the vendor made, or that the neutral form does not know."""
    kind = str(item.get("type", "item_reference"))
    call_id = next((item[name] for name in ("call_id", "id") if isinstance(item.get(name), str)), "")
    if kind.endswith("_output"):
        said = next((item[name] for name in _OUTPUTS if isinstance(item.get(name), str)), "")
        return [{"type": "tool_result", "tool_call_id": call_id, "content": said, **_data({"item": item})}]
    name = item["name"] if isinstance(item.get("name"), str) else kind.removesuffix("_call")
    part: Part = {"type": "server_tool_call", "tool_call_id": call_id, "tool_name": name}
    picture = item.get("result") if kind == PICTURE and isinstance(item.get("id"), str) else None
    if not isinstance(picture, str) or not picture:
        return [part | _data({"item": item})]
    del item["result"]
    image = read_media({"base64": picture, "media_id": item["id"]}, "image", f"{where}.result")
    return [part | _data({"item": item}), image]


def _other_answer(item: Item) -> Message:
    names = ("call_id", "approval_request_id", "id")
    call_id = next((item[name] for name in names if isinstance(item.get(name), str)), "")
    said = next((item[name] for name in _OUTPUTS if isinstance(item.get(name), str)), None)
    content = [{"type": "text", "text": said}] if said is not None else []
    return {"role": "tool", "tool_call_id": call_id, "content": content, **_data({"item": item})}


def _data(own: Item) -> dict[str, Any]:
    return {"provider_data": {OPENAI_RESPONSES: own}} if own else {}
