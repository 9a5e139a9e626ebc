"""Takes secrets out of text that other people wrote."""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "***"

# The prefixes are those that vendors document for their keys (OpenAI and many others `sk-`, Groq `gsk_`, xAI `xai-`,
# Google `AIza`, Hugging Face `hf_`, Replicate `r8_`, NVIDIA `nvapi-`, Cerebras `csk-`, Fireworks `fw_`,
# Perplexity `pplx-`, Together `tgp_`), besides bearer headers and JSON web tokens.
_KEY_LIKE: Final = re.compile(
    r"\b(?:sk|rk|csk|xai|nvapi|pplx)-[\w*.\-]{7,}[\w*]"
    r"|\b(?:gsk|hf|r8|fw|tgp|ghp|gho)_[\w*\-]{12,}"
    r"|\bAIza[\w\-]{16,}"
    r"|\beyJ[\w\-]{16,}(?:\.[\w\-]+)*"
    r"|(?<=bearer )[\w.~+/=\-]{8,}",
    re.IGNORECASE,
)
_MIN_KEY_CHARACTERS: Final = 4  # a shorter "key" is a placeholder such as "x"; masking it would shred the text


def scrub(text: str, *secrets: str | None) -> str:
    """Return *text* without the given *secrets* and without anything that looks like an API key."""
    for secret in secrets:
        if secret and len(secret) >= _MIN_KEY_CHARACTERS:
            text = text.replace(secret, MASK)
    return _KEY_LIKE.sub(MASK, text)


def scrub_value(value: object, *secrets: str | None) -> object:
    """Return a JSON-like *value* with every string in it scrubbed; the value itself is not changed."""
    if isinstance(value, str):
        return scrub(value, *secrets)
    if isinstance(value, dict):
        return {key: scrub_value(item, *secrets) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [scrub_value(item, *secrets) for item in value]
    return value
