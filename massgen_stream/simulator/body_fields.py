"""Fields of a request's JSON body, checked as OpenAI's APIs check them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..errors import InvalidMessage
from .vendor import BadRequest

Body = Mapping[str, Any]
MISSING: Final = "missing_required_parameter"


def wrong_type(name: str, expected: str) -> BadRequest:
    """Return the refusal of a value of the wrong type."""
    return BadRequest(f"Invalid type for '{name}': expected {expected}.", param=name, code="invalid_type")


def invalid_value(problem: InvalidMessage) -> BadRequest:
    """Return the refusal of a message or a tool that cannot be read."""
    message = f"Invalid value for '{problem.where}': {problem.problem}."
    return BadRequest(message, param=problem.where, code="invalid_value")


def model_at(body: Body) -> str:
    """Return the model that is asked for.

    Raises:
        BadRequest: There is none.
    """
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequest("you must provide a model parameter", param="model", code=MISSING)
    return model


def flag_at(body: Body, name: str) -> bool:
    """Return a flag; false where it is missing.

    Raises:
        BadRequest: It is no boolean.
    """
    value = body.get(name)
    if not isinstance(value, bool | None):
        raise wrong_type(name, "a boolean")
    return bool(value)


def object_at(body: Body, name: str) -> Body:
    """Return an object; an empty one where it is missing.

    Raises:
        BadRequest: It is no object.
    """
    value = body.get(name)
    if not isinstance(value, dict | None):
        raise wrong_type(name, "an object")
    return value or {}


def number_at(body: Body, name: str, most: int | None = None) -> int | None:
    """Return a number from 1 to *most*; None where it is missing.

    Raises:
        BadRequest: It is no such number.
    """
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong_type(name, "an integer")
    if value < 1 or (most is not None and value > most):
        bound = "at least 1" if most is None else f"from 1 to {most}"
        raise BadRequest(
            f"Invalid '{name}': expected {bound}, got {str(value)[:20]}.", param=name, code="integer_out_of_range"
        )
    return value
