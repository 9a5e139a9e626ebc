"""What was asked for, and how it is to be made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from ..backend.account import Account
from ..backend.instruments import Instruments
from ..backend.limits import StreamLimits
from ..errors import ConfigurationError
from .choices import Policy, chosen
from .clients import MediaClients
from .config import GenerationConfig
from .continuations import Continuations, continuations_of
from .generator import Generator
from .offer import Offer
from .order import Order
from .selector import ANY, Candidate, Selection, select

_MASK_WINS: Final = "mask_path and continue_from are both given; the mask counts, and nothing is continued"
USUAL_CONCURRENCY: Final = 4
_ENDINGS: Final = {"jpg": "jpeg", "oga": "opus", "ogg": "opus"}
"""Endings of files whose format has another name; Opus comes in Ogg (https://www.rfc-editor.org/rfc/rfc7845#section-9)."""


class Request(NamedTuple):
    """What was asked for, and how.

    Attributes:
        config: The medium.
        policy: What becomes of options that the generator does not know.
        limits: Times and retries.
        api_key: For the generator that is named.
        base_url: The same.
        environ: Holds keys and addresses.
        instruments: Time, chance and ids.
        continuations: Where it is kept what media are continued from.
        concurrency: How many requests are under way at a time, where several are needed.
        notes: What the request itself loses.
        own: A generator of the caller's own, which is the only one then.
        clients: Where clients are kept for the next medium; None: this one closes its own.
    """

    config: GenerationConfig
    policy: Policy
    limits: StreamLimits
    api_key: str | None
    base_url: str | None
    environ: Mapping[str, str]
    instruments: Instruments
    continuations: Continuations
    concurrency: int = USUAL_CONCURRENCY
    notes: tuple[str, ...] = ()
    own: type[Generator] | None = None
    clients: MediaClients | None = None

    @classmethod
    def of(
        cls,
        config: GenerationConfig | None,
        *,
        policy: Policy | str | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        environ: Mapping[str, str] | None = None,
        instruments: Instruments | None = None,
        continuations: Continuations | None = None,
        concurrency: int | None = None,
        clients: MediaClients | None = None,
        **options: Any,
    ) -> Request:
        """Return the request; *options* are fields of `GenerationConfig` and of `StreamLimits`, None: not given.

        Raises:
            ConfigurationError: One does not exist, or cannot be.
        """
        limits, fields = StreamLimits().taking(options)
        config, own = _config(config, {name: value for name, value in fields.items() if value is not None})
        if (api_key is not None or base_url is not None) and config.backend in ANY:
            raise ConfigurationError("api_key and base_url belong to one generator; name it with backend_type")
        wins = config.mask_path is not None and config.continue_from is not None
        manner = Policy.DEGRADE if policy is None else chosen("policy", policy, Policy)
        if wins and manner is Policy.STRICT:
            raise ConfigurationError("mask_path and continue_from are both given; give one of them")
        config = config.without("continue_from") if wins else config
        environ = os.environ if environ is None else environ
        around = (environ, instruments or Instruments(), continuations or continuations_of(environ), _most(concurrency))
        return cls(config, manner, limits, api_key, base_url, *around, (_MASK_WINS,) if wins else (), own, clients)

    def saying(self, prompt: str) -> Request:
        """Return the same request with another prompt.

        Raises:
            ConfigurationError: It cannot be.
        """
        return self._replace(config=replace(self.config, prompt=prompt))

    def selection(self) -> Selection:
        """Return who makes it, and who else could."""
        opened = self.api_key is not None or self.base_url is not None
        known = None if self.own is None else (self.own,)
        return select(self.config, self.environ, policy=self.policy, opened=opened, known=known)

    def order(self, found: Candidate, model: str) -> Order:
        """Return the order for the generator that was found.

        Raises:
            MissingKey: It has no key.
            ConfigurationError: Key or address cannot be used.
        """
        generator = found.generator
        return Order(
            _formed(found.fit.config, found.offer),
            model,
            Account.of(generator.host, self.api_key, self.base_url, self.environ),
            self.instruments.sleep,
            generator.name,
            found.offer.continuation,
            self.continuations,
            self.instruments.wall_clock,
            clients=self.clients,
            policy=self.policy,
        )


def _formed(config: GenerationConfig, offer: Offer) -> GenerationConfig:
    """Return the request in the format that the file is named for, where nothing else is said and it is offered.

    The first one that is offered is the usual one, which comes without being asked for.
    """
    path = config.output_path
    if path is None or config.output_format is not None:
        return config
    ending = path.suffix.lower().removeprefix(".")
    named = _ENDINGS.get(ending, ending)
    form = next((one for one in offer.formats[1:] if one.value == named), None)
    formed = replace(config, output_format=form)
    offered = form is not None and offer.knows("output_format", formed) and not any(offer.faults(formed))
    return formed if offered else config


def _config(config: GenerationConfig | None, fields: dict[str, Any]) -> tuple[GenerationConfig, type[Generator] | None]:
    """Return the request for the fields that were given, and the generator class among them."""
    if config is not None and fields:
        raise ConfigurationError(f"{', '.join(sorted(fields))} stand beside a whole config; put them into it")
    own = fields.get("backend")
    if not (isinstance(own, type) and issubclass(own, Generator)):
        return config or GenerationConfig.of(**fields), None
    return GenerationConfig.of(**{**fields, "backend": own.name}), own


def _most(concurrency: object) -> int:
    if concurrency is None:
        return USUAL_CONCURRENCY
    if not isinstance(concurrency, int) or isinstance(concurrency, bool) or concurrency < 1:
        raise ConfigurationError(f"concurrency is {concurrency!r}; it is a whole number from 1")
    return concurrency
