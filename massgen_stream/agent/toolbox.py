"""The tools of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ..errors import ConfigurationError, excerpt
from ..stream_chunk.formatter.tool import normalise_tools
from .functions import FunctionTool
from .tools import Tool

Offered: TypeAlias = Tool | Callable[..., Any] | Mapping[str, Any]
"""A tool; a function; or the definition of a tool that the caller answers."""


class Toolbox:
    """The tools of a run, by name.

    Args:
        offered: Tools, functions, and definitions of tools that are not run here.

    Raises:
        ConfigurationError: Two have one name, or something is no tool.
        InvalidMessage: A definition cannot be read.
    """

    def __init__(self, offered: Iterable[Offered] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        self._declared: dict[str, Mapping[str, Any]] = {}
        for one in offered:
            self._add(one)

    @property
    def definitions(self) -> list[Mapping[str, Any]]:
        """All tools, as backends take them."""
        return [*(tool.definition() for tool in self._tools.values()), *self._declared.values()]

    @property
    def guidance(self) -> str:
        """What the tools tell their model beforehand."""
        return "\n\n".join(tool.guidance for tool in self._tools.values() if tool.guidance)

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    def find(self, name: str) -> Tool | None:
        """Return the tool that is run here under *name*; None if there is none."""
        return self._tools.get(name)

    def is_answered_by_caller(self, name: str) -> bool:
        """Return whether only the caller can answer calls of *name*; where nothing is run here, whatever its name."""
        return name in self._declared or not self._tools

    def _add(self, one: Offered) -> None:
        if isinstance(one, Mapping):
            for known in normalise_tools([one]):
                self._declared[self._new(str(known.get("name") or known.get("type")))] = one
        else:
            tool = one if isinstance(one, Tool) else FunctionTool(_callable(one))
            self._tools[self._new(tool.name)] = tool

    def _new(self, name: str) -> str:
        if name in self._tools or name in self._declared:
            raise ConfigurationError(f"two tools are called {excerpt(name)!r}; give one of them another name")
        return name


def _callable(one: Any) -> Callable[..., Any]:
    if not callable(one):
        raise ConfigurationError(f"a {type(one).__name__} is no tool; use a function, a Tool or a definition")
    return one  # type: ignore[no-any-return]
