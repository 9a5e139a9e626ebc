"""What Google's long jobs have in common: the door that they went through is the one where they are found again."""

from __future__ import annotations

from typing import Any, Final

from ....backend.google_sdk import GoogleAccess
from ...order import Order
from .client import Door

_UNTOLD: Final = frozenset(("credentials",))


def door_of(order: Order, *, enterprise: bool = False) -> Door:
    """Return the door of an order: as asked for, or as the handle of a job that was begun before tells.

    Raises:
        ConfigurationError: There is a project, but not Google Cloud.
    """
    return Door.of(order.config.extra_params if order.job is None else order.job, enterprise=enterprise)


def where(access: GoogleAccess) -> dict[str, Any]:
    """Return what the handle of a job tells of its door: everything but credentials."""
    told = {name: getattr(access, name) for name in GoogleAccess.__struct_fields__ if name not in _UNTOLD}
    return {name: value for name, value in told.items() if value}
