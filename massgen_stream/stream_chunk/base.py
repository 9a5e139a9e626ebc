"""The base of every chunk: common fields, dictionary form, checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

import msgspec

from ..errors import InvalidChunk, MalformedChunk, excerpt
from .brief import brief_fields
from .document import UNCONVERTIBLE, extra_faults, fields_of_document, form_of_fields, with_extra
from .kinds import ChunkType
from .rules import RULES
from .shapes import faults

_DEFAULTS: Final = {"display": True, "is_partial": False}
"""Defaults other than None."""
_APART: Final = ("type", "extra")


class BaseStreamChunk(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One value of a stream.

    Every optional field defaults to None, so that 0, ``""`` and ``[]`` survive. `type` says which fields may be set
    (see `rules.RULES`); the constructor checks only names and enums, `check` the rest.

    Attributes:
        type: What the chunk is.
        source: Agent, backend or orchestrator that it comes from.
        timestamp: Unix seconds.
        sequence_number: Position in the stream, from 0.
        stream_id: Id of the stream.
        display: False when a user interface should not show it.
        extra: Fields that this version does not know, kept as they came, in their JSON form.
    """

    type: str
    source: str | None = None
    timestamp: float | None = None
    sequence_number: int | None = None
    stream_id: str | None = None
    display: bool = True
    extra: dict[str, Any] | None = msgspec.field(default=None, name="$extra")

    def to_dict(self) -> dict[str, Any]:
        """Return the chunk as its JSON document: ``json.loads(encode_json(chunk)) == chunk.to_dict()``.

        Raises:
            UnencodableValue: A field holds a value without a JSON form.
        """
        document = {"type": str(self.type), **form_of_fields(self.set_fields())}
        return with_extra(document, self.extra, frozenset(self.__struct_fields__))

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Return the chunk whose `to_dict` is *document*; an unknown type gives an `UnknownChunk`.

        A known field that is None is absent. Bytes may stand for themselves, as they do in MessagePack.

        Raises:
            MalformedChunk: *document* is no chunk, or a chunk of another class than *cls*.
        """
        if not isinstance(document, Mapping):
            raise MalformedChunk("not an object", document)
        chunk = chunk_of_document(document)
        if not isinstance(chunk, cls):
            raise MalformedChunk(f"a {chunk.type} chunk is no {cls.__name__}", document)
        return chunk

    def set_fields(self) -> dict[str, Any]:
        """Return the fields, besides `type` and `extra`, that differ from their defaults."""
        fields = msgspec.structs.asdict(self).items()  # nearly all of them are None
        return {
            name: value
            for name, value in fields
            if value is not None and name not in _APART and value is not _DEFAULTS.get(name)
        }

    @classmethod
    def from_unknown(cls, document: Mapping[str, Any]) -> BaseStreamChunk:
        """Return the chunk for a document of a type without a rule; only `UnknownChunk` can."""
        raise MalformedChunk("unknown type", document)

    def check(self) -> None:
        """Check the chunk against the rules of its type.

        Raises:
            InvalidChunk: Names every fault.
        """
        found = self._faults()
        if found:
            raise InvalidChunk(str(self.type), found)

    def validate(self) -> bool:
        """Return whether the chunk keeps the rules of its type."""
        return not self._faults()

    def _faults(self) -> list[str]:
        found = faults(ChunkType(self.type), self.set_fields()) if self.type in RULES else []
        return found + extra_faults(self.extra, frozenset(self.__struct_fields__))

    def is_complete(self) -> bool:
        """Return whether nothing more of the same medium follows; always True for text chunks."""
        return True

    def get_progress(self) -> float | None:
        """Return progress from 0 to 100 where the chunk tells any."""
        return None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({brief_fields(self.type, self.set_fields())})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Let a pydantic model have a chunk as a field; see `pydantic_hooks`."""
        from .pydantic_hooks import core_schema  # noqa: PLC0415  only pydantic asks, and only then is it imported

        return core_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """Describe the documents that `from_dict` of this class takes."""
        from .pydantic_hooks import json_schema  # noqa: PLC0415  as above

        families = (name for name, family in FAMILIES.items() if issubclass(family, cls) or issubclass(cls, family))
        return json_schema(frozenset(families))


UNKNOWN: Final = "unknown"
FAMILIES: Final[dict[str, type[BaseStreamChunk]]] = {}
"""The class of each known type; filled where the classes are defined."""


def chunk_of_document(document: Mapping[str, Any]) -> BaseStreamChunk:
    """Return the chunk that a JSON document stands for.

    Raises:
        MalformedChunk: A field has the wrong type, or there is no `type`.
    """
    name = document.get("type")
    if not isinstance(name, str):
        raise MalformedChunk("no object with a `type` that is a string", document)
    family = FAMILIES.get(name, FAMILIES[UNKNOWN])
    try:
        if name not in RULES:
            return family.from_unknown(document)
        return msgspec.convert(fields_of_document(document, frozenset(family.__struct_fields__)), family)
    except RecursionError:
        raise MalformedChunk("nested too deeply") from None
    except UNCONVERTIBLE as problem:
        raise MalformedChunk(excerpt(problem), document) from None
