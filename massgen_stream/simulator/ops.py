"""What the simulator does to one connection, in order.

A turn of a script, a default answer and every fault end up as a sequence of these: a head, bytes of the body, waits,
and at most one close. They are plain data, so what a client will see can be tested without a socket.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Closing = Literal["end", "close", "reset"]
"""How a connection ends early.

``end``: the body ends as if complete. ``close``: the connection closes in the middle of the body, as when a server
dies. ``reset``: the same with a TCP reset; bytes that the client has not read yet may be lost.
"""


class Head(msgspec.Struct, frozen=True):
    """Status line and headers; the first op that is not a `Wait`."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()


class Wait(msgspec.Struct, frozen=True):
    """Silence: *seconds* of it, or None for as long as the client stays."""

    seconds: float | None


class Close(msgspec.Struct, frozen=True):
    """The end, before everything was sent."""

    how: Closing


Op = Head | Wait | Close | bytes
"""Bytes are a piece of the body; each is written to the socket on its own."""
