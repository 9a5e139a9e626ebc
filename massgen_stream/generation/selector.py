"""Who makes it: by name, by model, or by priority, of those with a key and their libraries; always only those that can.

Everything that could have been chosen is weighed, so that the choice and every refusal can be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from ..backend.requirements import missing_extras
from ..errors import ConfigurationError, excerpt
from .choices import Policy
from .config import GenerationConfig
from .fitting import Fit, fit
from .generator import Generator
from .offer import Offer
from .registry import generators, generators_of

ANY: Final = (None, "", "auto")
"""Values of `backend` that leave the choice open."""


class Candidate(NamedTuple):
    """A generator that was weighed.

    Attributes:
        generator: The class.
        offer: What it offers of the kind that is asked for.
        fit: How the request fits it.
        missing: The variables of which one would open its host; empty: it is open.
        extras: Extras of this package whose libraries it needs and that are not installed.
        outside: Why it is out of question although it could do it; None: it is not.
    """

    generator: type[Generator]
    offer: Offer
    fit: Fit
    missing: tuple[str, ...]
    extras: tuple[str, ...]
    outside: str | None

    @property
    def able(self) -> bool:
        """Whether it could do it, with a key and its libraries."""
        return not self.fit.faults and self.outside is None

    def label(self) -> str:
        """Return its name, and what tells it from others of that name."""
        return f"{self.generator.name} ({self.generator.title}, {self.offer.default_model})"

    def needs(self) -> list[str]:
        """Return what would make it ready: a variable to set, a package to install."""
        key = [f"set {' or '.join(self.missing)}"] if self.missing else []
        return [*key, f"pip install 'massgen-stream[{','.join(self.extras)}]'"] if self.extras else key

    def why_not(self) -> str:
        """Return why it is not the one; empty if it could be."""
        if self.outside is not None:
            return self.outside
        if self.fit.faults:
            return "; ".join(self.fit.faults)
        lacks = "no key; " if self.missing else "needs: " if self.extras else ""
        return lacks + "; ".join(self.needs())


class Selection(NamedTuple):
    """Who makes it.

    Attributes:
        chosen: The one; None: nobody can.
        candidates: All that make such media, in the order of the choice.
        model: The model of the chosen one.
    """

    chosen: Candidate | None
    candidates: Sequence[Candidate]
    model: str = ""

    def lines(self) -> list[str]:
        """Return one line for each candidate: whether it is chosen, or why not."""
        return [self._line(one) for one in self.candidates]

    def _line(self, one: Candidate) -> str:
        if one is self.chosen:
            return "; ".join((f"{one.generator.name}: chosen, with {self.model}", *one.fit.losses))
        return f"{one.label()}: {one.why_not() or 'able, but comes later'}"


def select(
    config: GenerationConfig,
    environ: Mapping[str, str],
    *,
    policy: Policy = Policy.DEGRADE,
    opened: bool = False,
    known: Iterable[type[Generator]] | None = None,
) -> Selection:
    """Weigh all generators for a request and choose; one that is named is chosen without its libraries too.

    Args:
        config: The request.
        environ: Holds the keys.
        policy: Whether a generator must know every option.
        opened: Whether a key or an address was given beside the environment, for the named generator.
        known: Generators to choose from; by default all.

    Raises:
        UnknownProvider: No generator has the name that is asked for.
    """
    if config.backend not in ANY and known is None:
        generators_of(str(config.backend))  # raises where nobody has the name
    candidates = sorted(_weighed(config, environ, policy, opened, generators() if known is None else known), key=_place)
    is_named = config.backend not in ANY
    chosen = next((one for one in candidates if one.able and not one.missing and (is_named or not one.extras)), None)
    model = (config.model or chosen.offer.default_model) if chosen is not None else ""
    return Selection(chosen, candidates, model)


def refusal(selection: Selection, config: GenerationConfig) -> ConfigurationError:
    """Return the error for a request that nobody can do as things are."""
    able = [one for one in selection.candidates if one.able]
    if config.continue_from is not None and not able:
        return _lost(selection, config, config.continue_from)
    named = [one for one in selection.candidates if one.outside is None]
    kind = config.media_type.value
    if len({one.generator.name for one in able}) == 1 and config.backend not in ANY:
        return able[0].generator.closed()
    if able:
        near = sorted(able, key=lambda one: bool(one.missing))  # what is only to be installed first: it costs nothing
        doors = "; ".join(dict.fromkeys(f"{one.generator.name} ({', '.join(one.needs())})" for one in near))
        lacks = "is ready" if any(one.extras for one in able) else "has a key"
        return ConfigurationError(f"nobody who can make this {kind} {lacks}: {doors}")
    if not selection.candidates:
        return ConfigurationError(f"there is no generator of {kind}")
    if not named and config.backend not in ANY:
        makers = ", ".join(dict.fromkeys(one.generator.name for one in selection.candidates))
        return ConfigurationError(f"{config.backend} makes no {kind}; these do: {makers}")
    reasons = dict.fromkeys(f"{one.label()}: {one.why_not()}" for one in named or selection.candidates)
    return ConfigurationError(f"nobody can make this {kind}: " + " | ".join(reasons))


def _lost(selection: Selection, config: GenerationConfig, wanted: str) -> ConfigurationError:
    """Return the error for an id by which nobody can continue."""
    makers = [one for one in selection.candidates if one.offer.continues(wanted)]
    if not makers:
        known = dict.fromkeys(one.offer.continuation for one in selection.candidates if one.offer.continuation)
        begin = f"their ids begin {'_…, '.join(known)}_…" if known else f"no {config.media_type.value} can be"
        return ConfigurationError(f"continue_from {excerpt(wanted)!r} is no medium that can be continued; {begin}")
    reasons = dict.fromkeys(f"{one.label()}: {one.why_not()}" for one in makers)
    return ConfigurationError(f"continue_from {excerpt(wanted)!r} cannot be continued: " + " | ".join(reasons))


def _weighed(
    config: GenerationConfig,
    environ: Mapping[str, str],
    policy: Policy,
    opened: bool,
    known: Iterable[type[Generator]],
) -> Iterable[Candidate]:
    known = list(known)
    several = [(one, offer) for one in known if (offer := one.offers.get(config.media_type)) is not None]
    modelled = config.model is not None and any(
        offer.knows_model(config.model) and _is_named(one, config) for one, offer in several
    )
    for one, offer in several:
        missing = () if opened or one.is_ready(environ) else one.key_variables()
        outside = _outside(config, one, offer, modelled=modelled)
        extras = tuple(missing_extras(one.libraries))
        yield Candidate(one, offer, _fitted(config, one, offer, policy, known), missing, extras, outside)


def _fitted(
    config: GenerationConfig, one: type[Generator], offer: Offer, policy: Policy, known: Iterable[type[Generator]]
) -> Fit:
    found = fit(config, offer, policy)
    other = _other_kind(config, one, offer, known)
    return found if other is None else found._replace(faults=[other, *found.faults])


def _outside(config: GenerationConfig, one: type[Generator], offer: Offer, *, modelled: bool) -> str | None:
    if not _is_named(one, config):
        belongs = "it is of its making, but " if config.continue_from and offer.continues(config.continue_from) else ""
        return f"{belongs}{config.backend} is asked for"
    if config.continue_from is not None and offer.continuation is not None:
        if not offer.continues(config.continue_from):
            return f"{excerpt(config.continue_from)!r} is not of its making"
        return None
    if config.model is not None and not offer.knows_model(config.model) and (modelled or config.backend in ANY):
        return f"it does not know the model {excerpt(config.model)!r}"
    if config.backend in ANY and config.model is None and offer.priority is None:
        return "only chosen by name or model"
    return None


def _other_kind(
    config: GenerationConfig, one: type[Generator], offer: Offer, known: Iterable[type[Generator]]
) -> str | None:
    """Return what the model makes instead, where the host's declarations tell that."""
    model = config.model
    if model is None or offer.knows_model(model):
        return None
    others = [
        kind.value
        for other in known
        if other.name == one.name
        for kind, others in other.offers.items()
        if kind is not config.media_type and others.knows_model(model)
    ]
    return f"{excerpt(model)} makes {others[0]}, no {config.media_type.value}" if others else None


def _is_named(one: type[Generator], config: GenerationConfig) -> bool:
    return config.backend in ANY or config.backend == one.name or config.backend in one.aliases


def _place(candidate: Candidate) -> float:
    return float("inf") if candidate.offer.priority is None else candidate.offer.priority
