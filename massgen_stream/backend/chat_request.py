"""The body of a Chat Completions request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..errors import ConfigurationError
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import Loss, OpenAIChatFormatter, normalise_messages
from .media_input import check_media, head, whole, with_files

Body = dict[str, Any]
_TRANSPORT: Final = ("extra_headers", "extra_query")
"""Options that are no part of the body."""


class ChatRequest:
    """One request: formatted at the call, completed with the bytes of files when it is sent.

    Attributes:
        losses: What Chat Completions could not hold.
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
        obfuscated: bool,
    ) -> None:
        """Format a request.

        Args:
            provider: The host.
            messages: Neutral messages.
            tools: Neutral tools.
            model: Model id.
            options: Everything else for the body, and for the transport.
            obfuscated: Whether the host pads its events unless told not to, which only OpenAI does.

        Raises:
            UsageError: A message, tool or option cannot be used.
            MediaError: A file cannot be read, or a medium is too large.
        """
        _refuse_misplaced(options)
        self._provider = provider
        self._formatter = OpenAIChatFormatter(
            reasoning_field=provider.reasoning_field, video_url="video" in provider.input_media
        )
        self._body: Body = {"model": model, "messages": (), "stream": True, **_stream_options(options, obfuscated)}
        self._body |= self._tools(list(tools), options) | _for_body(options)
        self.transport = {name: options[name] for name in _TRANSPORT if options.get(name)}
        normal = normalise_messages(messages)
        self._files = normal if check_media(normal, provider.input_media, provider.name) else None
        self.losses = self._format(with_files(normal, head) if self._files else normal)

    async def body(self) -> Body:
        """Return the body as the host wants it; files are read once, in a worker thread.

        Raises:
            MediaError: A file has become unreadable.
        """
        if self._files is not None:
            await asyncio.to_thread(self._load)
        quirk = self._provider.request_quirk
        body = dict(self._body)
        return quirk(body) if quirk is not None else body

    def _load(self) -> None:
        self._format(with_files(self._files or (), whole))
        self._files = None

    def _format(self, messages: Iterable[Mapping[str, Any]]) -> list[Loss]:
        self._body["messages"], losses = self._formatter.format_messages(messages)
        return losses

    def _tools(self, tools: list[Any], options: Mapping[str, Any]) -> Body:
        found: Body = {"tools": self._formatter.format_tools(tools)} if tools else {}
        if options.get("tool_choice") is not None:
            found["tool_choice"] = self._formatter.format_tool_choice(options["tool_choice"])
        return found


def _stream_options(options: Mapping[str, Any], obfuscated: bool) -> Body:
    ours: Body = {"include_usage": True} | ({"include_obfuscation": False} if obfuscated else {})
    return {"stream_options": ours | dict(options.get("stream_options") or {})}


def _for_body(options: Mapping[str, Any]) -> Body:
    special = {*_TRANSPORT, "extra_body", "tool_choice", "stream_options", "stream"}
    body = {name: value for name, value in options.items() if name not in special and value is not None}
    body |= dict(options.get("extra_body") or {})
    for name, value in body.items():
        _refuse_formless(name, value)
    return body


def _refuse_formless(name: str, value: object) -> None:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ConfigurationError(f"option {name} cannot be sent: {type(value).__name__} has no JSON form") from None


def _refuse_misplaced(options: Mapping[str, Any]) -> None:
    if "timeout" in options:
        ours = "connect_timeout, first_chunk_timeout, read_timeout and total_timeout"
        raise ConfigurationError(f"timeout says too little for a stream; use {ours}")
    if options.get("stream") is False:
        raise ConfigurationError("stream=False is not possible: a backend always streams; leave it out")
    for name in (*_TRANSPORT, "extra_body", "stream_options"):
        if not isinstance(options.get(name), Mapping | None):
            raise ConfigurationError(f"{name} must be an object, not {type(options[name]).__name__}")
