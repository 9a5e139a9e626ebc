"""A chunk of a type that this version does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

import msgspec

from .base import FAMILIES, UNKNOWN, BaseStreamChunk
from .document import EXACT_INTEGER, form_of_fields, json_form
from .jsonform import literal_form
from .rules import COMMON

_KINDS: Final[Mapping[str, type]] = {"timestamp": float, "sequence_number": int}
_DEFAULTS: Final = {"display": True}


class UnknownChunk(BaseStreamChunk, kw_only=True, frozen=True, omit_defaults=True):
    """A chunk from a newer version: its type, the common fields and the document, which re-encodes unchanged.

    Two are equal when their documents are.

    Attributes:
        type: The name of the type.
        raw: The whole document in its JSON form.
    """

    type: str
    raw: dict[str, Any] = msgspec.field(default_factory=dict)

    @classmethod
    def from_unknown(cls, document: Mapping[str, Any]) -> Self:
        """Return the chunk for *document*; common fields of an unusable type stay in `raw` alone."""
        raw = {name: json_form(form) for name, form in document.items()}
        return cls(type=raw["type"], raw=raw, **{name: raw[name] for name in COMMON if _usable(name, raw.get(name))})

    def to_dict(self) -> dict[str, Any]:
        """Return the document, with the common fields as they are now.

        Raises:
            UnencodableValue: `raw` holds what JSON cannot hold.
        """
        document: dict[str, Any] = literal_form({**self.raw, **(self.extra or {}), "type": self.type})
        for name in COMMON:
            value, default = getattr(self, name), _DEFAULTS.get(name)
            if value == (document.get(name) if _usable(name, document.get(name)) else default):
                continue  # as it came, be it absent, null, spelled out or unusable
            document.pop(name, None)
            document |= form_of_fields({name: value}) if value != default else {}
        return document

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, UnknownChunk) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # like every chunk that holds a dictionary


def _usable(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return name == "display"
    if name == "timestamp" and isinstance(value, int):
        return abs(value) <= EXACT_INTEGER
    return name != "display" and isinstance(value, _KINDS.get(name, str))


FAMILIES[UNKNOWN] = UnknownChunk
