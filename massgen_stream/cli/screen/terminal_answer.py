"""What a terminal says of itself.

The questions are those of https://invisible-island.net/xterm/ctlseqs/ctlseqs.html: name (XTVERSION), device attributes
(DA1), colour registers (XTSMGRAPHICS), pixels of a cell (``CSI 16 t``). kitty's own query is not among them: terminals
that know no APC print it, such as the Linux console (https://github.com/dankamongmen/notcurses/issues/2050).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from .cells import Cell

WHO: Final = b"\x1b[>0q\x1b[c"
"""Name and attributes. Every terminal answers the latter, in the order of the questions: then all has been said."""
SIXELS: Final = b"\x1b[?1;1;0S\x1b[16t\x1b[c"
"""What is needed to draw with sixels."""

END: Final = re.compile(rb"\x1b\[\?([\d;]*)c")
_NAME: Final = re.compile(rb"\x1bP>\|([^\x1b]*)\x1b\\")
_COLOURS: Final = re.compile(rb"\x1b\[\?1;(\d+)(?:;(\d+))?S")
_CELL: Final = re.compile(rb"\x1b\[6;(\d+);(\d+)t")
_ALL: Final = (END, _NAME, _COLOURS, _CELL)
_SIXEL: Final = b"4"


class Answer(NamedTuple):
    """Answers of a terminal.

    Attributes:
        name: Its name, often with its version; empty where it is not told.
        sixel: Whether it draws sixels.
        colours: How many colours a sixel picture may have.
        cell: Size of a cell.
    """

    name: str = ""
    sixel: bool = False
    colours: int | None = None
    cell: Cell | None = None


def answer_in(heard: bytes) -> Answer | None:
    """Return what was answered; None where an answer is not whole."""
    end = END.search(heard)
    if end is None:
        return None
    name, colours, cell = _NAME.search(heard), _COLOURS.search(heard), _CELL.search(heard)
    return Answer(
        name=name[1].decode("ascii", "replace") if name else "",
        sixel=_SIXEL in end[1].split(b";")[1:],
        colours=int(colours[2]) if colours and colours[1] == b"0" and colours[2] else None,
        cell=Cell(int(cell[2]), int(cell[1])) if cell and int(cell[1]) and int(cell[2]) else None,
    )


def typed_in(heard: bytes) -> bytes:
    """Return what is no answer: somebody typed it meanwhile."""
    for answer in _ALL:
        heard = answer.sub(b"", heard)
    return heard
