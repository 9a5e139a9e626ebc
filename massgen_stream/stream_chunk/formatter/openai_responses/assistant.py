"""An assistant message as items: each step of reasoning, message, call and tool of the vendor is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

from ..loss import Loss
from ..media import base64_text
from ..neutral import MEDIA_PARTS, Message, Part
from ..provider_data import OPENAI_RESPONSES, merged
from ..sent_call import sent_arguments, sent_name
from ..unsent import own_part_data
from .answers import OUTPUT_OF
from .call_ids import is_message_id, sent_id
from .content import joined, text_parts

Wire = dict[str, Any]
PICTURE: Final = "image_generation_call"


class AssistantItems:
    """The items of one assistant message while they are written.

    Args:
        parts: All parts of the message.
        losses: Takes what is lost.
        stored: Whether the server keeps responses.

    Attributes:
        items: What has been written.
    """

    def __init__(self, parts: list[Part], losses: list[Loss], *, stored: bool) -> None:
        self._losses, self._stored = losses, stored
        self._pictures = {part["media_id"]: part for part in parts if _is_picture(part)}
        self._drawn = set(_drawn(parts)) & self._pictures.keys()
        self._ran = {part["tool_call_id"] for part in parts if part["type"] == "server_tool_call" and _item_of(part)}
        self._speaks = any(part["type"] != "text" or part["text"] for part in parts)
        self._open: tuple[Any, Any] | None = None
        self.items: list[Wire] = []

    def feed(self, part: Part, where: str) -> None:
        """Write one part."""
        own = own_part_data(part, OPENAI_RESPONSES, where, self._losses, phase=True)
        if part["type"] in ("text", "refusal"):
            self._say(part, own)
            return
        item = self._FEED[part["type"]](self, part, own, where)
        if item is not None:
            self._open = None
            self.items.append(item)

    def _say(self, part: Part, own: Wire) -> None:
        """Add to the message that the part before it belongs to, or begin another one."""
        own.pop("content_index", None)
        rest = own.pop("item", None)
        if self._speaks and not part["text"] and not own and not rest and not is_message_id(part.get("item_id")):
            return  # it only carried another vendor's data
        place = (part.get("item_id"), part.get("phase"))
        wires = _said(part, own)
        if self._continues(part, place) and not rest:
            self.items[-1]["content"] += wires
            return
        self._open = place
        self.items.append(_message(place[0], place[1], wires, rest if isinstance(rest, dict) else {}))

    def _continues(self, part: Part, place: tuple[Any, Any]) -> bool:
        """Whether a part belongs to the message before it; a refusal does not tell its phase."""
        if self._open is None or part["type"] == "text":
            return self._open == place
        return bool(self._open[0] == place[0])

    def _reason(self, part: Part, own: Wire, where: str) -> Wire | None:
        item = own.get("item")
        if not isinstance(item, dict):
            if part["text"] or part.get("summary"):
                why = "the Responses API takes back only reasoning items that it made, whole"
                self._lose(where, "reasoning dropped", why)
            return None
        if not self._stored and not item.get("encrypted_content") and not item.get("content"):
            why = "it is not encrypted, and the server does not keep it; ask for reasoning.encrypted_content"
            self._lose(where, "reasoning dropped", why)
            return None
        return item

    def _call(self, part: Part, own: Wire, where: str) -> Wire:
        name, call_id = sent_name(part, where, self._losses), sent_id(part["id"])
        if call_id != part["id"]:
            self._lose(where, "id shortened", "the Responses API takes ids of 64 characters")
        rest = own.pop("item", None)
        own = (rest if isinstance(rest, dict) else {}) | own
        if part["kind"] == "custom":
            wire = {"type": "custom_tool_call", "call_id": call_id, "name": name, "input": part["arguments"]}
        else:
            arguments = sent_arguments(part["arguments"], where, self._losses)
            wire = {"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments}
        return merged(wire, own)

    def _run(self, part: Part, own: Wire, where: str) -> Wire | None:
        item = own.get("item")
        if not isinstance(item, dict):
            self._lose(where, f"{part['type']} dropped", "the Responses API takes back only items that it made")
            return None
        if item.get("status") == "in_progress" and item.get("type") not in OUTPUT_OF:
            self._lose(where, f"{part['type']} dropped", "it was cut off, and the API wants items that have ended")
            return None
        if item.get("type") == PICTURE and "result" not in item:
            picture = self._pictures.get(item.get("id"))
            return {**item, "result": None if picture is None else base64_text(picture)}
        return item

    def _result(self, part: Part, own: Wire, where: str) -> Wire | None:
        """Many results are part of the item of their call."""
        if "item" not in own and part["tool_call_id"] in self._ran:
            return None
        return self._run(part, own, where)

    def _picture(self, part: Part, _: Wire, where: str) -> None:
        if part.get("media_id") not in self._drawn:
            why = "an assistant message of the Responses API holds text; show it to the model in a user message"
            self._lose(where, f"{part['type']} dropped", why)

    def _lose(self, where: str, what: str, why: str) -> None:
        self._losses.append(Loss(where, what, why))

    _FEED: ClassVar[Mapping[str, Callable[[AssistantItems, Part, Wire, str], Wire | None]]] = {
        "reasoning": _reason,
        "tool_call": _call,
        "server_tool_call": _run,
        "tool_result": _result,
        **dict.fromkeys(MEDIA_PARTS, _picture),
    }


def assistant_items(message: Message, own: Wire, where: str, losses: list[Loss], *, stored: bool) -> list[Wire]:
    """Return the items of an assistant message in normal form.

    Args:
        message: In normal form.
        own: The message's data of this protocol; it has no place, since there is no item for it.
        where: Place of the message.
        losses: Takes what is lost.
        stored: Whether the server keeps responses.

    Raises:
        InvalidMessage: Data of this protocol is no object.
    """
    if own:
        why = "an assistant message is several items; put it on a part"
        losses.append(Loss(where, f"provider_data of {OPENAI_RESPONSES} dropped", why))
    written = AssistantItems(message["content"], losses, stored=stored)
    for index, part in enumerate(message["content"]):
        written.feed(part, f"{where}.content[{index}]")
    return [_easy(item) for item in written.items]


def _said(part: Part, own: Wire) -> list[Wire]:
    if part["type"] == "refusal":
        return [merged({"type": "refusal", "refusal": part["text"]}, own)]
    return text_parts({"type": "output_text", "text": part["text"]}, own)


def _message(item_id: Any, phase: Any, content: list[Wire], rest: Wire) -> Wire:
    wire: Wire = {"role": "assistant", "content": content}
    if is_message_id(item_id):
        wire = {"type": "message", "id": item_id, **wire, "status": "completed"}
    if phase is not None:
        wire["phase"] = phase
    return {**wire, **{name: value for name, value in rest.items() if name not in ("role", "content")}}


def _easy(item: Wire) -> Wire:
    """A message with an id is sent as OpenAI wrote it, one without in the short form, which has no annotations."""
    if "content" not in item or item.get("role") != "assistant":
        return item
    if "id" not in item:
        return {**item, "content": joined(item["content"])}
    whole = [{"annotations": [], **part} if part.get("type") == "output_text" else part for part in item["content"]]
    return {**item, "content": whole}


def _is_picture(part: Part) -> bool:
    return part["type"] == "image" and "media_id" in part and ("base64" in part or "data" in part)


def _drawn(parts: list[Part]) -> Iterator[str]:
    """Ids of the pictures that a tool of the vendor made."""
    for part in parts:
        item = _item_of(part)
        if item.get("type") == PICTURE and isinstance(item.get("id"), str):
            yield item["id"]


def _item_of(part: Part) -> Wire:
    data = part.get("provider_data", {}).get(OPENAI_RESPONSES)
    item = data.get("item") if isinstance(data, Mapping) else None
    return item if isinstance(item, dict) else {}
