"""What the requests of JSON wires share: checked and formatted at the call, whole when they are sent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import Formatter
from .formatted import Formatted
from .parameters import Body, Options, refuse_formless, transport_of

Payload = TypeVar("Payload")


class FormattedRequest(ABC, Generic[Payload]):
    """One request: formatted at the call, completed with the bytes of files when it is sent.

    Args:
        body: All fields of the body but the conversation, those of ``extra_body`` among them.
        messages: The conversation.
        provider: The host.
        options: As the caller gave them, for the transport; what stands in ``extra_body`` wins over the conversation.
        losses: What of the options the wire could not hold.

    Attributes:
        losses: What the wire could not hold, one line each.
        warnings: What the host may not take, one line each.
        media: What is read, fetched and made to fit before it is sent; None where there is no such medium.
        transport: ``extra_headers`` and ``extra_query``, for the SDK.

    Raises:
        ConfigurationError: A field has no JSON form.
    """

    def __init__(
        self,
        body: Body,
        messages: Formatted[Payload],
        provider: ProviderSpec,
        options: Options,
        losses: Sequence[str],
    ) -> None:
        refuse_formless(body)
        self._body, self._messages, self._quirk = body, messages, provider.request_quirk
        self._given = frozenset(options.get("extra_body") or ())
        self.transport, self.media = transport_of(options), messages.waiting
        self.losses, self.warnings = [*losses, *map(str, messages.losses)], messages.warnings

    async def body(self) -> Body:
        """Return the body as the host wants it; files are read once, in a worker thread.

        Raises:
            MediaError: A file has become unreadable.
        """
        said = self._conversation(await self._messages.payload())
        body = self._body | {name: value for name, value in said.items() if name not in self._given}
        return self._quirk(body) if self._quirk is not None else body

    @abstractmethod
    def _conversation(self, payload: Payload) -> Body:
        """Return the fields that hold the conversation."""


def offered(formatter: Formatter[Any], tools: Iterable[Any], options: Options) -> Body:
    """Return ``tools`` and ``tool_choice``, as far as there are any.

    Raises:
        InvalidMessage: Something is no tool, or no choice.
    """
    formatted = formatter.format_tools(tools)
    found: Body = {"tools": formatted} if formatted else {}
    if options.get("tool_choice") is not None:
        found["tool_choice"] = formatter.format_tool_choice(options["tool_choice"])
    return found
