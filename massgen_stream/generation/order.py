"""What the author of a generator gets to make."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple

from ..backend.account import Account
from ..backend.turn import Turn
from ..errors import ConfigurationError
from ..stream_chunk.kinds import MediaType
from .choices import Policy
from .clients import MediaClients
from .config import GenerationConfig
from .continuations import Continuations


class Order(NamedTuple):
    """One request, chosen, checked and fitted to its generator.

    Attributes:
        config: What is asked for; options that the generator does not know are not in it any more.
        model: Model id.
        account: Key and address.
        sleep: Waits so many seconds, between two looks at a job.
        provider: Name of the generator.
        continuation: Prefix of its continuation ids; None: what it makes cannot be continued.
        continuations: Where they are kept.
        wall_clock: Unix seconds.
        job: What the vendor finds a job by that was begun before; None: it is begun now.
        first_id: Id of the job's first medium; None: a new one.
        before: How many media of other requests come before, where several are one stream.
        taken: Numbers of files that requests of one stream have taken, where they share a name; None: it is alone.
        clients: Where clients are kept for the next medium; None: they are closed behind each attempt.
        policy: What becomes of what cannot be done as it is asked for.
    """

    config: GenerationConfig
    model: str
    account: Account
    sleep: Callable[[float], Awaitable[object]]
    provider: str = ""
    continuation: str | None = None
    continuations: Continuations = Continuations()
    wall_clock: Callable[[], float] = time.time
    job: Mapping[str, Any] | None = None
    first_id: str | None = None
    before: int = 0
    taken: set[int] | None = None
    clients: MediaClients | None = None
    policy: Policy = Policy.DEGRADE

    @property
    def media_type(self) -> MediaType:
        """What is made."""
        return self.config.media_type

    def media_id(self, turn: Turn, number: int = 1) -> str:
        """Return the id of the medium of that number, from 1."""
        stem = self.first_id.rpartition("-")[0] if self.first_id else f"{turn.id_prefix[:8]}-{self.media_type.value}"
        return f"{stem}-{number}"

    def check_losses(self, losses: Iterable[str]) -> None:
        """Check what a request would lose, once it is made and before it is sent.

        Args:
            losses: What is left out or changed, and why, one line each.

        Raises:
            ConfigurationError: There is something, and the policy is strict.
        """
        lost = list(losses)
        if lost and self.policy is Policy.STRICT:
            raise ConfigurationError(f"nothing is sent, since the policy is strict: {'; '.join(lost)}")

    async def keep(self, content: Mapping[str, Any], *, expires_seconds: float | None = None) -> str | None:
        """Keep what a medium is continued from and return the id for its `continuation_id`.

        Args:
            content: JSON values and bytes.
            expires_seconds: How long the vendor knows what it refers to; None: no end is known.
        """
        if self.continuation is None:
            return None
        store = self.continuations
        return await store.keep(self.continuation, self.provider, content, expires_seconds=expires_seconds)

    async def continued(self) -> dict[str, Any]:
        """Return what was kept for the medium that `continue_from` names.

        Raises:
            ConfigurationError: It is not known (any more), has expired, or is another generator's; or none is named.
        """
        if self.config.continue_from is None:
            raise ConfigurationError("nothing is continued: continue_from is not given")
        return await self.continuations.find(self.config.continue_from, self.provider)
