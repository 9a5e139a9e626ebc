"""Server-sent events: bytes, cut anywhere, to events.

The framing is that of the WHATWG (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream)
with two differences: data stays bytes, because vendors put JSON there and JSON decoders read bytes; and what is
pending at the end of the input is returned, marked, instead of dropped, because vendors forget the last blank line.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ..errors import ConfigurationError, EventTooLarge

DEFAULT_MAX_EVENT_BYTES: Final = 128 * 2**20
"""Room for the largest medium in one event: a picture or a song of 90 MB as base64. The standard sets no limit."""

MESSAGE: Final = "message"
"""The type of an event that names none."""

_BOM: Final = b"\xef\xbb\xbf"
_LF: Final = 10
_CR: Final = 13
_BLOCK_BYTES: Final = 2**18
"""Input longer than this is split block by block: the list of all its lines would be a second copy of it."""
_RETRY_DIGITS: Final = 18
"""No clock needs more milliseconds; longer numbers only cost time."""

_KNOWN_LINES: Final = 100
_KNOWN_LINE_BYTES: Final = 100
"""Vendors repeat a few short names, fewer than 60; remembering them halves the cost of their lines."""


class ServerSentEvent(msgspec.Struct, frozen=True, gc=False):
    """One event.

    Attributes:
        event: Its type, ``message`` when the stream names none.
        data: Its data lines, joined by LF; UTF-8 unless the sender erred.
        id: The last event id of the stream so far, this event's included; None when none was ever sent.
        retry: Milliseconds to wait before a new connection, when this event's block says so.
        pending: True for what `SSEDecoder.close` returns: the blank line that ends an event never came. A payload that
            is complete in itself may be used; any other is a sign that the stream was cut.
    """

    event: str
    data: bytes
    id: str | None = None
    retry: int | None = None
    pending: bool = False


class SSEDecoder:
    """Turns the bytes of an event stream, cut anywhere, into events.

    Laws:
        1. Any cut of the bytes gives equal events.
        2. Work is linear in the bytes, and memory at most twice the largest event besides the input.
        3. No bytes are an error, except an event over the limit: the data lines of an event, field names included,
           plus the line that is being read may hold at most *max_event_bytes*, line ends not counted.
        4. Over the limit, events that were complete before are returned first, then `EventTooLarge` is raised once,
           at the latest by the next call. From then on, and after `close`, every call returns an empty list.

    Attributes:
        last_event_id: The id with which to resume; None when none was sent.
        retry: The last ``retry`` that was sent, in milliseconds.
        comments: How many comment lines came (keep-alives).
        foreign: How many lines with unknown field names came; they are skipped.

    Raises:
        ConfigurationError: *max_event_bytes* is no positive integer.
    """

    __slots__ = (
        "_after_cr",
        "_closed",
        "_data",
        "_event",
        "_failed",
        "_head",
        "_idle",
        "_known",
        "_limit",
        "_line",
        "_odd",
        "_retry",
        "_size",
        "comments",
        "foreign",
        "last_event_id",
        "retry",
    )

    def __init__(self, max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        if type(max_event_bytes) is not int or max_event_bytes < 1:
            raise ConfigurationError(f"max_event_bytes must be a positive number of bytes, not {max_event_bytes!r:.40}")
        self._limit = max_event_bytes
        self._head: bytes | None = b""  # None once it is known whether the stream begins with a BOM
        self._line = bytearray()  # the unfinished line
        self._after_cr = False  # an LF that comes next belongs to a CR that ended its line already
        self._data: list[bytes] = []
        self._size = 0  # bytes of the data lines of the open event
        self._event = MESSAGE
        self._known: dict[bytes, str] = {}  # lines that name an event, to the name
        self._retry: int | None = None
        self._idle = False  # the last line was blank, and nothing is open
        self._odd = True  # an open question about BOM or CR, a passed limit, or the end
        self._failed = self._closed = False
        self.last_event_id: str | None = None
        self.retry: int | None = None
        self.comments = 0
        self.foreign = 0

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        """Return the events that *data* completes; empty when more is needed.

        Raises:
            EventTooLarge: See law 4.
        """
        # One whole event of one data line, named or not, is what most reads of a live stream bring.
        if self._idle and data[-1:] == b"\n" and len(data) <= self._limit:
            if data[:6] == b"data: ":
                end = data.find(b"\n")
                if end == len(data) - 2 and data.find(b"\r") < 0:
                    return [ServerSentEvent(MESSAGE, data[6:end], self.last_event_id)]
                if end == len(data) - 3 and data.find(b"\r") == end - 1 and data[-2] == _CR:
                    return [ServerSentEvent(MESSAGE, data[6 : end - 1], self.last_event_id)]
            else:
                start = data.find(b"\n") + 7
                name = self._known.get(data[: start - 7])
                if (
                    name is not None
                    and data[start - 6 : start] == b"data: "
                    and data.find(b"\n", start) == len(data) - 2
                    and data.find(b"\r", start) < 0
                ):
                    return [ServerSentEvent(name, data[start:-2], self.last_event_id)]
        if self._odd and not (data := self._plain(data)):
            return []
        events = self._take_block(data) if len(data) <= _BLOCK_BYTES else self._take_blocks(data)
        if self._failed and not events:
            raise self._end()
        return events

    def close(self) -> list[ServerSentEvent]:
        """End of input: return the event that waits for its blank line, marked as `pending`.

        Of a last line without its line end only data counts: half an id or half a name would be a wrong one.

        Raises:
            EventTooLarge: See law 4.
        """
        if self._closed:
            return []
        if self._failed:
            raise self._end()
        line, data, event, retry = bytes(self._line), self._data, self._event, self._retry
        self._end()
        name, _, value = line.partition(b":")
        if name == b"data":
            data.append(value.removeprefix(b" "))
        return [ServerSentEvent(event, b"\n".join(data), self.last_event_id, retry, pending=True)] if data else []

    def _end(self) -> EventTooLarge:
        """Free everything; later calls return nothing."""
        self._closed = self._odd = True
        self._idle = False
        self._line, self._data = bytearray(), []
        return EventTooLarge(self._limit)

    def _plain(self, data: bytes) -> bytes:
        """Return what *data* adds to the stream after one of the oddities that `_odd` stands for."""
        if self._closed:
            return b""
        if self._failed:
            raise self._end()
        if self._head is not None:
            data = self._without_bom(data)
        if self._after_cr and data:
            self._after_cr = False
            data = data.removeprefix(b"\n")
        self._odd = self._after_cr or self._head is not None
        return data

    def _without_bom(self, data: bytes) -> bytes:
        """Return what *data* adds to the stream; a byte order mark at its start, cut or not, is nothing."""
        head = (self._head or b"") + data
        if len(head) < len(_BOM) and _BOM.startswith(head):
            self._head = head
            return b""
        self._head = None
        return head.removeprefix(_BOM)

    def _take_blocks(self, data: bytes) -> list[ServerSentEvent]:
        """Take large *data*: whole lines block by block, and a long data line with a single copy."""
        events: list[ServerSentEvent] = []
        start = 0
        while start < len(data) and not self._failed:
            stop = data.rfind(b"\n", start, start + _BLOCK_BYTES) + 1
            if not stop:
                stop = data.find(b"\n", start + _BLOCK_BYTES) + 1 or len(data)
                if self._took_long_line(data, start, stop):
                    start = stop
                    continue
            events += self._take_block(data[start:stop])
            start = stop
        return events

    def _took_long_line(self, data: bytes, start: int, stop: int) -> bool:
        """Take ``data[start:stop]`` if it is exactly one line ``data: …`` with its LF or CRLF."""
        if self._line or not data.startswith(b"data: ", start) or data[stop - 1] != _LF:
            return False
        end = stop - 2 if data[stop - 2] == _CR else stop - 1
        if data.find(b"\r", start, end) >= 0:
            return False
        self._size += end - start
        self._idle = False
        if self._size > self._limit:
            self._odd = self._failed = True
        else:
            self._data.append(data[start + 6 : end])
        return True

    def _take_block(self, data: bytes) -> list[ServerSentEvent]:
        if data.find(b"\r") < 0:
            lines = data.split(b"\n")
            rest = lines.pop()
        else:
            lines = data.splitlines()  # of bytes: at LF, CR and CRLF, and nowhere else
            rest = b"" if data[-1] in (_LF, _CR) else lines.pop()
            self._odd = self._after_cr = data[-1] == _CR
        events = self._take_lines(lines) if lines else []
        if rest:
            self._line += rest
            self._idle = False
            if self._size + len(self._line) > self._limit:
                self._odd = self._failed = True
        return events

    def _take_lines(self, lines: list[bytes]) -> list[ServerSentEvent]:
        """Take whole lines. Stops, with `_failed` set, before the line that would pass the limit."""
        if self._line:
            self._line += lines[0]
            lines[0] = bytes(self._line)
            self._line.clear()
        events: list[ServerSentEvent] = []
        data, size, limit, event, known = self._data, self._size, self._limit, self._event, self._known
        for line in lines:
            if not line:
                if data:
                    whole = data[0] if len(data) == 1 else b"\n".join(data)
                    events.append(ServerSentEvent(event, whole, self.last_event_id, self._retry))
                    data.clear()
                    size = 0
                event, self._retry = MESSAGE, None
            elif line[:6] == b"data: " and (size := size + len(line)) <= limit:
                data.append(line[6:])
            elif not data and line in known:
                event = known[line]
            elif size + len(line) <= limit:
                self._event = event
                size += self._take_field(line)
                event = self._event
            else:
                self._odd = self._failed = True
                break
        self._event, self._size = event, size
        self._idle = not line
        return events

    def _take_field(self, line: bytes) -> int:
        """Take any line that is not blank; return how many of its bytes count towards the event's size."""
        name, _, value = line.partition(b":")
        if value[:1] == b" ":
            value = value[1:]
        if name == b"event":
            self._take_event(line, value)
        elif name == b"data":
            self._data.append(value)
            return len(line)
        elif name == b"id":
            if b"\0" not in value:
                self.last_event_id = str(value, "utf-8", "replace")
        elif not name:
            self.comments += 1
        elif name == b"retry":
            if value.isdigit() and len(value) <= _RETRY_DIGITS:
                self.retry = self._retry = int(value)
        else:
            self.foreign += 1
        return 0

    def _take_event(self, line: bytes, name: bytes) -> None:
        self._event = str(name, "utf-8", "replace") or MESSAGE
        if len(line) <= _KNOWN_LINE_BYTES and len(self._known) < _KNOWN_LINES:
            self._known[line] = self._event
