"""What a generator says of itself for one kind of medium; selection, checks, errors and documentation read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

import msgspec

from .choices import AudioType, EditMode, OutputFormat
from .config import GenerationConfig


class Durations(msgspec.Struct, frozen=True):
    """Lengths that can be asked for, in seconds.

    Attributes:
        lowest: Shortest.
        highest: Longest.
        only: The only ones; empty: all between.
    """

    lowest: float
    highest: float
    only: tuple[float, ...] = ()

    @classmethod
    def of(cls, *seconds: float) -> Durations:
        """Return the lengths of a vendor that knows just these."""
        return cls(min(seconds), max(seconds), seconds)

    def __contains__(self, seconds: float) -> bool:
        return seconds in self.only if self.only else self.lowest <= seconds <= self.highest

    def __str__(self) -> str:
        if self.only:
            return ", ".join(f"{one:g}" for one in self.only) + " s"
        return f"{self.lowest:g} to {self.highest:g} s"


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of medium that a generator makes.

    Attributes:
        default_model: Used when no model is named.
        models: Models by which the generator is found: ids, in which ``*`` stands for anything. Others work as well.
        options: The `GenerationConfig` options that it knows; `n` is known to all, see *most*.
        priority: Place in the automatic choice, lowest first; None: only chosen by name or model.
        most: Most media of one request; more take several.
        durations: Lengths that it makes; None: not limited here.
        extensions: Lengths of what `EditMode.EXTEND` adds; None: the same as *durations*.
        sizes: Values of `size`; empty: not limited here.
        aspect_ratios: Values of `aspect_ratio`; empty: not limited here.
        formats: Values of `output_format`; empty: not limited here.
        audio_types: Values of `audio_type`; empty: not limited here.
        edit_modes: Values of `edit_mode`.
        most_images: Most input images.
        continuation: Prefix of the ids by which it is continued; None: it cannot be.
        needs_prompt: Whether it makes nothing without words.
        warning: Said when it is used.
        retired: Models that are shut down, or will be: id, in which ``*`` stands for anything, and when.
    """

    default_model: str
    models: tuple[str, ...] = ()
    options: frozenset[str] = frozenset()
    priority: int | None = None
    most: int = 1
    durations: Durations | None = None
    extensions: Durations | None = None
    sizes: tuple[str, ...] = ()
    aspect_ratios: tuple[str, ...] = ()
    formats: tuple[OutputFormat, ...] = ()
    audio_types: tuple[AudioType, ...] = ()
    edit_modes: frozenset[EditMode] = frozenset()
    most_images: int | None = None
    continuation: str | None = None
    needs_prompt: bool = True
    warning: str | None = None
    retired: Mapping[str, str] = msgspec.field(default_factory=dict)

    def knows_model(self, model: str) -> bool:
        """Return whether a model is one of its own."""
        return any(fnmatchcase(model, pattern) for pattern in (self.default_model, *self.models))

    def knows(self, option: str, config: GenerationConfig) -> bool:  # noqa: ARG002 - for those with several ways
        """Return whether it has an option, on the way to its models that *config* takes."""
        return option in self.options

    def left_out(self, config: GenerationConfig) -> Mapping[str, str]:  # noqa: ARG002 - most leave nothing out
        """Return what has no say beside the rest of *config*, of the fields that it knows: their names, and why.

        They need not be given. What is given is told as a loss, or refused, see `Policy`; options are then taken out
        of the request, before `faults` looks at it.
        """
        return {}

    def at_once(self, config: GenerationConfig) -> int:  # noqa: ARG002 - for those where the model decides
        """Return how many media one request brings at most; more take several requests."""
        return self.most

    def retirement(self, model: str) -> str | None:
        """Return what is known of the end of a model; None while there is none in sight."""
        return next((why for pattern, why in self.retired.items() if fnmatchcase(model, pattern)), None)

    def continues(self, continuation_id: str) -> bool:
        """Return whether the id is one of its own: its prefix, ``_``, and the rest."""
        return self.continuation is not None and continuation_id.startswith(f"{self.continuation}_")

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take, of the options that it knows."""
        if self.needs_prompt and not config.prompt.strip():
            yield "it needs a prompt"
        if self.most_images is not None and len(config.images) > self.most_images:
            yield f"{len(config.images)} input images; it takes at most {self.most_images}"
        yield from self._of_length(config)
        for name, known in (
            ("size", self.sizes),
            ("aspect_ratio", self.aspect_ratios),
            ("output_format", self.formats),
            ("audio_type", self.audio_types),
        ):
            value = getattr(config, name)
            if name in self.options and known and value is not None and value not in known:
                yield f"{name} is {value}; it takes {', '.join(known)}"
        if config.edit_mode is not None and "edit_mode" in self.options and config.edit_mode not in self.edit_modes:
            yield f"edit_mode is {config.edit_mode}; it takes {', '.join(sorted(self.edit_modes)) or 'none'}"

    def _of_length(self, config: GenerationConfig) -> Iterator[str]:
        extends = config.edit_mode is EditMode.EXTEND and self.extensions is not None
        lengths = self.extensions if extends else self.durations
        if config.duration is not None and "duration" in self.options and lengths and config.duration not in lengths:
            yield f"duration is {config.duration:g} s; it makes {lengths}"
