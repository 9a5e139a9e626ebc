"""Base64 in pieces, both ways, strict: RFC 4648 section 4 with its padding, and nothing else.

Laws: however the input is cut, the joined output is the one of ``base64`` over the whole; the decoder takes exactly
what ``base64.b64decode(text, validate=True)`` takes. Memory is that of one piece.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from functools import partial
from typing import Final

from ..errors import MediaError, excerpt

Bytes = bytes | bytearray | memoryview

_QUAD: Final = 4
_TRIPLE: Final = 3
_PAD: Final = ord("=")


def _strict(text: Bytes) -> bytes:
    return a2b_base64(text, strict_mode=True)


def _plain(data: Bytes) -> bytes:
    return b2a_base64(data, newline=False)


def _fastest() -> tuple[Callable[[Bytes], bytes], Callable[[Bytes], bytes]]:
    """Return the decoder and the encoder of whole groups."""
    try:
        import pybase64  # noqa: PLC0415 - an extra
    except ImportError:  # the standard library does it too, at a tenth of the speed
        return _strict, _plain
    return partial(pybase64.b64decode, validate=True), pybase64.b64encode


_decoded, _encoded = _fastest()


class Base64Decoder:
    """Turns base64 that comes in pieces into bytes."""

    def __init__(self) -> None:
        self._rest = b""
        self._ended = False

    def feed(self, piece: str | Bytes) -> bytes:
        """Return the bytes that *piece* completes.

        Raises:
            MediaError: Something is not base64, or follows the padding.
        """
        text = _ascii(piece)
        if text and self._ended:
            raise _follows_padding()
        head = b""
        if self._rest:
            take = _QUAD - len(self._rest)
            self._rest += bytes(text[:take])
            text = text[take:]
            if len(self._rest) < _QUAD:
                return b""
            head, self._rest = self._whole(memoryview(self._rest), text), b""
        end = len(text) - len(text) % _QUAD
        body, self._rest = self._whole(text[:end], text[end:]), bytes(text[end:])
        return head + body if head else body

    def close(self) -> None:
        """Say that all has come.

        Raises:
            MediaError: The text ended within a group of four characters.
        """
        if self._rest:
            raise MediaError("invalid base64: it ends within a group of four characters; it is cut or lacks padding")

    def _whole(self, groups: memoryview, behind: memoryview) -> bytes:
        """Return the bytes of whole groups, with *behind* behind them."""
        if not groups:
            return b""
        self._ended = groups[-1] == _PAD
        if self._ended and behind:
            raise _follows_padding()
        try:
            return _decoded(groups)
        except ValueError:
            raise _foreign(groups) from None


def _follows_padding() -> MediaError:
    return MediaError("invalid base64: something follows the padding; pass one base64 text")


def _foreign(text: object) -> MediaError:
    return MediaError(f"invalid base64: {excerpt(text)!r} holds a character that base64 has not")


class Base64Encoder:
    """Turns bytes that come in pieces into base64."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: Bytes) -> bytes:
        """Return the characters that *piece* completes."""
        data = memoryview(piece).cast("B")
        head = b""
        if self._rest:
            take = _TRIPLE - len(self._rest)
            self._rest += bytes(data[:take])
            data = data[take:]
            if len(self._rest) < _TRIPLE:
                return b""
            head, self._rest = _encoded(self._rest), b""
        end = len(data) - len(data) % _TRIPLE
        self._rest = bytes(data[end:])
        return head + _encoded(data[:end])

    def close(self) -> bytes:
        """Return the last group with its padding; the encoder begins anew."""
        last, self._rest = self._rest, b""
        return _encoded(last) if last else b""


def base64_of(data: Bytes) -> bytes:
    """Return the base64 of whole data."""
    return _encoded(data)


def base64_size(text: str | Bytes) -> int:
    """Return how many bytes a base64 text stands for, without reading it."""
    end = text[-2:] if isinstance(text, str) else bytes(text[-2:]).decode("latin-1")
    return max(0, len(text) // _QUAD * _TRIPLE - end.count("="))


def _ascii(piece: str | Bytes) -> memoryview:
    if not isinstance(piece, str):
        return memoryview(piece).cast("B")
    try:
        return memoryview(piece.encode("ascii"))
    except UnicodeEncodeError:
        raise _foreign(piece) from None
