"""The body of an Interactions request (https://ai.google.dev/api/interactions-api)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..errors import ConfigurationError
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import InteractionsFormatter
from .formatted import Formatted
from .interactions_options import SPECIAL, generation_config, response_format
from .native_tools import split_native_tools
from .parameters import Body, Options, Parameters, merge_lists, transport_of

_CONFIG: Final = "generation_config"
_NO_FIELD: Final = "the Interactions API has no field for it"
_IN_CONFIG: Final = (
    "image_config", "max_output_tokens", "seed", "speech_config", "temperature", "thinking_level", "thinking_summaries",
    "top_p", "transcription_config", "video_config",
)  # fmt: skip

PARAMETERS: Final = Parameters(
    renamed={
        "max_tokens": f"{_CONFIG}.max_output_tokens",
        "max_completion_tokens": f"{_CONFIG}.max_output_tokens",
        "modalities": "response_modalities",
        **{name: f"{_CONFIG}.{name}" for name in _IN_CONFIG},
    },
    dropped={
        **dict.fromkeys(
            (
                "user", "top_k", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs",
                "verbosity",
            ),
            _NO_FIELD,
        ),
        "metadata": "the Interactions API keeps labels instead: lower case, at most 63 characters",
        "stream_options": "Gemini always tells the usage",
        "parallel_tool_calls": "a Gemini model decides itself",
        "thinking_budget": "thoughts have a level here; pass reasoning_effort",
    },
    refused={
        "n": "the Interactions API gives one answer; ask several times",
        "input": "messages are the first argument",
        "contents": "messages are the first argument",
        "system": "pass a message with the role system",
        "system_instruction": "pass a message with the role system",
    },
    special=SPECIAL,
)  # fmt: skip


class InteractionsRequest:
    """One request: formatted at the call, completed with the bytes of files when it is sent.

    Attributes:
        losses: What the Interactions API could not hold, one line each.
        warnings: What the host may not take, one line each.
        media: What is read, fetched and made to fit before it is sent; None where there is no such medium.
        transport: ``extra_headers`` and ``extra_query``.
        continues: Whether an answer that stops for being long is asked to go on; the server itself goes on in the
            background, and with an agent.
        stored: Whether the server keeps the answer, so that a stream which is cut can go on.
    """

    def __init__(
        self,
        provider: ProviderSpec,
        messages: Iterable[Mapping[str, Any]],
        tools: Iterable[Any],
        model: str,
        options: Options,
    ) -> None:
        """Format a request; an ``agent`` among the options takes the place of *model*.

        Raises:
            UsageError: A message, tool or option cannot be used.
            MediaError: A file cannot be read, or a medium is too large.
        """
        native, rest = split_native_tools(options, provider)
        fields, losses = PARAMETERS.body(_config_first(rest))
        formatter = InteractionsFormatter()
        config, told = generation_config(rest, formatter)
        agent = fields.get("agent") is not None or "agent_config" in fields
        self._body: Body = {} if agent else {"model": model}
        self._body |= {"tools": formatter.format_tools(list(tools))} if tools else {}
        merge_lists(self._body, native)
        self._body |= fields | response_format(rest.get("response_format")) | {"stream": True}
        if config:
            self._body[_CONFIG] = {**self._body.get(_CONFIG, {}), **config}
        if agent:
            _check_agent(self._body)
        self._messages = Formatted(formatter, messages, provider, rest, model=model)
        self.transport, self.stored = transport_of(rest), self._body.get("store") is not False
        asked = rest.get("automatic_continuation") is not False
        self.continues = asked and not agent and self._body.get("background") is not True
        self.media, self.warnings = self._messages.waiting, self._messages.warnings
        self.losses = [*losses, *told, *map(str, self._messages.losses)]

    async def body(self) -> Body:
        """Return the body; files are read once, in a worker thread.

        Raises:
            MediaError: A file has become unreadable.
        """
        steps, system = await self._messages.payload()
        return {**self._body, "input": steps, **({"system_instruction": system} if system else {})}


def _check_agent(body: Body) -> None:
    if _CONFIG in body:
        names = ", ".join(body[_CONFIG])
        raise ConfigurationError(f"an agent takes no {names}; pass agent_config, or leave out agent")


def _config_first(options: Options) -> dict[str, Any]:
    """A whole configuration comes before its fields, which then join it."""
    return {**({_CONFIG: options[_CONFIG]} if options.get(_CONFIG) is not None else {}), **options}
