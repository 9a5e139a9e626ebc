"""What a function takes, as a JSON Schema; and a model's arguments, checked and converted for it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from inspect import Parameter
from typing import Any, Final, Union, get_type_hints

import msgspec

from ..errors import ConfigurationError, UsageError, excerpt
from .docstrings import described
from .schemas import Schema, object_schema, read_path

_PASSED_BY_NAME: Final = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


class Signature:
    """The parameters of a function.

    Args:
        function: Anything that can be called; its annotations are what `msgspec` knows: numbers, text, enums,
            literals, lists, dictionaries, dataclasses, structs, dates; and `pathlib.Path`. None: anything.

    Attributes:
        description: What its docstring says before the first section.
        schema: JSON Schema of its parameters; the docstring's words for them are the descriptions.

    Raises:
        ConfigurationError: It cannot be called with names, or a type has no JSON Schema.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._name = getattr(function, "__name__", type(function).__name__)
        said = described(inspect.getdoc(without_partial(function)))
        self.description = said.text
        found = self._parameters(function)
        self._names = tuple(found)
        self._struct = self._struct_of(function, found)
        self.schema = self._schema(said.parameters)
        for name, parameter in found.items():
            _note_default(self.schema["properties"][name], parameter.default)

    def convert(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the function is called with; what the model left out is not in it.

        Raises:
            UsageError: Something is missing, unknown or of another type; says which and what was expected.
        """
        try:
            value = msgspec.convert(dict(arguments), self._struct, dec_hook=read_path)
        except (msgspec.ValidationError, RecursionError) as problem:
            raise UsageError(f"wrong arguments for {self._name}: {problem}") from None
        given = {name: getattr(value, name) for name in self._names}
        return {name: one for name, one in given.items() if one is not msgspec.UNSET}

    def _parameters(self, function: Callable[..., Any]) -> dict[str, Parameter]:
        try:
            found = inspect.signature(function).parameters
        except (TypeError, ValueError) as problem:
            raise ConfigurationError(f"{self._name} does not tell its parameters: {excerpt(problem)}") from None
        for name, parameter in found.items():
            if parameter.kind not in _PASSED_BY_NAME:
                raise ConfigurationError(f"{self._name}: a model gives arguments by name, so {name} cannot be filled")
        return dict(found)

    def _struct_of(self, function: Callable[..., Any], found: Mapping[str, Parameter]) -> type[msgspec.Struct]:
        types = self._types(function)
        fields: list[Any] = []
        for name, parameter in found.items():
            kind = types.get(name, Any)
            required = parameter.default is Parameter.empty
            left_out = Union[kind, msgspec.UnsetType]  # type: ignore[valid-type]  # noqa: UP007 - made of a value
            fields.append((name, kind) if required else (name, left_out, msgspec.UNSET))
        return msgspec.defstruct("arguments", fields, kw_only=True, forbid_unknown_fields=True)

    def _types(self, function: Callable[..., Any]) -> dict[str, Any]:
        """Return the annotations, of a method or of what an object that can be called calls."""
        plain = without_partial(function)
        if not inspect.isroutine(plain) and not inspect.isclass(plain):
            plain = type(plain).__call__
        try:
            return get_type_hints(plain.__init__ if inspect.isclass(plain) else plain, include_extras=True)
        except (NameError, TypeError) as problem:
            raise ConfigurationError(f"{self._name}: an annotation cannot be read: {excerpt(problem)}") from None

    def _schema(self, words: Mapping[str, str]) -> Schema:
        try:
            return object_schema(self._struct, words)
        except TypeError as problem:
            hint = "use types that JSON can say, or write a Tool with parameters of its own"
            raise ConfigurationError(f"{self._name}: {excerpt(problem)}; {hint}") from None


def without_partial(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function within `functools.partial`."""
    while isinstance(function, partial):
        function = function.func
    return function


def _note_default(rule: Schema, default: Any) -> None:
    """Tell the model what happens without the argument, where JSON can say it."""
    if default is Parameter.empty or default is None:
        return
    try:
        rule["default"] = msgspec.to_builtins(default, str_keys=True)
    except (TypeError, ValueError, RecursionError):
        return
