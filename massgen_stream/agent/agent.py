"""An agent: a model and the tools that are run for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from ..backend.base import LLMBackend
from ..backend.estimate import characters
from ..backend.holdback import Origin
from ..backend.limits import StreamLimits
from ..backend.run import Job
from ..errors import ConfigurationError
from .loop import Loop, Plan
from .stream import AgentStream
from .toolbox import Offered, Toolbox

MAX_ROUNDS: Final = 25
MAX_CONCURRENCY: Final = 8
_OF_THE_RUN: Final = ("total_timeout",)
"""Options that are of the whole run; all others are of each turn."""


class Agent:
    """Runs a model's calls and gives it the answers, until it calls nothing more.

    Args:
        backend: Talks to the model; it stays the caller's to close.
        tools: Functions, `Tool` objects, or definitions of tools that the caller answers: a run ends with them.
        max_rounds: Most turns of the model in a run; one that would need more ends in an error.
        max_concurrency: Most calls of one turn that run at the same time.
        tool_timeout: Seconds that one call may take; one that takes longer is answered with an error. None: no limit.
        source: Put on every chunk that has no source.
        options: Of every turn, as `LLMBackend.stream_with_tools` takes them; ``total_timeout`` is of the whole run.

    Attributes:
        toolbox: The tools.

    Raises:
        ConfigurationError: A function has no schema, two tools have one name, or a limit cannot be.
    """

    def __init__(
        self,
        backend: LLMBackend,
        tools: Iterable[Offered] = (),
        *,
        max_rounds: int = MAX_ROUNDS,
        max_concurrency: int = MAX_CONCURRENCY,
        tool_timeout: float | None = None,
        source: str | None = None,
        **options: Any,
    ) -> None:
        self.backend, self.toolbox = backend, Toolbox(tools)
        self._max_rounds = _count("max_rounds", max_rounds)
        self._max_concurrency = _count("max_concurrency", max_concurrency)
        self._tool_timeout = _seconds("tool_timeout", tool_timeout)
        self._source = backend.limits.source if source is None else source
        self._options = options

    def run(self, messages: str | Iterable[Mapping[str, Any]], **options: Any) -> AgentStream:
        """Return the stream of a run; nothing is sent before its first read.

        Args:
            messages: The conversation so far; a text is what the user says.
            options: As above; they win over the agent's.

        Raises:
            UsageError: A message or option cannot be used.
            MediaError: A file cannot be read, or a medium is too large.
        """
        limits, rest = self._limits({**self._options, **options})
        backend, toolbox = self.backend, self.toolbox
        plan = Plan(
            backend=backend,
            toolbox=toolbox,
            preface=self._guidance(),
            options=rest,
            max_rounds=self._max_rounds,
            max_concurrency=self._max_concurrency,
            tool_timeout=self._tool_timeout,
            source=limits.source,
        )
        said = [{"role": "user", "content": messages}] if isinstance(messages, str) else list(messages)
        loop = Loop(plan, said)
        model = options.get("model") or self._options.get("model") or backend.model
        origin = Origin(backend.provider.name, model, backend.account.secrets, backend.account.base_url)
        asked = partial(characters, (plan.preface, said, toolbox.definitions))
        return AgentStream(loop, Job(loop.chunks, None, (), origin, limits, backend.instruments, asked))

    def _guidance(self) -> list[Mapping[str, Any]]:
        text = self.toolbox.guidance
        return [{"role": "system", "content": text}] if text else []

    def _limits(self, options: dict[str, Any]) -> tuple[StreamLimits, dict[str, Any]]:
        """Return the limits of the run, and the options of its turns."""
        ours = {name: options.pop(name) for name in _OF_THE_RUN if name in options}
        source = options.pop("source", self._source)
        if source is not None:
            options["source"] = source
        limits, _ = StreamLimits(max_retries=0).taking({**ours, "source": source})
        return limits, options


def _count(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigurationError(f"{name} must be a whole number, 1 or more, not {value!r}")
    return value


def _seconds(name: str, value: object) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
    if value is not None and not known:
        raise ConfigurationError(f"{name} must be a number of seconds above 0, or None for no limit, not {value!r}")
    return value if isinstance(value, int | float) else None
