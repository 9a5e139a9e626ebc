"""A chunk of a type that this version does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import msgspec

from .base import FAMILIES, UNKNOWN, BaseStreamChunk
from .document import form_of_fields, json_form
from .rules import COMMON


class UnknownChunk(BaseStreamChunk, kw_only=True, frozen=True, omit_defaults=True):
    """A chunk from a newer version: its type, the common fields and the document, which re-encodes unchanged.

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
        """Return the document, with the common fields as they are now."""
        common = {name: value for name, value in self.set_fields().items() if name in COMMON}
        return {**self.raw, "type": self.type, **form_of_fields(common)}


def _usable(name: str, value: Any) -> bool:
    wanted: dict[str, tuple[type, ...]] = {"timestamp": (int, float), "sequence_number": (int,), "display": (bool,)}
    kinds = wanted.get(name, (str,))
    return isinstance(value, kinds) and (name == "display" or not isinstance(value, bool))


FAMILIES[UNKNOWN] = UnknownChunk
