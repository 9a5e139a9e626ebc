"""What Claude's generations of models take; ids that are not known are taken for newer ones."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

from ..provider.spec import ProviderSpec

DEFAULT_MAX_TOKENS: Final = 32_000
"""For models whose limit is not known: every model since Claude 4 takes as much, and Claude Code asks for it."""

_FIRST: Final = (
    "claude-1*", "claude-2*", "claude-3*", "claude-instant*", "claude-*-4-0*", "claude-*-4-1*", "claude-*-4-2*",
    "claude-*-4-5*",
)  # fmt: skip
"""Models that think for as many tokens as they are told.

https://platform.claude.com/docs/en/build-with-claude/thinking
"""

_SYSTEM_IN_FRONT: Final = (*_FIRST, "claude-*-4-6*", "claude-*-4-7*", "claude-sonnet-5", "claude-mythos-preview")
"""Claude's models that refuse instructions between the messages.

https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
"""


def max_tokens(model: str, provider: ProviderSpec) -> int:
    """Return how many tokens an answer may have, which every request must say."""
    known = next((one.max_output_tokens for one in provider.models if one.id == model), None)
    return known or DEFAULT_MAX_TOKENS


def takes_later_system(model: str) -> bool:
    """Return whether instructions may stand between the messages; of other vendors' models nothing is known."""
    return fnmatchcase(model, "claude-*") and not _any(model, _SYSTEM_IN_FRONT)


def refuses_sampling(model: str) -> bool:
    """Return whether the model refuses `temperature`, `top_p` and `top_k`, as Claude does since Opus 4.7."""
    return fnmatchcase(model, "claude-*") and not _any(model, (*_FIRST, "claude-*-4-6*"))


def needs_budget(model: str) -> bool:
    """Return whether the model must be told how many tokens it may think."""
    return _any(model, _FIRST)


def _any(model: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(model, pattern) for pattern in patterns)
