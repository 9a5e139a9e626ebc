"""Orders that take several requests: several prompts, or more media than one request brings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from msgspec.structs import replace

from .clients import MediaClients
from .config import GenerationConfig
from .generator import Generator
from .order import Order


class Part(NamedTuple):
    """One request of several.

    Attributes:
        generator: Who makes it.
        order: What is made.
    """

    generator: type[Generator]
    order: Order

    def within(self, clients: MediaClients) -> Self:
        """Return the same request with a place for its client, unless it has one."""
        return self._replace(order=self.order._replace(clients=self.order.clients or clients))


def parts_of(generator: type[Generator], order: Order, most: int) -> Iterator[Part]:
    """Yield the requests that an order takes, of at most so many media each."""
    for earlier in range(0, order.config.n, most):
        config = _part(order.config, min(most, order.config.n - earlier), earlier)
        yield Part(generator, order._replace(config=config))


def _part(config: GenerationConfig, n: int, earlier: int) -> GenerationConfig:
    """Return the request for some of the media; a seed goes on, since the same one would make the same again."""
    seed = None if config.seed is None else config.seed + earlier
    return config if n == config.n else replace(config, n=n, seed=seed)


def numbered(parts: Sequence[Part]) -> list[Part]:
    """Return *parts* so that files of one name are numbered through all of them; no two get the same."""
    before, found = 0, []
    taken: set[int] = set()
    for part in parts:
        found.append(part._replace(order=part.order._replace(before=before, taken=taken)))
        before += part.order.config.n
    return found
