"""Whole conversations as ``generateContent`` holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

from ..loss import Loss
from ..neutral import MEDIA_PARTS, MESSAGE_KEYS, Message, Part, fresh
from ..provider_data import merged, own_data
from ..sendable import sendable
from ..unsent import own_part_data, report_unknown
from .calls import CALL, RESPONSE, call_part, response_of, signed
from .media import fits_response, inline_data, media_part
from .options import GenerateContentOptions
from .payload import PROTOCOL, GenerateContentPayload, Wire
from .texts import text_parts

_SEE_BELOW: Final = "The result follows in the next message."
_NO_NAME: Final = "unknown"
_JOINED: Final = frozenset(("assistant", "tool"))
"""Roles whose messages become one content where they follow each other."""


class Conversation:
    """The contents of a request while they are written.

    Gemini wants the answers to the calls of one step in one content, right behind the content that has the calls. So
    messages of the assistant that follow each other become one content, as do answers; and media which an answer
    cannot hold goes behind the last of them.
    """

    def __init__(self, options: GenerateContentOptions, losses: list[Loss]) -> None:
        self._options, self._losses = options, losses
        self._contents: list[Wire] = []
        self._system: Wire = {}
        self._called: dict[str, tuple[str, str | None]] = {}
        self._last: str | None = None
        self._moved: list[Wire] = []

    def feed(self, message: Message, where: str) -> None:
        """Write one message in normal form."""
        role = message["role"]
        if role not in ("tool", "system"):  # a system message goes elsewhere, and parts no answers
            self._flush()
        report_unknown(message, MESSAGE_KEYS[role], PROTOCOL, where, self._losses)
        if "name" in message:
            self._lose(where, "name dropped", "Gemini has no field for it")
        own = own_data(message, PROTOCOL, where, self._losses)
        self._FEED[role](self, message, own, where)

    def payload(self) -> GenerateContentPayload:
        """Return what was written."""
        self._flush()
        return GenerateContentPayload(self._contents, self._system or None)

    def _feed_system(self, message: Message, own: Wire, where: str) -> None:
        if self._contents:
            self._lose(where, "moved to the front", "Gemini has one system instruction, before all contents")
        parts: list[Wire] = []
        for part, data, place in self._parts(message, where):
            if part["type"] == "text":
                parts += text_parts(part["text"], data, place, self._losses) or [{"text": ""}]
            else:
                self._lose(
                    place, f"{part['type']} dropped", "a system instruction holds only text; let the user say it"
                )
        if not parts:
            return  # an instruction that says nothing is refused
        content = sendable(merged({"parts": parts}, own), where, self._losses)
        self._system = merged({"parts": self._system.get("parts", []) + content["parts"]}, self._system | content)

    def _feed_user(self, message: Message, own: Wire, where: str) -> None:
        parts: list[Wire] = []
        for part, data, place in self._parts(message, where):
            if part["type"] == "text":
                parts += text_parts(part["text"], data, place, self._losses) or [{"text": ""}]
            else:
                parts.append(media_part(part, data, place, self._losses))
        self._write(message["role"], parts or [{"text": ""}], own, where)

    def _feed_assistant(self, message: Message, own: Wire, where: str) -> None:
        parts: list[Wire] = []
        for part, data, place in self._parts(message, where):
            parts += self._ASSISTANT[part["type"]](self, part, data, place)
        if self._options.signed_calls:
            parts = signed(parts, where, self._losses)
        if not parts and any(part["type"] == "text" for part in message["content"]):
            parts = [{"text": ""}]
        if parts:
            self._write(message["role"], parts, own, where)
        elif message["content"]:
            self._lose(where, "message dropped", "nothing of it is left")

    def _feed_tool(self, message: Message, own: Wire, where: str) -> None:
        call_id = message["tool_call_id"]
        name, vendor_id = self._called.get(call_id, (message.get("tool_name") or "", call_id))
        if not name:
            name = _NO_NAME
            self._lose(where, f"name {name!r} made up", "no call has this id; tool_name tells the name of the function")
        vendor_id = own.pop("id", vendor_id)
        outer = own.pop("part", {})
        texts, media = self._answer(message, where)
        response = response_of(texts or ([_SEE_BELOW] if self._moved else []), is_error=message.get("is_error", False))
        said = {"id": vendor_id} if vendor_id else {}
        body = {**said, "name": name, "response": response, **({"parts": media} if media else {})}
        more = outer if isinstance(outer, Mapping) else {}
        self._write(message["role"], [merged({RESPONSE: merged(body, own)}, more)], {}, where)

    def _answer(self, message: Message, where: str) -> tuple[list[str], list[Wire]]:
        """The texts of an answer, and the media that it can hold."""
        texts: list[str] = []
        media: list[Wire] = []
        for part, data, place in self._parts(message, where):
            if part["type"] not in MEDIA_PARTS:
                texts.append(part["text"])
                if data:
                    self._lose(place, f"provider_data of {PROTOCOL} dropped", "texts of an answer have no fields")
                if media:
                    self._lose(place, "text moved before media", "an answer holds text and media apart")
            elif self._options.media_in_responses and fits_response(part):
                media.append(merged({"inlineData": inline_data(part, place)}, data))
            else:
                why = "an answer of a tool cannot hold it"
                self._lose(place, f"{part['type']} moved into a user message behind it", why)
                if not self._moved:
                    self._moved.append({"text": f"Result of tool call {message['tool_call_id']}:"})
                self._moved.append(media_part(part, data, place, self._losses))
        return texts, media

    def _parts(self, message: Message, where: str) -> Iterator[tuple[Part, Wire, str]]:
        """The parts of a message, each with its data and its place."""
        for index, part in enumerate(message["content"]):
            place = f"{where}.content[{index}]"
            yield part, own_part_data(part, PROTOCOL, place, self._losses), place

    def _write(self, role: str, parts: list[Wire], own: Wire, where: str) -> None:
        own = {name: value for name, value in own.items() if name not in ("role", "parts")}
        side = "model" if role == "assistant" else "user"
        content = sendable(merged({"role": side, "parts": parts}, own), where, self._losses)
        if role == self._last and role in _JOINED:
            self._contents[-1]["parts"] += content["parts"]
            self._contents[-1] = merged(self._contents[-1], content)
        else:
            self._contents.append(content)
        self._last = role

    def _flush(self) -> None:
        """Write the media of the answers before."""
        if self._moved:
            self._contents.append(sendable({"role": "user", "parts": self._moved}, "messages", self._losses))
            self._moved = []

    def _lose(self, where: str, what: str, why: str) -> None:
        self._losses.append(Loss(where, what, why))

    def _text(self, part: Part, own: Wire, where: str) -> list[Wire]:
        return text_parts(part["text"], own, where, self._losses)

    def _reasoning(self, part: Part, own: Wire, where: str) -> list[Wire]:
        text = part["text"] or "\n\n".join(part.get("summary", ()))
        if not text and not own:
            self._lose(where, "reasoning dropped", "it holds nothing that Gemini can read")
        return text_parts(text, own, where, self._losses, thought=True)

    def _refusal(self, part: Part, own: Wire, where: str) -> list[Wire]:
        self._lose(where, "refusal sent as text", "Gemini has no part for it")
        return text_parts(part["text"], own, where, self._losses)

    def _call(self, part: Part, own: Wire, where: str) -> list[Wire]:
        wire = call_part(part, own, where, self._losses)
        self._called[part["id"]] = (wire[CALL]["name"], wire[CALL].get("id"))
        return [wire]

    def _vendor_run(self, part: Part, own: Wire, where: str) -> list[Wire]:
        """What Google ran goes back as it came."""
        raw = own.get("part")
        if isinstance(raw, Mapping):
            return [fresh(raw)]
        self._lose(where, f"{part['type']} dropped", "Gemini knows only what Google ran itself")
        return []

    def _medium(self, part: Part, own: Wire, where: str) -> list[Wire]:
        if own.get("candidate"):
            self._lose(where, f"{part['type']} dropped", "it is of another candidate than the message")
            return []
        return [media_part(part, own, where, self._losses)]

    _FEED: ClassVar[Mapping[str, Callable[[Conversation, Message, Wire, str], None]]] = {
        "system": _feed_system,
        "user": _feed_user,
        "assistant": _feed_assistant,
        "tool": _feed_tool,
    }
    _ASSISTANT: ClassVar[Mapping[str, Callable[[Conversation, Part, Wire, str], list[Wire]]]] = {
        "text": _text,
        "reasoning": _reasoning,
        "refusal": _refusal,
        "tool_call": _call,
        **dict.fromkeys(("tool_result", "server_tool_call"), _vendor_run),
        **dict.fromkeys(MEDIA_PARTS, _medium),
    }


def conversation(
    messages: list[dict[str, Any]], options: GenerateContentOptions, losses: list[Loss]
) -> GenerateContentPayload:
    """Return the wire form of messages in normal form, and append what is lost.

    Raises:
        InvalidMessage: Data of this protocol is no object, or nothing tells the type of a medium.
        UnresolvedMedia: Media that must be read, fetched or uploaded first.
    """
    written = Conversation(options, losses)
    for index, message in enumerate(messages):
        written.feed(message, f"messages[{index}]")
    return written.payload()
