"""Python values in the form that JSON can hold, and back.

Bytes are ``{"$bytes": "<base64>"}``, a user key that starts with ``$`` gains one more, an adjacent pair of surrogates
is its character (JSON cannot tell them apart), a tuple is a list. What has no form is refused, never changed.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from ..errors import MalformedChunk, UnencodableValue, excerpt

BYTES_KEY: Final = "$bytes"
_INTEGER_BITS: Final = 14_000
"""Python refuses to print integers of more than 4,300 digits (sys.set_int_max_str_digits); about 14,284 bits."""


def to_form(value: Any, where: str = "") -> Any:
    """Return *value* as dictionaries, lists, strings, numbers, booleans and None.

    Raises:
        UnencodableValue: NaN, infinity, a key that is not a string, or a type that JSON has no form for.
    """
    try:
        return _form(value, where)
    except RecursionError:
        raise UnencodableValue(where or "value", "nested too deeply, or contains itself") from None


def _form(value: Any, where: str) -> Any:
    convert = _FORMS.get(type(value))
    if convert is not None:
        return convert(value, where)
    for base, convert in _FORMS.items():  # subclasses: enums, OrderedDict, IntEnum
        if isinstance(value, base):
            return convert(value, where)
    raise UnencodableValue(where or "value", f"{type(value).__name__} has no JSON form")


def text_form(value: str, _: str = "") -> str:
    """Return *value* as a plain string with surrogate pairs joined."""
    plain = value if type(value) is str else str.__str__(value)
    if plain.isascii():
        return plain
    try:
        plain.encode()
    except UnicodeEncodeError:
        return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return plain


def _float_form(value: float, where: str) -> float:
    if not math.isfinite(value):
        raise UnencodableValue(where or "value", f"{value} is not a JSON number")
    return float(value)


def _int_form(value: int, where: str) -> int:
    if value.bit_length() > _INTEGER_BITS:
        raise UnencodableValue(where or "value", "integer of more than 4200 digits")
    return int(value)


def base64_form(value: bytes | bytearray | memoryview) -> str:
    """Return *value* as base64."""
    return b64encode(value.tobytes() if isinstance(value, memoryview) else value).decode("ascii")


def _bytes_form(value: bytes | bytearray | memoryview, _: str) -> dict[str, str]:
    return {BYTES_KEY: base64_form(value)}


def _key_form(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise UnencodableValue(where or "value", f"key {excerpt(repr(key))} is not a string")
    return text_form(key)


def _dict_form(value: Mapping[Any, Any], where: str) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for key, item in value.items():
        name = _key_form(key, where)
        form["$" + name if name.startswith("$") else name] = _form(item, f"{where}.{name}" if where else name)
    if len(form) != len(value):
        raise UnencodableValue(where or "value", "two keys are the same character in JSON")
    return form


def _list_form(value: list[Any] | tuple[Any, ...], where: str) -> list[Any]:
    return [_form(item, f"{where}[{index}]") for index, item in enumerate(value)]


_FORMS: Final[Mapping[type, Callable[[Any, str], Any]]] = {
    str: text_form,
    bool: lambda value, _: value,
    int: _int_form,
    float: _float_form,
    type(None): lambda value, _: value,
    dict: _dict_form,
    list: _list_form,
    tuple: _list_form,
    bytes: _bytes_form,
    bytearray: _bytes_form,
    memoryview: _bytes_form,
}


def literal_form(form: Any, where: str = "") -> Any:
    """Return *form*, which is a JSON form already: the same, checked; its ``$`` keys stay as they are.

    Raises:
        UnencodableValue: It holds what JSON cannot hold; bytes become ``{"$bytes": ...}``.
    """
    try:
        return _literal(form, where)
    except RecursionError:
        raise UnencodableValue(where or "value", "nested too deeply, or contains itself") from None


def _literal(form: Any, where: str) -> Any:
    if isinstance(form, dict):
        literal = {
            _key_form(key, where): _literal(item, f"{where}.{key}" if where else str(key)) for key, item in form.items()
        }
        if len(literal) != len(form):
            raise UnencodableValue(where or "value", "two keys are the same character in JSON")
        return literal
    if isinstance(form, list | tuple):
        return [_literal(item, f"{where}[{index}]") for index, item in enumerate(form)]
    return _form(form, where)


def from_form(form: Any) -> Any:
    """Return the value that *form* stands for; the inverse of `to_form`. Bytes may also stand for themselves.

    Raises:
        MalformedChunk: ``$bytes`` is not base64, or *form* holds what JSON cannot hold.
    """
    if isinstance(form, str | bool | int | None):
        return form
    if isinstance(form, dict):
        if len(form) == 1 and BYTES_KEY in form:
            return bytes_of(form[BYTES_KEY])
        return {_key_of(key): from_form(item) for key, item in form.items()}
    if isinstance(form, list | tuple):
        return [from_form(item) for item in form]
    if isinstance(form, bytes | bytearray | memoryview):
        return bytes(form)
    if isinstance(form, float) and math.isfinite(form):
        return form
    raise MalformedChunk("a value that JSON cannot hold", form)


def _key_of(key: Any) -> str:
    if not isinstance(key, str):
        raise MalformedChunk("a key that is not a string", key)
    return key[1:] if key.startswith("$$") else key


def bytes_of(text: Any) -> bytes:
    """Decode strict base64.

    Raises:
        MalformedChunk: *text* is not base64.
    """
    if isinstance(text, str):
        try:
            return msgspec.convert(text, bytes)  # five times as fast as base64.b64decode, and as strict
        except msgspec.ValidationError:
            pass
    raise MalformedChunk("bytes that are not base64", text)
