"""A server that speaks the vendors' wires, drives their SDKs, follows scripts and injects faults.

This file is a table of contents: a name is loaded when it is first used.
"""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from .connections import ConnectionCount as ConnectionCount
    from .faults import Fault as Fault
    from .faults import parse_fault as parse_fault
    from .request import Request as Request
    from .scripts import call as call
    from .scripts import cut as cut
    from .scripts import fail as fail
    from .scripts import raw as raw
    from .scripts import refuse as refuse
    from .scripts import stall as stall
    from .scripts import text as text
    from .scripts import think as think
    from .server import Simulator as Simulator

_PLACES = {
    "ConnectionCount": ".connections",
    "Fault": ".faults",
    "Request": ".request",
    "Simulator": ".server",
    "call": ".scripts",
    "cut": ".scripts",
    "fail": ".scripts",
    "parse_fault": ".faults",
    "raw": ".scripts",
    "refuse": ".scripts",
    "stall": ".scripts",
    "text": ".scripts",
    "think": ".scripts",
}

__all__ = list(_PLACES)

__getattr__, __dir__ = _lazy_names(__name__, _PLACES, globals())
