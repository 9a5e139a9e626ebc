"""Tools that the provider runs itself, switched on by options of one name everywhere: ``web_search=True``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..errors import ConfigurationError
from ..provider.spec import NATIVE_TOOLS, NativeTool, ProviderSpec
from .parameters import Body, Options, merge_lists

_ALIASES: Final = {
    **{f"enable_{name}": name for name in NATIVE_TOOLS},
    "enable_code_interpreter": "code_execution",
}
"""The origin's names."""


def split_native_tools(options: Options, provider: ProviderSpec) -> tuple[Body, dict[str, Any]]:
    """Return the fields that switch on the native tools which *options* name, and the other options.

    An option is true, or an object with the provider's own settings of the tool; false and None ask for nothing. Of two
    names of one tool the later one counts, so that a call wins over its backend.

    Raises:
        ConfigurationError: The provider has no such tool, or the value is neither.
    """
    wanted: dict[str, tuple[str, Any]] = {}
    rest: dict[str, Any] = {}
    for given, value in options.items():
        name = native_tool_named(given)
        if name is None:
            rest[given] = value
        else:
            wanted[name] = given, value
    body: Body = {}
    for name, (given, value) in wanted.items():
        if value is not None and value is not False:
            merge_lists(body, _fields(_tool(name, provider), given, value))
    return body, rest


def native_tool_named(option: str) -> str | None:
    """Return the native tool that an option switches on; None where it is no such option."""
    name = _ALIASES.get(option, option)
    return name if name in NATIVE_TOOLS else None


def _tool(name: str, provider: ProviderSpec) -> NativeTool:
    tool = provider.native_tools.get(name)
    if tool is None:
        offered = ", ".join(provider.native_tools) or "none"
        raise ConfigurationError(f"{provider.name} has no native tool {name}; it has: {offered}")
    return tool


def _fields(tool: NativeTool, given: str, value: object) -> Body:
    if value is not True and not isinstance(value, Mapping):
        raise ConfigurationError(f"option {given} must be true or an object of settings, not {type(value).__name__}")
    settings = dict(value) if isinstance(value, Mapping) else {}
    made = {**tool.settings, tool.key: {**tool.settings.get(tool.key, {}), **settings}} if tool.key else None
    made = {**tool.settings, **settings} if made is None else made
    return {tool.field: [made] if tool.listed else made}
