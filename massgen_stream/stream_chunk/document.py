"""The fields of a chunk in their JSON form, and back; what is unknown is kept as it came."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from .jsonform import bytes_of, from_form, to_form
from .rules import CONTAINERS

EXTRA: Final = "$extra"
"""The name under which `extra` reaches msgspec; never part of a document."""


def form_of_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON form of a chunk's fields.

    Raises:
        UnencodableValue: A value has no JSON form.
    """
    return {name: _form_of(name, value) for name, value in fields.items()}


def _form_of(name: str, value: Any) -> Any:
    if name == "media_data" and isinstance(value, bytes | bytearray | memoryview):
        return b64encode(value).decode("ascii")
    if name == "media_metadata":
        return value.to_dict() if hasattr(value, "to_dict") else to_form(value, name)
    return to_form(value, name)


def fields_of_document(document: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """Return arguments for `msgspec.convert`: known fields as values, the rest unchanged under `EXTRA`.

    Raises:
        MalformedChunk: Bytes are not base64.
    """
    fields: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, form in document.items():
        if name not in known or name == "extra":
            extra[name] = json_form(form)
        elif form is not None:
            fields[name] = from_form(form) if name in CONTAINERS and name != "media_metadata" else form
    if fields.get("media_encoding") == "binary" and isinstance(fields.get("media_data"), str):
        fields["media_data"] = bytes_of(fields["media_data"])
    if isinstance(fields.get("media_metadata"), Mapping):
        fields["media_metadata"] = metadata_fields(fields["media_metadata"])
    return {**fields, EXTRA: extra} if extra else fields


def json_form(value: Any) -> Any:
    """Return *value*, which came from JSON or MessagePack, as JSON could hold it; JSON comes back unchanged."""
    if isinstance(value, dict):
        return {key: json_form(item) for key, item in value.items()}
    if isinstance(value, list):
        return [json_form(item) for item in value]
    return to_form(value) if isinstance(value, bytes | bytearray | memoryview) else value


METADATA_FIELDS: Final = (
    "mime_type",
    "size_bytes",
    "width",
    "height",
    "duration_seconds",
    "filename",
    "checksum",
    "channels",
    "sample_rate",
    "frames",
    "pages",
)


def metadata_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments for `MediaMetadata`, unknown fields unchanged under `EXTRA`."""
    fields = {name: document[name] for name in METADATA_FIELDS if document.get(name) is not None}
    extra = {name: json_form(form) for name, form in document.items() if name not in METADATA_FIELDS}
    return {**fields, EXTRA: extra} if extra else fields
