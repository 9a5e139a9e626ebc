"""Errors and losses by their place."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.formatter import Loss


def place_of_fault(call: Callable[..., Any], *arguments: Any) -> str:
    """The place that the error names; its text is one line."""
    with pytest.raises(InvalidMessage) as caught:
        call(*arguments)
    assert str(caught.value) == f"{caught.value.where}: {caught.value.problem}"
    assert "\n" not in str(caught.value)
    return caught.value.where


def told(losses: Iterable[Loss]) -> list[tuple[str, str]]:
    """Where and what of each loss."""
    return [(loss.where, loss.what) for loss in losses]
