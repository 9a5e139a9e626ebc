"""How one server's Chat Completions differ from another's."""

from __future__ import annotations

from typing import Final

import msgspec

from ....errors import ConfigurationError

SENT_REASONING_FIELDS: Final = ("reasoning_content", "reasoning")
LONGEST_ID: Final = 40
"""OpenAI refuses a longer id of a call (Portkey-AI/gateway#1062); those that are made up for Gemini's are longer."""


class ChatOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a server takes besides OpenAI's own form.

    Attributes:
        reasoning_field: Field of an assistant message that plain reasoning goes back in; None drops it.
        video_url: Whether ``video_url`` parts are understood, as by OpenRouter, vLLM and Qwen.
        raw_arguments: Whether arguments that are not JSON are sent as the model wrote them. Servers that parse them
            refuse every later request of the conversation (vllm-project/vllm#43995, ggml-org/llama.cpp#25510), so that
            by default they travel as ``{"invalid_arguments": "<text>"}``.
    """

    reasoning_field: str | None = None
    video_url: bool = False
    raw_arguments: bool = False

    def __post_init__(self) -> None:
        if self.reasoning_field not in (None, *SENT_REASONING_FIELDS):
            known = ", ".join(SENT_REASONING_FIELDS)
            raise ConfigurationError(f"reasoning_field must be None or one of {known}, not {self.reasoning_field!r}")
