"""Values that protobuf's JSON form can hold: text is UTF-8, numbers of tokens have 32 bits, fields have their types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.jsonform import text_form
from .envelope import FIELDS

Data = dict[str, Any]
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_INLINE: Final = frozenset(("id", "start_index", "end_index", "web_citation", "x_citation", "collections_citation"))
_TYPES: Final[Mapping[str, type]] = {
    "id": str,
    "model": str,
    "created": str,
    "system_fingerprint": str,
    "service_tier": str,
    "output_files": list,
    "debug_output": dict,
    "outputs": list,
}
_LARGEST: Final = 2**31 - 1


def sayable(value: Any) -> Any:
    """Return *value* with every text as UTF-8 can hold it: half characters become U+FFFD."""
    if isinstance(value, str):
        return (
            value
            if value.isascii()
            else text_form(value).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        )
    if isinstance(value, dict):
        return {name: sayable(item) for name, item in value.items()}
    return [sayable(item) for item in value] if isinstance(value, list) else value


def known_response(response: Mapping[str, Any]) -> Data:
    """Return the fields of a final object that are those of xAI."""
    known = {name: value for name, value in response.items() if name in (*FIELDS, "id", "model", "outputs")}
    known = {name: value for name, value in known.items() if isinstance(value, _TYPES[name])}
    if not _TIMESTAMP.fullmatch(known.get("created", "")):
        known.pop("created", None)
    if "outputs" in known:  # with the role that says nothing of how the answer ends
        known["outputs"] = [
            {**row, "delta": {"role": "ROLE_TOOL"}} for row in known["outputs"] if isinstance(row, dict)
        ]
    return known


def inline_citation(citation: Mapping[str, Any]) -> Data | None:
    """Return the wire form of a place in the text that rests on a source; None where there is no place."""
    raw = citation.get("raw")
    if isinstance(raw, dict) and raw.keys() <= _INLINE:
        return raw
    start, end, url = citation.get("start"), citation.get("end"), citation.get("url")
    if not _is_count(start) or not _is_count(end) or not isinstance(url, str):
        return None
    return {"start_index": start, "end_index": end, "web_citation": {"url": url}}


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST
