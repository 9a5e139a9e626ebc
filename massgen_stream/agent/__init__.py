"""Agents: a model, and the tools that are run for it. This file is a table of contents.

A name is loaded when it is first used; no module has the name of one, since it would hide it.
"""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names as _lazy_names

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

__getattr__, __dir__ = _lazy_names(__name__, _PLACES, globals())
