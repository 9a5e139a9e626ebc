"""The body of a ``generateContent`` request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..errors import ConfigurationError
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import GenerateContentFormatter
from .formatted import Formatted
from .gemini_options import SPECIAL, generation_config
from .native_tools import split_native_tools
from .parameters import Body, Parameters, merge_lists, transport_of

_CONFIG: Final = "generationConfig"
_IN_CONFIG: Final[Mapping[str, str]] = {
    "max_tokens": "maxOutputTokens",
    "max_output_tokens": "maxOutputTokens",
    "max_completion_tokens": "maxOutputTokens",
    "n": "candidateCount",
    **{
        re.sub(r"(?<=[a-z])[A-Z]", lambda letter: f"_{letter[0].lower()}", name): name
        for name in (
            "temperature", "topP", "topK", "candidateCount", "seed", "presencePenalty", "frequencyPenalty",
            "responseMimeType", "responseSchema", "responseJsonSchema", "responseModalities", "responseLogprobs",
            "speechConfig", "imageConfig", "mediaResolution", "audioTimestamp", "audioTranscriptionConfig",
            "enableEnhancedCivicAnswers", "routingConfig", "modelConfig",
        )
    },
}  # fmt: skip
"""https://ai.google.dev/api/generate-content#generationconfig"""

PARAMETERS: Final = Parameters(
    renamed={
        **{ours: f"{_CONFIG}.{name}" for ours, name in _IN_CONFIG.items()},
        "generation_config": _CONFIG,
        "safety_settings": "safetySettings",
        "cached_content": "cachedContent",
        "service_tier": "serviceTier",
        "tool_config": "toolConfig",
        "continuation_token": "continuationToken",
        "model_armor_config": "modelArmorConfig",
    },
    dropped={
        "user": "Gemini has no field for it",
        "metadata": "Gemini keeps none; labels does, through Google Cloud",
        "stream_options": "Gemini always tells the usage",
        "parallel_tool_calls": "a Gemini model decides itself",
        "verbosity": "Gemini has no field for it",
    },
    refused={
        "history": "the earlier messages of a chat belong into messages, from whatever provider they are",
        "system": "pass a message with the role system",
        "system_instruction": "pass a message with the role system",
        "contents": "pass messages",
    },
    special=SPECIAL,
)
_GENERATION: Final = re.compile(r"gemini-(\d+)\b")
_SIGNING: Final = 3
"""The generation of models that refuse calls without a signature, and take media in answers of tools."""
_UNUSABLE: Final = re.compile(r"[?&#%\s]|\.\.")


class GeminiRequest:
    """One request: formatted at the call, completed with the bytes of files when it is sent.

    Attributes:
        losses: What Gemini could not hold, one line each.
        warnings: What the host may not take, one line each.
        media: What is read, fetched and made to fit before it is sent; None where there is no such medium.
        transport: ``extra_headers`` and ``extra_query``.
        continues: Whether an answer that stops for being long is asked to go on.
    """

    def __init__(
        self,
        provider: ProviderSpec,
        messages: Iterable[Mapping[str, Any]],
        tools: Iterable[Any],
        model: str,
        options: Mapping[str, Any],
        *,
        enterprise: bool,
    ) -> None:
        """Format a request.

        Args:
            provider: The host.
            messages: Neutral messages.
            tools: Neutral tools, or Google's own.
            model: Model id.
            options: Everything else.
            enterprise: Whether it goes through Google Cloud.

        Raises:
            UsageError: A message, tool or option cannot be used.
            MediaError: A file cannot be read, or a medium is too large.
        """
        if _UNUSABLE.search(model):
            raise ConfigurationError(f"model {model[:40]!r} cannot be part of an address")
        native, rest = split_native_tools(_config_first(options), provider)
        fields, losses = PARAMETERS.body(rest)
        config, told = generation_config(rest, model)
        formatter = formatter_for(model)
        self._body: Body = {"model": model, **_tools(formatter, list(tools), native, rest, enterprise=enterprise)}
        _merge(self._body, {_CONFIG: config} if config else {})
        _merge(self._body, fields)
        self._messages = Formatted(formatter, messages, provider, rest, model=model)
        self.transport = transport_of(rest)
        self.continues = rest.get("automatic_continuation") is not False
        self.media, self.warnings = self._messages.waiting, self._messages.warnings
        self.losses = [*losses, *told, *map(str, self._messages.losses)]

    async def body(self) -> Body:
        """Return the body, with the model, which belongs into the address; files are read once, in a worker thread.

        Raises:
            MediaError: A file has become unreadable.
        """
        contents, system = await self._messages.payload()
        said = {"contents": contents} | ({"systemInstruction": system} if system else {})
        return {**said, **self._body}


def formatter_for(model: str) -> GenerateContentFormatter:
    """Return the formatter for what a model takes; an alias such as ``gemini-flash-latest`` is of the newest ones."""
    name = model.rpartition("/")[2]
    found = _GENERATION.match(name)
    is_new = int(found[1]) >= _SIGNING if found else name.startswith("gemini-")
    return GenerateContentFormatter(media_in_responses=is_new, signed_calls=is_new)


def _config_first(options: Mapping[str, Any]) -> dict[str, Any]:
    """A whole configuration comes before its fields, which then join it."""
    whole = {name: value for name, value in options.items() if name in ("generation_config", _CONFIG)}
    return {**whole, **options}


def _tools(
    formatter: GenerateContentFormatter, tools: list[Any], native: Body, options: Mapping[str, Any], *, enterprise: bool
) -> Body:
    body: Body = {"tools": formatter.format_tools(tools)} if tools else {}
    merge_lists(body, native)
    if options.get("tool_choice") is not None:
        body["toolConfig"] = formatter.format_tool_choice(options["tool_choice"])
    if tools and native and not enterprise:
        # https://ai.google.dev/gemini-api/docs/tool-combination; Google Cloud has no such field
        _merge(body, {"toolConfig": {"includeServerSideToolInvocations": True}})
    return body


def _merge(body: Body, more: Mapping[str, Any]) -> None:
    """Put *more* into *body*: objects are joined, everything else is replaced."""
    for name, value in more.items():
        known = body.get(name)
        body[name] = {**known, **value} if isinstance(known, dict) and isinstance(value, Mapping) else value
