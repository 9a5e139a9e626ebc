"""An assistant message as xAI holds it: several messages, where xAI ran tools between its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from ..loss import Loss
from ..media import data_url
from ..neutral import MEDIA_PARTS, Message, Part
from ..unsent import own_part_data
from .enums import PROTOCOL
from .tool import format_call

Wire = dict[str, Any]
_REASONING, _CONTENT, _CALLS = range(3)
_MARKS: Final = ("output", "image")
"""What is known of a result and not sent."""

_NOT_OURS: Final = "xAI takes back only what its own tools did"


class Turn:
    """The messages of one turn of the assistant while its parts are written.

    A message holds reasoning, then text, then calls. What xAI's tools returned is a message of its own, and what the
    assistant says after it begins another one.

    Args:
        parts: All parts of the turn.
        losses: Takes what is lost.
    """

    def __init__(self, parts: list[Part], losses: list[Loss]) -> None:
        self._losses = losses
        self._images = {part["media_id"]: part for part in parts if part["type"] == "image" and "media_id" in part}
        self._ran = {part["tool_call_id"] for part in parts if part["type"] == "server_tool_call" and _raw_call(part)}
        self._returned = {_image_of(part).get("media_id") for part in parts if part["type"] == "tool_result"}
        self._wire: Wire | None = None
        self._place, self._calls_client = _REASONING, False
        self._output: int | None = None  # of the latest message, where a part has told it
        self.messages: list[Wire] = []

    def feed(self, part: Part, where: str) -> None:
        """Write one part."""
        self._FEED[part["type"]](self, part, own_part_data(part, PROTOCOL, where, self._losses), where)

    def _lose(self, where: str, what: str, why: str) -> None:
        self._losses.append(Loss(where, what, why))

    def _at(self, place: int, where: str, *, anew: bool = False) -> Wire:
        """Return the message that a part belongs to, by its place in the order of a message."""
        if self._wire is not None and place < self._place:
            if self._calls_client:  # the answers to its calls must follow it
                self._lose(where, "order of parts changed", "xAI holds reasoning, text and calls of a message apart")
                return self._wire
            anew = True
        if self._wire is None or (anew and not self._calls_client):
            self._wire = {"role": "ROLE_ASSISTANT"}
            self._calls_client, self._output = False, None
            self.messages.append(self._wire)
        self._place = place
        return self._wire

    def _text(self, part: Part, _: Wire, where: str) -> None:
        if part["text"]:
            self._at(_CONTENT, where).setdefault("content", []).append({"text": part["text"]})

    def _refusal(self, part: Part, own: Wire, where: str) -> None:
        self._lose(where, "refusal sent as text", "xAI has no refusals")
        self._text(part, own, where)

    def _reason(self, part: Part, own: Wire, where: str) -> None:
        """Encrypted reasoning without text belongs to what is there; each message holds one."""
        text, encrypted = part["text"] or "\n\n".join(part.get("summary", ())), _joined(own.get("encrypted_content"))
        if not text and not encrypted:
            return
        output = own.get("output", 0)
        full = self._wire is not None and "encrypted_content" in self._wire
        if not text and self._wire is not None and not full and self._output in (None, output):
            self._wire["encrypted_content"] = encrypted
            return
        if encrypted and full and self._calls_client:
            self._lose(where, "reasoning dropped", "a message of xAI has one encrypted content")
            return
        wire = self._at(_REASONING, where, anew=bool(encrypted) and (full or not text))
        self._output = output
        if "reasoning_content" in wire:
            self._lose(where, "reasoning joined with what was before", "a message of xAI has one text of it")
            text = f"{wire['reasoning_content']}\n\n{text}"
        wire |= {"reasoning_content": text} if text else {}
        wire |= {"encrypted_content": encrypted} if encrypted else {}

    def _call(self, part: Part, own: Wire, where: str) -> None:
        self._at(_CALLS, where).setdefault("tool_calls", []).append(format_call(part, own, where, self._losses))
        self._calls_client = True

    def _server_call(self, _: Part, own: Wire, where: str) -> None:
        raw, output = own.get("tool_call"), own.get("output", 0)
        if not isinstance(raw, dict):
            self._lose(where, "server_tool_call dropped", _NOT_OURS)
        elif not own.get("echoed"):  # else the result holds it
            other = self._wire is not None and "tool_calls" in self._wire and self._output != output
            wire = self._at(_CALLS, where, anew=other)
            wire.setdefault("tool_calls", []).append(raw)
            self._output = output

    def _result(self, part: Part, own: Wire, where: str) -> None:
        calls, content = own.pop("tool_calls", None), part.get("content")
        if not isinstance(calls, list):
            if part["tool_call_id"] not in self._ran:
                self._lose(where, "tool_result dropped", _NOT_OURS)
                return
            wire: Wire = {"tool_call_id": part["tool_call_id"]}
        else:
            named = calls[0].get("id") if calls and isinstance(calls[0], dict) else None
            wire = ({"tool_calls": calls} if calls else {}) | ({"tool_call_id": named} if named else {})
        text = self._whole(content if isinstance(content, str) else "", _image_of(part), where)
        encrypted = _joined(own.pop("encrypted_content", None))
        wire |= {"encrypted_content": encrypted} if encrypted else {}
        rest = {name: value for name, value in own.items() if name not in _MARKS}
        self.messages.append({**rest, "role": "ROLE_TOOL", "content": [{"text": text}], **wire})
        self._wire, self._place, self._calls_client = None, _REASONING, False

    def _whole(self, content: str, image: Wire, where: str) -> str:
        """The output of an image tool with the image back in its place."""
        at, found = image.get("at"), self._images.get(image.get("media_id"))
        if not isinstance(at, int):
            return content
        if found is None or not ("data" in found or "base64" in found):
            self._lose(where, "image missing in the result", "the message does not hold it any more")
            return content
        return content[:at] + data_url(found) + content[at:]

    def _media(self, part: Part, _: Wire, where: str) -> None:
        if part.get("media_id") is None or part["media_id"] not in self._returned:
            why = "an assistant message of xAI holds text and calls; show it to the model in a user message"
            self._lose(where, f"{part['type']} dropped", why)

    _FEED: ClassVar[Mapping[str, Callable[[Turn, Part, Wire, str], None]]] = {
        "text": _text,
        "refusal": _refusal,
        "reasoning": _reason,
        "tool_call": _call,
        "server_tool_call": _server_call,
        "tool_result": _result,
        **dict.fromkeys(MEDIA_PARTS, _media),
    }


def assistant_messages(message: Message, where: str, losses: list[Loss]) -> list[Wire]:
    """Return the messages that an assistant message in normal form makes, at least one.

    Raises:
        InvalidMessage: Data of this protocol is no object.
    """
    turn = Turn(message["content"], losses)
    for index, part in enumerate(message["content"]):
        turn.feed(part, f"{where}.content[{index}]")
    return [{"content": [{"text": ""}], **wire} for wire in turn.messages or [{"role": "ROLE_ASSISTANT"}]]


def _raw_call(part: Part) -> Any:
    data = part.get("provider_data", {}).get(PROTOCOL)
    return data.get("tool_call") if isinstance(data, Mapping) else None


def _image_of(part: Part) -> Wire:
    data = part.get("provider_data", {}).get(PROTOCOL)
    image = data.get("image") if isinstance(data, Mapping) else None
    return dict(image) if isinstance(image, Mapping) else {}


def _joined(pieces: Any) -> str:
    """Encrypted content as it came: whole, or in pieces."""
    if isinstance(pieces, list):
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return pieces if isinstance(pieces, str) else ""
