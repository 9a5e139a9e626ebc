"""The interface of all generators.

One class in one module of `vendors` is a whole generator: selection, checks, errors, the command line, documentation
and tests find it by its declarations.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import ClassVar

from ..backend.turn import Turn
from ..errors import ConfigurationError, MissingKey
from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType, MediaType
from ..stream_chunk.narrow import backend_status
from .offer import Offer
from .order import Order


class Generator(ABC):
    """Makes media with one API of one host; an instance makes one order, in as many attempts as that takes.

    Attributes:
        name: What users write; several classes may share it: the first that can do a request does it.
        title: What people call it.
        aliases: Other names for it.
        host: Where keys and addresses come from; its `extra` brings the SDK.
        libraries: What it needs installed: import name, and the extra of this package that brings it.
        offers: What it makes, by kind of medium.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    host: ClassVar[ProviderSpec]
    libraries: ClassVar[Mapping[str, str]] = {}
    offers: ClassVar[Mapping[MediaType, Offer]]
    _has_told = False

    @abstractmethod
    def generate(self, order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield one attempt at an order: previews, segments, progress, and the final `media` of each medium.

        Yield bytes as they come. A final with ``media_encoding="url"`` is downloaded by the caller of this, which also
        writes files, adds sizes and digests, ends media that have segments and no final, translates exceptions, tries
        again what can be (no stream is taken up by `Turn.cursor`), and says `done`. Yield a `done` of your own where
        the end is not ``stop``, and hand a decoder to ``turn.use``: then it says how the stream ended. `Order.media_id`
        gives ids, `Segments` numbers pieces. Close what is opened here.
        """

    async def with_losses(
        self,
        order: Order,
        chunks: AsyncGenerator[BaseStreamChunk, None],
        losses: Sequence[str],
        *,
        infos: Iterable[str] = (),
    ) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield *chunks*, and behind the first `start` of all attempts what the order loses; close what this returns.

        What is known of options alone `Offer.left_out` tells, before anybody is chosen.

        Args:
            order: What is made.
            chunks: Of one attempt, which has not begun; they are closed with it.
            losses: What is left out or changed, and why, one line each.
            infos: What is to be known besides, one line each.

        Raises:
            ConfigurationError: Something is lost, and the policy is strict.
        """
        async with aclosing(chunks):
            order.check_losses(losses)
            async for chunk in chunks:
                yield chunk
                if chunk.type is ChunkType.START and not self._has_told:
                    self._has_told = True
                    for status, lines in (("loss", losses), ("info", infos)):
                        for line in lines:
                            yield backend_status(status, detail=f"{self.name}: {line}")

    @classmethod
    def key_variables(cls) -> tuple[str, ...]:
        """Return the environment variables that may hold what opens the host; empty when it needs none."""
        return cls.host.api_key_env if cls.host.key_required else ()

    @classmethod
    def closed(cls) -> ConfigurationError:
        """Return the error for a caller who names it where it is not open."""
        return MissingKey(cls.name, cls.key_variables()[0])

    @classmethod
    def is_ready(cls, environ: Mapping[str, str]) -> bool:
        """Return whether *environ* holds what opens the host."""
        return not cls.host.key_required or cls.host.api_key(environ) is not None
