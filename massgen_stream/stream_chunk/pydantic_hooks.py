"""Chunks as fields of pydantic models, without importing pydantic: pydantic calls the hooks of `BaseStreamChunk`.

A chunk is accepted as it is, and a dictionary as `from_dict` takes it; our errors become validation errors. In Python
mode ``model_dump`` keeps the chunk itself, which is immutable and loses nothing; in JSON mode it gives `to_dict`. There
pydantic refuses lone surrogates by itself; `encode_json` does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..errors import MassGenStreamError
from .json_schema import Schema, schema_of_types, schema_of_unknown
from .rules import RULES

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


class _Documented(Protocol):
    def to_dict(self) -> dict[str, Any]: ...
    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Any: ...


Chunk = TypeVar("Chunk", bound=_Documented)


def core_schema(family: type[Chunk]) -> CoreSchema:
    """Return how pydantic reads and writes a chunk of class *family*."""
    from pydantic_core import core_schema as schemas  # noqa: PLC0415  pydantic is the caller, so it is there

    def read(value: Any) -> Chunk:
        if isinstance(value, family):
            return value
        try:
            return family.from_dict(value)  # type: ignore[no-any-return]
        except MassGenStreamError as problem:
            raise ValueError(str(problem)) from problem

    def write(chunk: Chunk) -> dict[str, Any]:  # not `family.to_dict`: subclasses have their own
        return chunk.to_dict()

    written = schemas.plain_serializer_function_ser_schema(write, when_used="json")
    return schemas.no_info_plain_validator_function(read, serialization=written)


def json_schema(names: frozenset[str]) -> Schema:
    """Return the JSON Schema of documents of the types *names*, which may hold the name of the unknown family."""
    known, unknown = names & RULES.keys(), names - RULES.keys()
    found = schema_of_types(known) if known else schema_of_unknown()
    if known and unknown:
        found["oneOf"].append(schema_of_unknown())
    return found
