"""The simulator's tokens: four characters are one token, and a media part is 85.

The first is OpenAI's rule of thumb for English text, the second what its vision models charged for a small image.
"""

from __future__ import annotations

from typing import Any, Final

CHARACTERS_PER_TOKEN: Final = 4
TOKENS_PER_MEDIA_PART: Final = 85


def tokens_of(characters: int, media: int = 0) -> int:
    """Return how many tokens *characters* of text and *media* parts are."""
    return -(-characters // CHARACTERS_PER_TOKEN) + media * TOKENS_PER_MEDIA_PART


def usage_of(given: int, written: int, reasoned: int) -> dict[str, Any]:
    """Return a usage report of *given* tokens of input, *written* of output, *reasoned* of which were reasoning."""
    usage = {"input_tokens": given, "output_tokens": written, "total_tokens": given + written}
    return usage | ({"reasoning_tokens": reasoned} if reasoned else {})
