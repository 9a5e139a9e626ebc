"""Which values msgspec's encoders keep.

They do not fail on what a format cannot hold, they change it: NaN becomes null, nested bytes become base64 text, keys
that are integers become strings, dates, UUIDs and decimals become strings, sets become lists. So before their output is
used, the values are looked at here; what is not kept goes the slow way, which gives bytes a form and refuses the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final, NamedTuple

from msgspec.structs import astuple

from .base import BaseStreamChunk
from .document import EXACT_INTEGER, FLOATS
from .kinds import ChunkType, MediaEncoding, MediaType
from .multimodal import MediaMetadata, MultimodalStreamChunk
from .rules import COMMON, CONTAINERS, RULES, ChunkRule
from .text import TextStreamChunk

Kinds = frozenset[type]

JSON_KINDS: Final[Kinds] = frozenset((str, int, bool, type(None), ChunkType, MediaType, MediaEncoding))
"""Exact classes whose values JSON holds whatever they are; a string it cannot hold makes the encoder fail."""
MESSAGEPACK_KINDS: Final[Kinds] = JSON_KINDS | {bytes, bytearray}
_STRING: Final[Kinds] = frozenset((str,))
_BYTES: Final[Kinds] = frozenset((bytes, bytearray))
_DATA: Final[Kinds] = frozenset((str, bytes, bytearray))


class _Fields(NamedTuple):
    """Getters for one type of text chunk: looking at all 45 fields would cost three times as much."""

    own: attrgetter[tuple[Any, ...]]
    foreign_containers: attrgetter[tuple[Any, ...]]
    unset: tuple[None, ...]


def _fields(rule: ChunkRule) -> _Fields:
    foreign = sorted(CONTAINERS.intersection(TextStreamChunk.__struct_fields__).difference(rule.allowed))
    return _Fields(attrgetter(*COMMON, "extra", *rule.allowed), attrgetter(*foreign), (None,) * len(foreign))


_TEXT: Final = {name: _fields(rule) for name, rule in RULES.items() if rule.family == "text"}
_MEDIA_PLAIN: Final = attrgetter(
    *(name for name in MultimodalStreamChunk.__struct_fields__ if name not in ("media_data", "media_metadata"))
)
_MEDIA_FLOATS: Final = attrgetter(*sorted(FLOATS.intersection(MultimodalStreamChunk.__struct_fields__)))


def keeps_chunk(chunk: BaseStreamChunk, kinds: Kinds) -> bool:
    """Return whether the encoder keeps every field of *chunk*; *kinds* may be inside containers.

    Of the fields that do not belong to the chunk's type only the containers are looked at.
    """
    if chunk.extra is not None:  # its fields belong beside the known ones
        return False
    try:
        if chunk.__class__ is TextStreamChunk:
            return _keeps_text(chunk, kinds)
        return chunk.__class__ is MultimodalStreamChunk and _keeps_media(chunk, kinds)
    except RecursionError:
        return False


def keeps_flat_text(chunk: TextStreamChunk) -> bool:
    """Return whether JSON keeps every field of a text chunk none of whose fields is a container."""
    return _exact(chunk.timestamp) and _keeps_fields(_TEXT[chunk.type].own(chunk), JSON_KINDS)


def _keeps_text(chunk: Any, kinds: Kinds) -> bool:
    fields = _TEXT[chunk.type]
    values = fields.own(chunk) if fields.foreign_containers(chunk) == fields.unset else astuple(chunk)
    return _exact(chunk.timestamp) and _keeps_fields(values, kinds)


def _keeps_media(chunk: Any, kinds: Kinds) -> bool:
    binary, data = chunk.media_encoding is MediaEncoding.BINARY, chunk.media_data
    if data is not None and data.__class__ not in (_BYTES if binary else kinds & _DATA):
        return False
    exact = all(map(_exact, _MEDIA_FLOATS(chunk)))
    return exact and _keeps_metadata(chunk.media_metadata) and _keeps_fields(_MEDIA_PLAIN(chunk), kinds)


def _keeps_metadata(metadata: MediaMetadata | None) -> bool:
    if metadata is None:
        return True
    if metadata.__class__ is not MediaMetadata or metadata.extra is not None:
        return False
    return _exact(metadata.duration_seconds) and _keeps_fields(astuple(metadata), JSON_KINDS)


def _keeps_fields(values: Iterable[Any], kinds: Kinds) -> bool:
    for value in values:  # noqa: SIM110  all() over a generator costs twice as much
        if value.__class__ not in JSON_KINDS and not _keeps(value, kinds):
            return False
    return True


def _keeps_items(values: Iterable[Any], kinds: Kinds) -> bool:
    for value in values:  # noqa: SIM110  as above
        if value.__class__ not in kinds and not _keeps(value, kinds):
            return False
    return True


def _keeps(value: Any, kinds: Kinds) -> bool:
    kind = value.__class__
    if kind is dict:
        return _STRING.issuperset(map(type, value)) and _keeps_items(value.values(), kinds)
    if kind is float:
        return bool(value - value == 0.0)  # NaN and the infinities give NaN
    return (kind is list or kind is tuple) and _keeps_items(value, kinds)


def _exact(number: Any) -> bool:
    """Return whether a float field gives *number* back; an integer may be too large."""
    if number.__class__ is int:
        return bool(-EXACT_INTEGER <= number <= EXACT_INTEGER)
    return number is None or number.__class__ is float


def have_dollar_key(values: Iterable[Any]) -> bool:
    """Return whether a dictionary in *values* has a key that starts with ``$``, which means something in our JSON."""
    try:
        return any(map(_has_dollar_key, values))
    except RecursionError:
        return True  # the general way says so better


def _has_dollar_key(value: Any) -> bool:
    if value.__class__ is dict:
        return any(key[:1] == "$" or _has_dollar_key(item) for key, item in value.items())
    return (value.__class__ is list or value.__class__ is tuple) and any(map(_has_dollar_key, value))
