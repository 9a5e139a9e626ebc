"""The body of a Chat Completions request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import OpenAIChatFormatter
from .formatted import Formatted
from .native_tools import split_native_tools
from .parameters import Body, Options, Parameters, merge_lists
from .request import FormattedRequest, offered

PARAMETERS: Final = Parameters(special=frozenset(("tool_choice", "stream_options")))
OPENAI: Final = Parameters(renamed={"max_tokens": "max_completion_tokens"}, special=PARAMETERS.special)
"""OpenAI's own models refuse the older name: https://platform.openai.com/docs/api-reference/chat/create."""


class ChatRequest(FormattedRequest[list[dict[str, Any]]]):
    """One request of Chat Completions."""

    def __init__(
        self,
        provider: ProviderSpec,
        messages: Iterable[Mapping[str, Any]],
        tools: Iterable[Any],
        model: str,
        options: Options,
        *,
        openai: bool,
    ) -> None:
        """Format a request.

        Args:
            provider: The host.
            messages: Neutral messages.
            tools: Neutral tools.
            model: Model id.
            options: Everything else for the body, and for the transport.
            openai: Whether the host is OpenAI itself, which pads its events unless told not to.

        Raises:
            UsageError: A message, tool or option cannot be used.
            MediaError: A file cannot be read, or a medium is too large.
        """
        native, rest = split_native_tools(options, provider)
        fields, losses = (OPENAI if openai else PARAMETERS).at(provider).body(rest)
        formatter = OpenAIChatFormatter(
            reasoning_field=provider.reasoning_field, video_url="video" in provider.input_media
        )
        body: Body = {"model": model, "messages": (), "stream": True, **_stream_options(rest, padded=openai)}
        body |= offered(formatter, tools, rest)
        merge_lists(body, native)
        conversation = Formatted(formatter, messages, provider, rest, model=model)
        super().__init__(body | fields, conversation, provider, rest, losses)

    def _conversation(self, payload: list[dict[str, Any]]) -> Body:
        return {"messages": payload}


def _stream_options(options: Options, *, padded: bool) -> Body:
    ours: Body = {"include_usage": True} | ({"include_obfuscation": False} if padded else {})
    return {"stream_options": ours | dict(options.get("stream_options") or {})}
