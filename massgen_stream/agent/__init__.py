"""Agents: a model, and the tools that are run for it. This file is a table of contents.

A name is loaded when it is first used; no module has the name of one, since it would hide it.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agent import Agent as Agent
    from .functions import FunctionTool as FunctionTool
    from .media_tool import MediaTool as MediaTool
    from .stream import AgentStream as AgentStream
    from .sync_calls import is_cancelled as is_cancelled
    from .toolbox import Toolbox as Toolbox
    from .tools import Tool as Tool
    from .tools import ToolOutput as ToolOutput

_PLACES = {
    "Agent": ".agent",
    "AgentStream": ".stream",
    "FunctionTool": ".functions",
    "MediaTool": ".media_tool",
    "Tool": ".tools",
    "ToolOutput": ".tools",
    "Toolbox": ".toolbox",
    "is_cancelled": ".sync_calls",
}

__all__ = list(_PLACES)


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(_import_module(_PLACES[name], __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})
