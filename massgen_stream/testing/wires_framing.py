"""How the documents of generated wires become bytes, and how events get lost, doubled and mixed up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Data = dict[str, Any]
LINE_ENDS: Final = (b"\n", b"\n", b"\n", b"\r\n", b"\r")


def indexes() -> SearchStrategy[Any]:
    """Indexes of parts, usable and not."""
    return st.sampled_from((0, 0, 1, 2, 3, 9, None, "1", "?", -1, 1.0, True, float("nan")))


def dumped(event: Data, *, ascii_only: bool = True) -> bytes:
    """Return *event* as JSON; the text ``1e999`` becomes a number that no float holds."""
    text = json.dumps(event, ensure_ascii=ascii_only, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass").replace(b'"1e999"', b"1e999")


def mixed_up(draw: DrawFn, events: list[Data], extra: SearchStrategy[Data]) -> list[Data]:
    """Return *events* with some of *extra* among them, some left out, sometimes out of order."""
    for event in draw(st.lists(extra, max_size=4)):
        events.insert(draw(st.integers(0, len(events))), event)
    kept = [event for event in events if draw(st.integers(0, 7)) != 1]
    return draw(st.permutations(kept)) if draw(st.integers(0, 9)) == 1 else kept


def named_body(draw: DrawFn, events: Iterable[Data], rubbish: Sequence[bytes]) -> bytes:
    """Return a body with *events*, mostly named where they are errors, and perhaps some of *rubbish*."""
    payloads = [dumped(event, ascii_only=draw(st.booleans())) for event in events]
    for odd in draw(st.lists(st.sampled_from(rubbish), max_size=1)) if draw(st.integers(0, 5)) == 1 else ():
        payloads.insert(draw(st.integers(0, len(payloads))), odd)
    end = draw(st.sampled_from((b"\n", b"\n", b"\r\n")))
    return b"".join(_framed(payload, end, named=draw(st.integers(0, 9)) != 1) for payload in payloads)


def framed_pieces(draw: DrawFn, payloads: Iterable[bytes], foreign: Sequence[bytes]) -> list[bytes]:
    """Return the pieces of a body with *payloads* in any framing, and lines of *foreign* among them.

    The last two pieces are the ends of the last two lines.
    """
    end = draw(st.sampled_from(LINE_ENDS))
    prefix = draw(st.sampled_from((b"data: ", b"data: ", b"data:")))
    pieces = [draw(st.sampled_from((b"", b"", b"", b"\xef\xbb\xbf")))]
    for payload in payloads:
        if draw(st.integers(0, 7)) == 1:
            pieces += [draw(st.sampled_from(foreign)), end, *([end] if draw(st.booleans()) else [])]
        pieces += [*([b"event: error", end] if b'"error"' in payload and draw(st.booleans()) else [])]
        pieces += [prefix, payload, end, end]
    return pieces


def cut_off(draw: DrawFn, body: bytes, one_in: int) -> bytes:
    """Return *body*, cut anywhere *one_in* times."""
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, one_in - 1)) == 1 else body


def _framed(payload: bytes, end: bytes, *, named: bool) -> bytes:
    name = b"event: error" + end if b'"error"' in payload and named else b""
    return name + b"data: " + payload + end + end
