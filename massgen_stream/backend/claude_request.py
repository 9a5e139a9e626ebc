"""The body of a Messages request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import ConfigurationError
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import MessagesFormatter, MessagesPayload
from .claude_models import max_tokens, takes_later_system
from .claude_options import beta_header, own_fields, parameters_of
from .formatted import Formatted
from .native_tools import split_native_tools
from .parameters import Body, Options, merge_lists
from .request import FormattedRequest


class ClaudeRequest(FormattedRequest[MessagesPayload]):
    """One request of the Messages API."""

    def __init__(
        self,
        provider: ProviderSpec,
        messages: Iterable[Mapping[str, Any]],
        tools: Iterable[Any],
        model: str,
        options: Options,
    ) -> None:
        """Format a request.

        Args:
            provider: The host.
            messages: Neutral messages.
            tools: Neutral tools, or Claude's own.
            model: Model id.
            options: Everything else for the body, and for the transport.

        Raises:
            UsageError: A message, tool or option cannot be used.
            MediaError: A file cannot be read, or a medium is too large.
        """
        native, rest = split_native_tools(options, provider)
        fields, losses = parameters_of(model).at(provider).body(rest)
        formatter = MessagesFormatter(later_system=takes_later_system(model))
        body: Body = {"model": model, "messages": (), "max_tokens": max_tokens(model, provider), "stream": True}
        body |= {"tools": formatted} if (formatted := formatter.format_tools(tools)) else {}
        merge_lists(body, native)
        most = _bound(fields.get("max_tokens", body["max_tokens"]))
        body |= own_fields(rest, model, most, losses) | _choice(formatter, rest, offered="tools" in body)
        body |= fields
        conversation = Formatted(formatter, messages, provider, rest, model=model)
        super().__init__(body, conversation, provider, rest, losses)
        headers = beta_header(rest, body, self.transport.get("extra_headers", {}))
        self.transport |= {"extra_headers": headers} if headers else {}

    def _conversation(self, payload: MessagesPayload) -> Body:
        return {"messages": payload.messages} | ({"system": payload.system} if payload.system is not None else {})


def _bound(max_tokens: object) -> int:
    if not isinstance(max_tokens, int) or isinstance(max_tokens, bool):
        raise ConfigurationError(f"max_tokens must be a number, not {type(max_tokens).__name__}")
    return max_tokens


def _choice(formatter: MessagesFormatter, options: Options, *, offered: bool) -> Body:
    """The choice among tools, which also says whether several may be called at once."""
    given = options.get("tool_choice")
    choice = None if given is None else formatter.format_tool_choice(given)
    if options.get("parallel_tool_calls") is False and offered:
        choice = choice or {"type": "auto"}
        if choice["type"] != "none":
            choice = {"disable_parallel_tool_use": True, **choice}
    return {} if choice is None else {"tool_choice": choice}
