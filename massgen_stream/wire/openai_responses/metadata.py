"""Fields beside text, arguments and media: read where usable, told where not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..json_value import finite
from ..metadata import index_of, is_whole_number
from .usage import unusable_figures

Data = dict[str, Any]
_EVENT: Final[Mapping[str, type]] = {
    "item_id": str, "output_index": int, "content_index": int, "summary_index": int, "command_index": int,
    "partial_image_index": int, "output_format": str, "media_id": str, "media_type": str, "mime_type": str,
    "filename": str, "encoding": str, "total": int, "width": int, "height": int,
    "response": dict, "item": dict, "part": dict, "annotation": dict,
}  # fmt: skip
_ITEM: Final[Mapping[str, type]] = {"id": str, "call_id": str, "status": str, "phase": str}
_RESPONSE: Final[Mapping[str, type]] = {
    "id": str, "model": str, "status": str, "usage": dict, "incomplete_details": dict, "output": list,
}  # fmt: skip


def ignored_paths() -> list[str]:
    """Return every path that `clean` can tell of."""
    within = [f"item.{name}" for name in _ITEM] + [f"response.{name}" for name in _RESPONSE]
    return [*_EVENT, *within, *(f"response.usage.{path}" for path in _FIGURES)]


_FIGURES: Final = (
    "input_tokens", "output_tokens", "total_tokens", "input_tokens_details.cached_tokens",
    "input_tokens_details.cache_write_tokens", "output_tokens_details.reasoning_tokens",
)  # fmt: skip


def clean(doc: Data) -> list[str]:
    """Take from *doc* what JSON cannot hold; return the paths of metadata with a value that cannot be used."""
    found = list(_odd(doc, _EVENT, ""))
    for name in ("response", "item", "part", "annotation"):
        value = doc.get(name)
        if isinstance(value, dict):
            doc[name] = finite(value)
            found += [name] if doc[name] is not value else []
    if isinstance(item := doc.get("item"), dict):
        found += _odd(item, _ITEM, "item.")
    if isinstance(response := doc.get("response"), dict):
        found += _odd(response, _RESPONSE, "response.")
        if isinstance(usage := response.get("usage"), dict):
            found += [f"response.usage.{path}" for path in unusable_figures(usage)]
    return found


def _odd(doc: Data, kinds: Mapping[str, type], path: str) -> Iterator[str]:
    for name in doc.keys() & kinds.keys():
        value = doc[name]
        if value is not None and not _is(value, kinds[name]):
            yield path + name


def _is(value: object, kind: type) -> bool:
    return is_whole_number(value) if kind is int else isinstance(value, kind)


def word_at(doc: Mapping[str, Any], name: str) -> str | None:
    """Return a word, None if there is none."""
    value = doc.get(name)
    return value if isinstance(value, str) and value else None


def index_at(doc: Mapping[str, Any], name: str) -> int | None:
    """Return an index, None if there is none; one of the wrong type still tells items apart where it can."""
    return index_of(doc.get(name))


def document_at(doc: Mapping[str, Any], name: str) -> Data:
    """Return a document, an empty one if there is none."""
    value = doc.get(name)
    return value if isinstance(value, dict) else {}
