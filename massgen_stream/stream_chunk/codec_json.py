"""Chunks as JSON.

msgspec writes a chunk in a fifth of a microsecond, but does not fail on what JSON cannot hold: it changes it, as
`fidelity` tells. So the *output* is looked at. Nearly all dangerous values sit in containers, and a container leaves a
``[`` or a second ``{`` behind, which takes two scans of some hundred bytes to see. Only when one is there (text may
hold these characters too), or the chunk is not an ordinary piece of text, its fields are walked. A chunk that msgspec
would change goes the general way, through `to_dict`.

The reader does the same in reverse: msgspec reads the text family, refusing unknown fields. What it refuses (media,
unknown fields and types, lone surrogates) falls through to slower readers, and only a ``$`` in the input can mean that
a container holds bytes or an escaped key.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final

import msgspec
from msgspec.structs import force_setattr

from ..errors import InvalidChunk, MalformedChunk, UnencodableValue
from .base import BaseStreamChunk, chunk_of_document
from .fidelity import JSON_KINDS, have_dollar_key, keeps_chunk, keeps_flat_text
from .jsonform import bytes_of
from .jsontext import form_of_text, text_of_form
from .kinds import ChunkType, MediaEncoding
from .multimodal import MultimodalStreamChunk
from .rules import CONTAINERS
from .text import TextStreamChunk

_encode: Final = msgspec.json.Encoder().encode
_decode_text: Final = msgspec.json.Decoder(TextStreamChunk).decode
_decode_multimodal: Final = msgspec.json.Decoder(MultimodalStreamChunk).decode

UNWRITABLE: Final = (TypeError, ValueError, OverflowError, RecursionError, BufferError)
"""What msgspec's encoders raise, though they document less; the general way finds a form or says what is wrong."""
UNREADABLE: Final = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError, InvalidChunk)
"""What msgspec's decoders raise (`UnicodeDecodeError` is a `ValueError`), and our structs when the family is wrong."""

_CONTENT: Final = ChunkType.CONTENT
_TEXT: Final = frozenset((str, type(None)))
_NUMBER: Final = frozenset((int, type(None)))
_BRACKET: Final = ord("[")
_DOLLAR: Final = ord("$")
_BACKSLASH: Final = ord("\\")
_ESCAPED_DOLLAR: Final = b"\\u0024"
_NULL: Final = b"null"

_TEXT_CONTAINERS: Final = attrgetter(*sorted(CONTAINERS.intersection(TextStreamChunk.__struct_fields__)))
_NO_CONTAINERS: Final = _TEXT_CONTAINERS(TextStreamChunk(type=_CONTENT))
_MEDIA_CONTAINERS: Final = attrgetter(
    *sorted(CONTAINERS.intersection(MultimodalStreamChunk.__struct_fields__) - {"media_metadata"})
)


def encode_json(chunk: BaseStreamChunk) -> bytes:
    """Return *chunk* as one JSON object in UTF-8, without line breaks: ``json.loads`` of it equals ``chunk.to_dict()``.

    `decode_json` gives an equal chunk back, with two exceptions that JSON cannot tell apart: a tuple comes back as a
    list, and an adjacent pair of surrogates as its character.

    Raises:
        UnencodableValue: A value has no JSON form (NaN, a date, a key that is not a string), or is none that its field
            could give back.
    """
    try:
        data = _encode(chunk)
    except UNWRITABLE:
        return _encode_form(chunk)
    if (
        chunk.__class__ is TextStreamChunk
        and chunk.type is _CONTENT
        and chunk.content.__class__ is str
        and chunk.source.__class__ in _TEXT
        and chunk.stream_id.__class__ in _TEXT
        and chunk.item_id.__class__ in _TEXT
        and chunk.sequence_number.__class__ in _NUMBER
        and chunk.choice_index is None
        and chunk.phase is None
        and ((time := chunk.timestamp) is None or (time.__class__ is float and time - time == 0.0))
        and ((_BRACKET not in data and data.rfind(b"{") == 0) or _is_flat(chunk))
    ):
        return data
    return data if _is_faithful(chunk, data) else _encode_form(chunk)


def _is_flat(chunk: TextStreamChunk) -> bool:
    """Return whether no container is set: the text itself holds a bracket, as code does."""
    return chunk.extra is None and _TEXT_CONTAINERS(chunk) == _NO_CONTAINERS


def _is_faithful(chunk: object, data: bytes) -> bool:
    if isinstance(chunk, TextStreamChunk) and _BRACKET not in data and data.rfind(b"{") == 0:
        return chunk.__class__ is TextStreamChunk and keeps_flat_text(chunk)
    if not isinstance(chunk, BaseStreamChunk) or not keeps_chunk(chunk, JSON_KINDS):
        return False
    return _DOLLAR not in data or not have_dollar_key(_containers(chunk))


def _containers(chunk: BaseStreamChunk) -> tuple[Any, ...]:
    return _TEXT_CONTAINERS(chunk) if chunk.__class__ is TextStreamChunk else _MEDIA_CONTAINERS(chunk)


def _encode_form(chunk: object) -> bytes:
    if not isinstance(chunk, BaseStreamChunk):
        raise UnencodableValue("chunk", f"{type(chunk).__name__} is no chunk; build one with from_dict")
    return text_of_form(chunk.to_dict())


def decode_json(data: bytes | bytearray | memoryview | str) -> BaseStreamChunk:
    """Return the chunk that one JSON object stands for; the inverse of `encode_json`.

    A known field that is null is absent. Unknown fields are kept in `extra`, an unknown type gives an `UnknownChunk`.

    Raises:
        MalformedChunk: *data* is not JSON (NaN is not), no object with a string `type`, or a known field has the wrong
            type.
    """
    text = data if type(data) is bytes else bytes_of_input(data)
    try:
        chunk = _decode_text(text)
    except UNREADABLE:
        return _decode_media(text)
    if _DOLLAR not in text and (_BACKSLASH not in text or _ESCAPED_DOLLAR not in text):
        return chunk
    return chunk if _is_settled(chunk) and not _hides_extra(text) else _decode_document(text)


def bytes_of_input(data: object) -> bytes:
    """Return *data* as `bytes`.

    Raises:
        MalformedChunk: It is neither bytes nor text.
    """
    if isinstance(data, str):
        return data.encode("utf-8", "surrogatepass")
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    raise MalformedChunk(f"neither bytes nor text but {type(data).__name__}")


def _is_settled(chunk: BaseStreamChunk) -> bool:
    """Return whether no ``$`` of the input means anything; one spelled as an escape in a field's name sets `extra`."""
    return chunk.extra is None and not have_dollar_key(_containers(chunk))


def _hides_extra(data: bytes) -> bool:
    """Return whether there may be an unknown field called ``$extra`` that is null: msgspec takes it for `extra`."""
    return (_DOLLAR in data or (_BACKSLASH in data and _ESCAPED_DOLLAR in data)) and _NULL in data


def _decode_media(data: bytes) -> BaseStreamChunk:
    try:
        chunk = _decode_multimodal(data)
    except UNREADABLE:
        return _decode_document(data)
    metadata, text = chunk.media_metadata, chunk.media_data
    if not _is_settled(chunk) or (metadata is not None and metadata.extra is not None) or _hides_extra(data):
        return _decode_document(data)
    if text is not None and not isinstance(text, str):
        return _decode_document(data)
    if chunk.media_encoding is MediaEncoding.BINARY and text is not None:
        force_setattr(chunk, "media_data", bytes_of(text))
    return chunk


def _decode_document(data: bytes) -> BaseStreamChunk:
    document = form_of_text(data)
    if not isinstance(document, dict):
        raise MalformedChunk("not an object", data)
    return chunk_of_document(document)
