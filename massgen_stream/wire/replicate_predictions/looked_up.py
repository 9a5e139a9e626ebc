"""What clients of Replicate look up before they begin a prediction: it is no part of one, and worth a line.

https://replicate.com/docs/reference/http: models, versions, files that were uploaded, collections, and lists of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Data = dict[str, Any]
LIST: Final = "list"
_Forms = Mapping[str, Callable[[str], Data]]
_FORMS: Final[_Forms] = {
    "model": lambda place: dict(zip(("owner", "name"), place.split("/", 1), strict=True)),
    "version": lambda version: {"id": version, "openapi_schema": {}},
    "file": lambda file_id: {"id": file_id, "content_type": ""},
    "collection": lambda name: {"name": name, "slug": ""},
}


def looked_up(doc: Data) -> str | None:
    """Return what a document is, in a word and by its name; None if it is nothing of that."""
    name, own = doc.get("name"), doc.get("id")
    if isinstance(doc.get("owner"), str) and isinstance(name, str):
        return f"model {doc['owner']}/{name}"
    if isinstance(own, str) and "openapi_schema" in doc:
        return f"version {own}"
    if isinstance(own, str) and "content_type" in doc:
        return f"file {own}"
    if isinstance(name, str) and "slug" in doc:
        return f"collection {name}"
    return LIST if isinstance(doc.get("results"), list) else None


def listed(body: object) -> Data | None:
    """Return the list of hardware, which alone is not within an object, as others are; None if it is something else."""
    is_hardware = isinstance(body, list) and body and all(isinstance(one, dict) and "sku" in one for one in body)
    return {"results": body} if is_hardware else None


def document_of(line: str) -> Data | None:
    """Return the smallest document that `looked_up` says *line* of; None if there is none."""
    kind, _, name = line.partition(" ")
    if line == LIST:
        return {"results": []}
    if kind not in _FORMS or (kind == "model" and "/" not in name):
        return None
    return _FORMS[kind](name)
