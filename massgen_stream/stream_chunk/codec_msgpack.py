"""Chunks as MessagePack.

The document is the one of JSON with two differences: bytes are MessagePack's own ``bin``, and so no key needs an
escape. What MessagePack lacks is **extension type 1: the JSON text, in UTF-8, of the value's JSON form** (see
`jsonform`). It stands for integers beyond 64 bits, strings with a lone surrogate, dictionaries with such a string as a
key, and dictionaries of unknown fields whose ``$`` keys are none of ours. No other extension type is used or read.

Laws: `decode_msgpack` of `encode_msgpack` gives an equal chunk; going through MessagePack changes no JSON document.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ..errors import MalformedChunk, UnencodableValue, excerpt
from .base import BaseStreamChunk, chunk_of_document
from .codec_json import UNREADABLE, UNWRITABLE, decode_json, encode_json
from .document import EXTRA
from .fidelity import MESSAGEPACK_KINDS, keeps_chunk
from .jsonform import BYTES_KEY, bytes_of, to_form
from .jsontext import form_of_text, text_of_form
from .multimodal import MultimodalStreamChunk
from .text import TextStreamChunk

JSON_TEXT: Final = 1
"""The extension type: JSON text of a value's JSON form."""
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1

_encode: Final = msgspec.msgpack.Encoder().encode


def encode_msgpack(chunk: BaseStreamChunk) -> bytes:
    """Return *chunk* as one MessagePack map; see the module for what MessagePack has no type of its own for.

    Raises:
        UnencodableValue: A value has no form, as in `encode_json`.
    """
    if not isinstance(chunk, BaseStreamChunk):
        raise UnencodableValue("chunk", f"{type(chunk).__name__} is no chunk; build one with from_dict")
    try:
        if keeps_chunk(chunk, MESSAGEPACK_KINDS):
            return _encode(chunk)
    except UNWRITABLE:
        pass  # an integer or a string that needs the extension
    document = chunk.to_dict()
    if not all(map(_is_text, document)):
        return _encode(msgspec.msgpack.Ext(JSON_TEXT, encode_json(chunk)))
    packed = {name: _packed(form) for name, form in document.items()}
    data = getattr(chunk, "media_data", None)
    if isinstance(data, bytes | bytearray | memoryview):
        packed["media_data"] = bytes(data)
    return _encode(packed)


def _packed(form: Any) -> Any:
    """Return what MessagePack holds for a JSON form."""
    if isinstance(form, dict):
        return _packed_dict(form)
    if isinstance(form, list):
        return [_packed(item) for item in form]
    if isinstance(form, str) and not _is_text(form):
        return _extension(form)
    if isinstance(form, int) and not _SMALLEST <= form <= _LARGEST:
        return _extension(form)
    return form


def _packed_dict(form: dict[str, Any]) -> Any:
    if form.keys() == {BYTES_KEY}:
        return _packed_bytes(form)
    foreign = any(key[:1] == "$" and key[:2] != "$$" for key in form)
    if foreign or not all(map(_is_text, form)):
        return _extension(form)
    return {(key[1:] if key[:1] == "$" else key): _packed(item) for key, item in form.items()}


def _packed_bytes(form: dict[str, Any]) -> Any:
    try:
        data = bytes_of(form[BYTES_KEY])
    except MalformedChunk:
        return _extension(form)
    return data if b64encode(data).decode() == form[BYTES_KEY] else _extension(form)


def _extension(form: Any) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(JSON_TEXT, text_of_form(form))


def _is_text(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _JsonText:
    """The payload of an extension, until it is known whether its form or its value is wanted."""

    def __init__(self, code: int, data: memoryview) -> None:
        self.code, self.data = code, bytes(data)

    def form(self) -> Any:
        if self.code != JSON_TEXT:
            raise MalformedChunk(f"extension type {self.code} is unknown")
        return form_of_text(self.data)


_EXTRA_NAME: Final = EXTRA.encode()
_decode_text: Final = msgspec.msgpack.Decoder(TextStreamChunk, ext_hook=_JsonText).decode
_decode_multimodal: Final = msgspec.msgpack.Decoder(MultimodalStreamChunk, ext_hook=_JsonText).decode
_decode_any: Final = msgspec.msgpack.Decoder(ext_hook=_JsonText).decode


def decode_msgpack(data: bytes | bytearray | memoryview) -> BaseStreamChunk:
    """Return the chunk that one MessagePack map stands for; the inverse of `encode_msgpack`.

    Raises:
        MalformedChunk: *data* is not MessagePack, no map with a string `type`, or a known field has the wrong type.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise MalformedChunk(f"not bytes but {type(data).__name__}")
    data = bytes(data)
    if _EXTRA_NAME in data:  # an unknown field of that name: msgspec takes it for `extra`, and null leaves no trace
        return _decode_document(data)
    for decode in (_decode_text, _decode_multimodal):
        try:
            chunk: BaseStreamChunk = decode(data)
        except UNREADABLE:
            continue
        # NaN, dates, keys that are no strings and extensions get past msgspec
        return chunk if keeps_chunk(chunk, MESSAGEPACK_KINDS) else _decode_document(data)
    return _decode_document(data)


def _decode_document(data: bytes) -> BaseStreamChunk:
    try:
        packed = _decode_any(data)
        if isinstance(packed, _JsonText) and packed.code == JSON_TEXT:
            return decode_json(packed.data)
        if not isinstance(packed, Mapping):
            raise MalformedChunk("not a map", data)
        return chunk_of_document({_plain_key(name): _field_form(name, value) for name, value in packed.items()})
    except (msgspec.MsgspecError, ValueError, OverflowError, TypeError) as problem:  # TypeError: a map as a key
        raise MalformedChunk(excerpt(problem), data) from None
    except UnencodableValue as problem:
        raise MalformedChunk(f"{problem.where}: {problem.problem}", data) from None
    except RecursionError:
        raise MalformedChunk("nested too deeply", data) from None


def _field_form(name: str, value: Any) -> Any:
    return value if name == "media_data" and isinstance(value, bytes) else _unpacked(value)


def _unpacked(value: Any) -> Any:
    """Return the JSON form of what MessagePack held; the inverse of `_packed`."""
    if isinstance(value, _JsonText):
        return value.form()
    if isinstance(value, dict):
        return {("$" + key if _plain_key(key)[:1] == "$" else key): _unpacked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    return to_form(value)


def _plain_key(key: Any) -> str:
    if not isinstance(key, str):
        raise MalformedChunk("a key that is not a string", key)
    return key
