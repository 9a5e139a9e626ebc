"""The body of a Chat Completions request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import OpenAIChatFormatter
from .formatted import Formatted
from .native_tools import split_native_tools
from .parameters import Body, Parameters, merge_lists, transport_of

PARAMETERS: Final = Parameters(special=frozenset(("tool_choice", "stream_options")))
OPENAI: Final = Parameters(renamed={"max_tokens": "max_completion_tokens"}, special=PARAMETERS.special)
"""OpenAI's own models refuse the older name: https://platform.openai.com/docs/api-reference/chat/create."""


class ChatRequest:
    """One request: formatted at the call, completed with the bytes of files when it is sent.

    Attributes:
        losses: What Chat Completions could not hold, one line each.
        transport: ``extra_headers`` and ``extra_query``, for the SDK.
    """

    def __init__(
        self,
        provider: ProviderSpec,
        messages: Iterable[Mapping[str, Any]],
        tools: Iterable[Any],
        model: str,
        options: Mapping[str, Any],
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
        self._quirk = provider.request_quirk
        self._body: Body = {"model": model, "messages": (), "stream": True, **_stream_options(rest, padded=openai)}
        self._body |= _tools(formatter, list(tools), rest)
        merge_lists(self._body, native)
        self._body |= fields
        self._messages = Formatted(formatter, messages, provider)
        self.transport = transport_of(rest)
        self.losses = [*losses, *map(str, self._messages.losses)]

    async def body(self) -> Body:
        """Return the body as the host wants it; files are read once, in a worker thread.

        Raises:
            MediaError: A file has become unreadable.
        """
        body = {**self._body, "messages": await self._messages.payload()}
        return self._quirk(body) if self._quirk is not None else body


def _tools(formatter: OpenAIChatFormatter, tools: list[Any], options: Mapping[str, Any]) -> Body:
    found: Body = {"tools": formatter.format_tools(tools)} if tools else {}
    if options.get("tool_choice") is not None:
        found["tool_choice"] = formatter.format_tool_choice(options["tool_choice"])
    return found


def _stream_options(options: Mapping[str, Any], *, padded: bool) -> Body:
    ours: Body = {"include_usage": True} | ({"include_obfuscation": False} if padded else {})
    return {"stream_options": ours | dict(options.get("stream_options") or {})}
