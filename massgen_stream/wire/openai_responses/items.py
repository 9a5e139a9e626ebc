"""The output items of a response: which there are, and how events find theirs."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from ..minting import Minting
from .calls import CallItem
from .metadata import index_at, word_at
from .texts import TextItem
from .tool_items import is_result
from .tools import ToolItem

Data = dict[str, Any]
_Key = tuple[str, int | None]


class Items:
    """The items of one response, by output index; an event without one goes by id, else to the latest item.

    Args:
        minting: Makes ids for what has none.
    """

    def __init__(self, minting: Minting) -> None:
        self._minting = minting
        self.texts: dict[int | None, TextItem] = {}
        self._found: dict[_Key, Any] = {}
        self._by_id: dict[tuple[str, str], Any] = {}
        self._latest: dict[str, Any] = {}
        self._text_ids: set[str] = set()
        self._call_ids: dict[str, None] = {}
        self._told: list[ToolItem] = []

    def __bool__(self) -> bool:
        return bool(self._latest)

    def text(self, index: int | None, item_id: str | None) -> TextItem:
        """Return the message or step of reasoning at a place, a new one if there is none."""
        item = self._find("text", index, item_id)
        if item is None:
            item = self._add("text", index, item_id, TextItem(self._text_id(item_id)))
            if index is not None:
                self.texts[index] = item
        return item  # type: ignore[no-any-return]

    def call(self, index: int | None, item_id: str | None, kind: str) -> CallItem:
        """Return the call at a place, a new one if there is none."""
        item = self._find("call", index, item_id)
        return item or self._add("call", index, item_id, CallItem(kind, self._call_id))  # type: ignore[no-any-return]

    def tool(self, doc: Data, kind: str, item: Data) -> ToolItem:
        """Return the tool of an event, a new one if there is none.

        Args:
            doc: The event.
            kind: Type of the item.
            item: What is known of it.
        """
        index, item_id = index_at(doc, "output_index"), word_at(doc, "item_id") or word_at(item, "id")
        family = "result" if is_result(kind) else kind
        found = self._find(family, index, item_id)
        if found is not None:
            return found  # type: ignore[no-any-return]
        call_id = word_at(doc, "item_id") or word_at(item, "call_id") or item_id
        name = (call_id or self._mint("tool")) if is_result(kind) else self._call_id(call_id, "tool")
        return self._add(family, index, item_id, ToolItem(name, kind, self._told))  # type: ignore[no-any-return]

    def calls(self) -> Iterator[CallItem]:
        """Yield the calls of the client's tools in the order in which they were announced, then all others."""
        places = {call_id: place for place, call_id in enumerate(self._call_ids)}
        calls = [item for item in self._found_items() if isinstance(item, CallItem)]
        yield from sorted(calls, key=lambda call: places.get(call.id, len(places)))

    def tools(self) -> Iterator[ToolItem]:
        """Yield the tools of the vendor: those that a reader knows of as it learnt of them, then all others."""
        yield from self._told
        found = (item for item in self._found_items() if isinstance(item, ToolItem))
        yield from (item for item in found if item not in self._told)

    @property
    def pictured(self) -> bool:
        """Whether a picture is complete."""
        return any(isinstance(item, ToolItem) and item.pictured for item in self._found_items())

    @property
    def refused(self) -> bool:
        """Whether there is text of a refusal."""
        return any(isinstance(item, TextItem) and item.refused for item in self._found_items())

    def _found_items(self) -> list[Any]:
        return list({id(item): item for item in (*self._found.values(), *self._by_id.values())}.values())

    def _find(self, family: str, index: int | None, item_id: str | None) -> Any:
        if index is not None:
            return self._found.get((family, index))
        if item_id is not None:
            return self._by_id.get((family, item_id))
        return self._latest.get(family)

    def _add(self, family: str, index: int | None, item_id: str | None, item: Any) -> Any:
        self._latest[family] = item
        self._found[family, len(self._found) - 1_000_000 if index is None else index] = item
        if item_id is not None:
            self._by_id[family, item_id] = item
        return item

    def _text_id(self, item_id: str | None) -> str:
        found = self._unused(item_id, "item", self._text_ids)
        self._text_ids.add(found)
        return found

    def _call_id(self, call_id: str | None, kind: str = "call") -> str:
        found = self._unused(call_id, kind, self._call_ids)
        self._call_ids[found] = None
        return found

    def _unused(self, wanted: str | None, kind: str, used: Container[str]) -> str:
        found = wanted or self._mint(kind)
        while found in used:
            found = self._mint(kind)
        return found

    def _mint(self, kind: str) -> str:
        return self._minting.another(kind)
