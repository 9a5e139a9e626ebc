"""An assistant message of Chat Completions: flat fields, where the neutral one is a list of parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from ..assistant import REASONING_FIELDS, details_text
from ..loss import Loss
from ..neutral import MEDIA_PARTS, Message, Part
from ..provider_data import OPENAI_CHAT, merged
from ..sent_call import sent_arguments, sent_id, sent_name
from ..unsent import own_part_data
from .content import Wire, joined_content, media_part, text_parts
from .options import LONGEST_ID, ChatOptions
from .reasoning import whole_details

_ORDER: Final = ("reasoning", "content", "refusal", "audio", "images", "tool_calls")
"""The order in which parts are read back from the fields."""


class AssistantDraft:
    """One assistant message while its parts are put into fields."""

    def __init__(self, options: ChatOptions, losses: list[Loss]) -> None:
        self._options, self._losses = options, losses
        self._content: list[Wire] = []
        self._texts: dict[str, list[str]] = {}
        self._details: list[Any] = []
        self._images: list[Wire] = []
        self._calls: list[Wire] = []
        self._more: Wire = {}
        self._places: list[int] = []

    def feed(self, part: Part, where: str) -> None:
        """Put one part into its field."""
        self._FEED[part["type"]](self, part, own_part_data(part, OPENAI_CHAT, where, self._losses), where)

    def message(self, where: str) -> Wire:
        """Return the message that holds the parts; reports when it cannot hold their order."""
        if self._places != sorted(self._places):
            why = "chat holds reasoning, text and tool calls apart"
            self._losses.append(Loss(f"{where}.content", "order of parts changed", why))
        wire: Wire = {"role": "assistant"} | self._visible()
        wire |= {name: "\n\n".join(texts) for name, texts in self._texts.items()}
        if self._details:
            wire["reasoning_details"] = whole_details(self._details)
        wire |= self._more
        if self._images:
            wire["images"] = self._images
        if self._calls:
            wire["tool_calls"] = self._calls
        return wire

    def _visible(self) -> Wire:
        """Content is null only beside calls, where an empty string makes some servers stumble (vercel/ai#14950)."""
        empty = {"type": "text", "text": ""}
        content = joined_content([part for part in self._content if part != empty])
        if content == "" and self._calls:
            return {"content": None}
        return {} if content == "" and "audio" in self._more else {"content": content}

    def _place(self, field: str) -> None:
        self._places.append(_ORDER.index(field))

    def _lose(self, where: str, what: str, why: str) -> None:
        self._losses.append(Loss(where, what, why))

    def _put_text(self, part: Part, own: Wire, where: str) -> None:
        if "extra_content" in own:
            self._add({"extra_content": own.pop("extra_content")}, where)
            if not part["text"] and not own:
                return  # it only carried the signature
        self._content += text_parts(part, own)
        self._place("content")

    def _put_reasoning(self, part: Part, own: Wire, where: str) -> None:
        field, signature = own.pop("field", None), own.pop("thinking_signature", None)
        details = own.pop("reasoning_details", None)
        text = part["text"] or "\n\n".join(part.get("summary", ()))
        self._add(own, where)
        if signature or field == "content":
            thinking = {"type": "thinking", "thinking": [{"type": "text", "text": text}]}
            self._content.append(thinking | ({"signature": signature} if signature else {}))
            self._place("content")
            return
        if isinstance(details, list) and details:
            self._details += details
            self._place("reasoning")
        told = isinstance(details, list) and bool(details_text(details))
        field = field if field in REASONING_FIELDS else None if told else self._options.reasoning_field
        if field is not None:
            self._put_field(field, text, where)
        elif text and not told:
            self._lose(where, "reasoning dropped", "not every server takes it back; reasoning_field names one's field")

    def _put_field(self, field: str, text: str, where: str) -> None:
        if field in self._texts:
            self._lose(where, f"{field} joined with what was before", "chat has one field for all")
        self._texts.setdefault(field, []).append(text)
        self._place("refusal" if field == "refusal" else "reasoning")

    def _put_refusal(self, part: Part, own: Wire, where: str) -> None:
        self._add(own, where)
        self._put_field("refusal", part["text"], where)

    def _put_media(self, part: Part, own: Wire, where: str) -> None:
        field = own.pop("field", None)
        if field in ("images", "content"):
            wire = media_part(part, own, where, self._options, self._losses)
            if wire is not None:
                (self._images if field == "images" else self._content).append(wire)
                self._place(field)
        elif part["type"] == "audio" and "file_id" in part:
            self._add(merged({"audio": {"id": part["file_id"]}}, own), where)
            self._place("audio")
        else:
            why = "an assistant message of chat holds text and calls; show it to the model in a user message"
            self._lose(where, f"{part['type']} dropped", why)

    def _put_call(self, part: Part, own: Wire, where: str) -> None:
        self._calls.append(self._call(part, own, where))
        self._place("tool_calls")

    def _call(self, part: Part, own: Wire, where: str) -> Wire:
        kind, arguments = part["kind"], part["arguments"]
        name, call_id = sent_name(part, where, self._losses), sent_id(part["id"], LONGEST_ID)
        if call_id != part["id"]:
            self._lose(where, "id shortened", f"OpenAI takes ids of {LONGEST_ID} characters")
        if kind == "custom":
            body = {"name": name, "input": arguments}
        else:
            body = {
                "name": name,
                "arguments": sent_arguments(arguments, where, self._losses, raw=self._options.raw_arguments),
            }
        return merged({"id": call_id, "type": kind, kind: body}, own)

    def _drop(self, part: Part, _: Wire, where: str) -> None:
        self._lose(where, f"{part['type']} dropped", "chat has no place for what the vendor ran itself")

    def _add(self, fields: Wire, where: str) -> None:
        """Add fields of the whole message."""
        for name, value in fields.items():
            if self._more.setdefault(name, value) != value:
                self._lose(where, f"{name} dropped", "another part has set it for the whole message")

    _FEED: ClassVar[Mapping[str, Callable[[AssistantDraft, Part, Wire, str], None]]] = {
        "text": _put_text,
        "reasoning": _put_reasoning,
        "refusal": _put_refusal,
        "tool_call": _put_call,
        **dict.fromkeys(("tool_result", "server_tool_call"), _drop),
        **dict.fromkeys(MEDIA_PARTS, _put_media),
    }


def assistant_message(message: Message, where: str, options: ChatOptions, losses: list[Loss]) -> Wire:
    """Return the wire form of an assistant message in normal form.

    Raises:
        InvalidMessage: Data of this protocol is no object.
        UnresolvedMedia: Media that must be read, fetched or uploaded first.
    """
    draft = AssistantDraft(options, losses)
    for index, part in enumerate(message["content"]):
        draft.feed(part, f"{where}.content[{index}]")
    return draft.message(where)
