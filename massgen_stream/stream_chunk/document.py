"""The fields of a chunk in their JSON form, and back; what is unknown is kept as it came."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ..errors import MalformedChunk, UnencodableValue
from .jsonform import base64_form, bytes_of, from_form, literal_form, to_form
from .kinds import MediaEncoding
from .rules import CONTAINERS, FIELDS, METADATA

EXTRA: Final = "$extra"
"""The name under which `extra` reaches msgspec; never part of a document."""
SCALARS: Final = {n: r.kind for n, r in {**FIELDS, **METADATA}.items() if r.kind in ("str", "int", "float", "bool")}
FLOATS: Final = frozenset(name for name, kind in SCALARS.items() if kind == "float")
UNCONVERTIBLE: Final = (msgspec.ValidationError, ValueError, OverflowError)
"""What `msgspec.convert` raises, also for lone surrogates where no text belongs and integers too large for a float."""
EXACT_INTEGER: Final = 2**53
"""Integers up to here are exact as a float (IEEE 754 binary64)."""


def form_of_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON form of a chunk's fields.

    Raises:
        UnencodableValue: A value has no JSON form.
    """
    binary = fields.get("media_encoding") == MediaEncoding.BINARY
    return {name: _form_of(name, value, binary) for name, value in fields.items()}


def _form_of(name: str, value: Any, binary: bool) -> Any:
    if name == "media_data":
        return _data_form(value, binary)
    if name == "media_metadata" and hasattr(value, "to_dict"):
        return value.to_dict()
    return form_of_field(name, value, name)


def _data_form(value: Any, binary: bool) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return base64_form(value) if binary else to_form(value)
    if binary or not isinstance(value, str):
        raise UnencodableValue("media_data", f"must be {'bytes' if binary else 'str'}, not {type(value).__name__}")
    return to_form(value)


def form_of_field(name: str, value: Any, where: str) -> Any:
    """Return the JSON form of the field called *name*.

    Raises:
        UnencodableValue: *value* has no JSON form, or is none that the field could give back: bytes for text, an
            integer that is not exact as a float.
    """
    if name in SCALARS and not isinstance(value, str | int | float):
        raise UnencodableValue(where, f"must be {SCALARS[name]}, not {type(value).__name__}")
    if name in FLOATS and isinstance(value, int) and abs(value) > EXACT_INTEGER:
        raise UnencodableValue(where, "an integer beyond 2**53 is not exact as a float")
    return to_form(value, where)


def with_extra(document: dict[str, Any], extra: Mapping[str, Any] | None, known: frozenset[str]) -> dict[str, Any]:
    """Return *document* with the unknown fields *extra* after it.

    Raises:
        UnencodableValue: *extra* holds a field that is known, or what JSON cannot hold.
    """
    if not extra:
        return document
    twice = [name for name in extra if name in known and name != "extra"]
    if twice:
        raise UnencodableValue(f"extra.{twice[0]}", "is a field of the chunk; set it there")
    return {**document, **literal_form(extra, "extra")}


def extra_faults(extra: object, known: frozenset[str]) -> list[str]:
    """Return every fault of the unknown fields *extra*; there are some, or there is no *extra*."""
    if extra is None:
        return []
    if not isinstance(extra, dict) or not extra:
        return ["extra must be a dict that is not empty"]
    return [f"extra must not hold {name}, which is a field" for name in extra if name in known and name != "extra"]


def fields_of_document(document: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """Return arguments for `msgspec.convert`: known fields as values, the rest unchanged under `EXTRA`.

    Raises:
        MalformedChunk: Bytes are not base64, or a value is none that JSON can hold.
    """
    fields: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, form in document.items():
        if name not in known or name == "extra":
            extra[_name(name)] = json_form(form)
        elif form is not None:
            fields[name] = _value_of(name, form)
    if "media_data" in fields:
        fields["media_data"] = _data_of(fields["media_data"], fields.get("media_encoding") == MediaEncoding.BINARY)
    return {**fields, EXTRA: extra} if extra else fields


def _value_of(name: str, form: Any) -> Any:
    if name == "media_metadata":
        return metadata_fields(form) if isinstance(form, Mapping) else form
    if name in CONTAINERS or name == "media_data":
        return from_form(form)
    return _finite(name, form)


def _data_of(value: Any, binary: bool) -> bytes | str:
    if isinstance(value, bytes) or (isinstance(value, str) and not binary):
        return value
    if isinstance(value, str):
        return bytes_of(value)
    raise MalformedChunk(f"media_data must be text or bytes, not {type(value).__name__}")


def _finite(name: str, form: Any) -> Any:
    if isinstance(form, float) and not math.isfinite(form):
        raise MalformedChunk(f"{name} is not finite")
    return form


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise MalformedChunk("a field name that is not a string", name)
    return name


def json_form(value: Any) -> Any:
    """Return *value*, which came from JSON or MessagePack, as JSON could hold it; JSON comes back unchanged.

    Raises:
        MalformedChunk: It is nothing that JSON can hold.
    """
    try:
        return literal_form(value)
    except UnencodableValue as problem:
        raise MalformedChunk(problem.problem) from None


METADATA_FIELDS: Final = tuple(METADATA)


def metadata_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments for `MediaMetadata`, unknown fields unchanged under `EXTRA`.

    Raises:
        MalformedChunk: A value is none that JSON can hold.
    """
    fields = {name: _finite(name, document[name]) for name in METADATA if document.get(name) is not None}
    extra = {_name(name): json_form(form) for name, form in document.items() if name not in METADATA}
    return {**fields, EXTRA: extra} if extra else fields
