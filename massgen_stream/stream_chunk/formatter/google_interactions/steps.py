"""Whole conversations as the steps of an interaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

from ..google_arguments import arguments_of, loaded
from ..loss import Loss
from ..neutral import MEDIA_PARTS, MESSAGE_KEYS, Message, Part, fresh
from ..provider_data import merged, own_data
from ..sendable import sendable
from ..sent_call import sent_name
from ..unsent import own_part_data, report_unknown
from .contents import DRAWN, RAW, media_content, text_content
from .payload import CALL, INPUT, OUTPUT, PROTOCOL, RESULT, THOUGHT, UNSIGNED, InteractionsPayload, Wire

_EMPTY: Final[Wire] = {"type": "text", "text": ""}
_OBJECT: Final = "object"
"""What the data of an answer says under ``result``, where that is a JSON object and no text."""


class Conversation:
    """The steps of a request while they are written; text and media of the model that follow each other are one."""

    def __init__(self, losses: list[Loss]) -> None:
        self._losses = losses
        self._steps: list[Wire] = []
        self._system: list[str] = []
        self._called: dict[str, str] = {}
        self._begun = 0  # where the steps of the message begin

    def feed(self, message: Message, where: str) -> None:
        """Write one message in normal form."""
        role = message["role"]
        report_unknown(message, MESSAGE_KEYS[role], PROTOCOL, where, self._losses)
        if "name" in message:
            self._lose(where, "name dropped", "Gemini has no field for it")
        own = own_data(message, PROTOCOL, where, self._losses)
        self._FEED[role](self, message, own, where)

    def payload(self) -> InteractionsPayload:
        """Return what was written."""
        system = {"text": "\n\n".join(self._system)} if self._system else {}
        return InteractionsPayload(self._steps, sendable(system, "messages", self._losses).get("text"))

    def _feed_system(self, message: Message, _: Wire, where: str) -> None:
        if self._steps:
            self._lose(where, "moved to the front", "Gemini has one system instruction, before all steps")
        for part, _own, place in self._parts(message, where):
            if part["type"] == "text":
                self._system.append(part["text"])
            else:
                why = "a system instruction is a text; let the user say it"
                self._lose(place, f"{part['type']} dropped", why)

    def _feed_user(self, message: Message, own: Wire, where: str) -> None:
        contents = [self._content(part, data, place) for part, data, place in self._parts(message, where)]
        self._write(merged({"type": INPUT, "content": contents or [_EMPTY]}, own), where)

    def _feed_assistant(self, message: Message, _: Wire, where: str) -> None:
        self._begun = len(self._steps)
        for part, data, place in self._parts(message, where):
            step = self._ASSISTANT[part["type"]](self, part, data, place)
            step = None if step is None else sendable(step, place, self._losses)
            if step is not None and not self._joins(step):
                self._steps.append(step)
        if len(self._steps) > self._begun:
            return
        if any(part["type"] == "text" for part in message["content"]):
            self._write({"type": OUTPUT, "content": [_EMPTY]}, where)
        elif message["content"]:
            self._lose(where, "message dropped", "nothing of it is left")

    def _feed_tool(self, message: Message, own: Wire, where: str) -> None:
        call_id = message["tool_call_id"]
        step: Wire = {"type": RESULT, "call_id": call_id}
        name = message.get("tool_name") or self._called.get(call_id)
        step |= {"name": name} if name else {}
        step["result"] = self._result(message, own.pop("result", None), where)
        step |= {"is_error": True} if message.get("is_error") else {}
        self._write(merged(step, own), where)

    def _result(self, message: Message, form: Any, where: str) -> Any:
        """What a tool answered: a text, or a list of contents."""
        contents = [self._content(part, data, place) for part, data, place in self._parts(message, where)]
        if len(contents) == 1 and contents[0].keys() == _EMPTY.keys():
            text = contents[0]["text"]
            found = loaded(text) if form == _OBJECT else None
            return found if isinstance(found, dict) else text
        return contents or ""

    def _parts(self, message: Message, where: str) -> Iterator[tuple[Part, Wire, str]]:
        """The parts of a message, each with its data and its place."""
        for index, part in enumerate(message["content"]):
            place = f"{where}.content[{index}]"
            yield part, own_part_data(part, PROTOCOL, place, self._losses), place

    def _content(self, part: Part, own: Wire, where: str) -> Wire:
        if part["type"] == "text":
            return text_content(part, own)
        return media_content(part, own, where, self._losses)

    def _joins(self, step: Wire) -> bool:
        """Put an output into the step before it, if that is one of the same message."""
        last = self._latest()
        if step["type"] != OUTPUT or last.get("type") != OUTPUT:
            return False
        last["content"] = [*last.get("content", ()), *step["content"]]
        return True

    def _latest(self) -> Wire:
        """The step before, if it is one of the same message; else an empty one."""
        return self._steps[-1] if len(self._steps) > self._begun else {}

    def _write(self, step: Wire, where: str) -> None:
        self._steps.append(sendable(step, where, self._losses))

    def _lose(self, where: str, what: str, why: str) -> None:
        self._losses.append(Loss(where, what, why))

    def _text(self, part: Part, own: Wire, where: str) -> Wire | None:
        step = own.pop("step", None)
        if isinstance(step, Mapping) and not part["text"]:
            if own.pop("deltas", None):
                self._lose(where, "deltas dropped", "nobody knows what they add to their step")
            return dict(fresh(step))
        if not part["text"] and RAW not in own:
            return None
        return {"type": OUTPUT, "content": [text_content(part, own)]}

    def _refusal(self, part: Part, own: Wire, where: str) -> Wire | None:
        self._lose(where, "refusal sent as text", "Gemini has no content for it")
        return self._text(part, own, where)

    def _reasoning(self, part: Part, own: Wire, where: str) -> Wire | None:
        if not own:
            self._lose(where, "reasoning dropped", "Gemini takes back only thoughts that it has signed")
            return None
        own.pop(UNSIGNED, None)
        texts = [*([part["text"]] if part["text"] else []), *part.get("summary", ())]
        summary = own.pop("summary", None) or [{"type": "text", "text": text} for text in texts if text]
        return merged({"type": THOUGHT, **({"summary": summary} if summary else {})}, own)

    def _call(self, part: Part, own: Wire, where: str) -> Wire:
        name = sent_name(part, where, self._losses)
        self._called[part["id"]] = name
        known = {"type": CALL, "id": part["id"], "name": name, "arguments": arguments_of(part, where, self._losses)}
        return merged(known, own)

    def _vendor_run(self, part: Part, own: Wire, where: str) -> Wire | None:
        """What Google ran goes back as it came."""
        step = own.get("step")
        if isinstance(step, Mapping):
            return dict(fresh(step))
        self._lose(where, f"{part['type']} dropped", "Gemini knows only what Google ran itself")
        return None

    def _medium(self, part: Part, own: Wire, where: str) -> Wire | None:
        content = media_content(part, own, where, self._losses)
        if not own.get(DRAWN) or content["type"] != "image":
            return {"type": OUTPUT, "content": [content]}
        last = self._latest()
        if last.get("type") != THOUGHT:
            return {"type": THOUGHT, "summary": [content]}
        last["summary"] = [*last.get("summary", ()), sendable(content, where, self._losses)]
        return None

    _FEED: ClassVar[Mapping[str, Callable[[Conversation, Message, Wire, str], None]]] = {
        "system": _feed_system,
        "user": _feed_user,
        "assistant": _feed_assistant,
        "tool": _feed_tool,
    }
    _ASSISTANT: ClassVar[Mapping[str, Callable[[Conversation, Part, Wire, str], Wire | None]]] = {
        "text": _text,
        "reasoning": _reasoning,
        "refusal": _refusal,
        "tool_call": _call,
        **dict.fromkeys(("tool_result", "server_tool_call"), _vendor_run),
        **dict.fromkeys(MEDIA_PARTS, _medium),
    }


def conversation(messages: list[Message], losses: list[Loss]) -> InteractionsPayload:
    """Return the wire form of messages in normal form, and append what is lost.

    Raises:
        InvalidMessage: Data of this protocol is no object.
        UnresolvedMedia: Media that must be read, fetched or uploaded first.
    """
    written = Conversation(losses)
    for index, message in enumerate(messages):
        written.feed(message, f"messages[{index}]")
    return written.payload()
