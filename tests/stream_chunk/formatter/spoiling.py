"""Values that nobody may share."""

from typing import Any


def spoil(value: Any) -> None:
    """Empty every list and dictionary in *value*: whoever shares one with it is changed too."""
    if isinstance(value, tuple | list | dict):
        for item in list(value.values()) if isinstance(value, dict) else value:
            spoil(item)
    if isinstance(value, list | dict):
        value.clear()
