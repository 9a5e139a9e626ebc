"""Server-sent events: events to bytes, lines ended by LF."""

from __future__ import annotations

import re
from typing import Final

from ..errors import UnencodableValue

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


def encode_event(
    data: bytes,
    *,
    event: str | None = None,
    id: str | None = None,  # noqa: A002 - the field's name
    retry: int | None = None,
) -> bytes:
    r"""Return one event as bytes; `SSEDecoder` reads the same event from them.

    An event stream cannot carry CR: each CR, LF or CRLF in *data* begins a new data line and arrives as LF.

    Args:
        data: The payload, also empty.
        event: Type of the event, without line ends.
        id: Event id, without line ends and NUL.
        retry: Milliseconds to wait before a new connection.

    Raises:
        UnencodableValue: *event*, *id* or *retry* has no place on a line.
    """
    if event is None and id is None and retry is None:
        return _data_lines(data) + b"\n"
    head = b""
    if id is not None:
        head += b"id: " + _one_line("id", id, "\r\n\0") + b"\n"
    if event is not None:
        head += b"event: " + _one_line("event", event, "\r\n") + b"\n"
    if retry is not None:
        head += b"retry: " + _digits(retry) + b"\n"
    return head + _data_lines(data) + b"\n"


def encode_comment(text: str = "") -> bytes:
    """Return *text* as a comment, which readers skip; servers send one to keep a silent connection open.

    Raises:
        UnencodableValue: *text* has a lone surrogate.
    """
    lines = _LINE_END.split(_utf8("comment", text))
    return b"".join(b": " + line + b"\n" if line else b":\n" for line in lines) + b"\n"


def _data_lines(data: bytes) -> bytes:
    if data.find(b"\n") < 0 and data.find(b"\r") < 0:
        return b"data: " + data + b"\n"
    return b"".join(b"data: " + line + b"\n" for line in _LINE_END.split(data))


def _one_line(where: str, text: str, forbidden: str) -> bytes:
    if any(character in text for character in forbidden):
        raise UnencodableValue(where, "line ends and NUL have no place in a field of an event; remove them")
    return _utf8(where, text)


def _utf8(where: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise UnencodableValue(where, "a lone surrogate has no UTF-8 form; remove it") from None


def _digits(retry: int) -> bytes:
    if type(retry) is not int or not 0 <= retry < 10**18:
        raise UnencodableValue("retry", "must be a whole number of milliseconds, from 0 to 10**18 - 1")
    return b"%d" % retry
