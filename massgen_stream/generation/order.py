"""What the author of a generator gets to make."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from ..backend.account import Account
from ..backend.turn import Turn
from ..stream_chunk.kinds import MediaType
from .config import GenerationConfig


class Order(NamedTuple):
    """One request, chosen, checked and fitted to its generator.

    Attributes:
        config: What is asked for; options that the generator does not know are not in it any more.
        model: Model id.
        account: Key and address.
        sleep: Waits so many seconds, between two looks at a job.
    """

    config: GenerationConfig
    model: str
    account: Account
    sleep: Callable[[float], Awaitable[object]]

    @property
    def media_type(self) -> MediaType:
        """What is made."""
        return self.config.media_type

    def media_id(self, turn: Turn, number: int = 1) -> str:
        """Return the id of the medium of that number, from 1."""
        return f"{turn.id_prefix[:8]}-{self.media_type.value}-{number}"
