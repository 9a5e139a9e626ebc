"""The request of a chat with Grok."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..errors import ConfigurationError
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import GrokFormatter
from .formatted import Formatted
from .grok_options import PARAMETERS, grok_fields
from .native_tools import split_native_tools
from .parameters import Body, merge_lists, refuse_formless, transport_of
from .request import offered

_KEY: Final = re.compile(r"[0-9a-z_.-]+")


class GrokRequest:
    """One request: formatted at the call, completed with the bytes of files when it is sent.

    Attributes:
        losses: What xAI's messages could not hold, one line each.
        warnings: What the host may not take, one line each.
        media: What is read, fetched and made to fit before it is sent; None where there is no such medium.
        metadata: Headers of the caller, with names in lower case as gRPC wants them.
        choices: How many answers it asks for.
    """

    def __init__(
        self,
        provider: ProviderSpec,
        messages: Iterable[Mapping[str, Any]],
        tools: Iterable[Any],
        model: str,
        options: Mapping[str, Any],
    ) -> None:
        """Format a request.

        Args:
            provider: The host.
            messages: Neutral messages.
            tools: Neutral tools.
            model: Model id.
            options: Everything else for the request, and for the transport.

        Raises:
            UsageError: A message, tool or option cannot be used.
            MediaError: A file cannot be read, or a medium is too large.
        """
        formatter = GrokFormatter()
        native, rest = split_native_tools(options, provider)
        fields, losses = grok_fields(rest, PARAMETERS.at(provider))
        self._body: Body = {"model": model, **offered(formatter, tools, rest)}
        merge_lists(self._body, native)
        refuse_formless(self._body)
        merge_lists(self._body, fields)
        self.choices = _choices(self._body)
        self._messages = Formatted(formatter, messages, provider, rest, model=model)
        self._quirk = provider.request_quirk
        headers = transport_of(rest).get("extra_headers", {})
        self.metadata = tuple(_metadata(name, value) for name, value in headers.items())
        self.media, self.warnings = self._messages.waiting, self._messages.warnings
        self.losses = [*losses, *map(str, self._messages.losses)]

    async def body(self) -> Body:
        """Return the ``GetCompletionsRequest`` in its JSON form; files are read once, in a worker thread.

        Raises:
            MediaError: A file has become unreadable.
        """
        body = {**self._body, "messages": await self._messages.payload()}
        return self._quirk(body) if self._quirk is not None else body


def _choices(body: Body) -> int:
    """How many answers are asked for; the SDK always says it."""
    choices = body.setdefault("n", 1)
    if not isinstance(choices, int) or isinstance(choices, bool) or choices < 1:
        raise ConfigurationError(f"n must be a whole number, 1 or more, not {choices!r}")
    return choices


def _metadata(name: object, value: object) -> tuple[str, str]:
    """Return a header as metadata (https://grpc.io/docs/guides/metadata/)."""
    key, text = str(name).lower(), str(value)
    if not _KEY.fullmatch(key) or key.startswith("grpc-") or key.endswith("-bin"):
        raise ConfigurationError(f"extra_headers: {key[:40]!r} cannot be the name of gRPC metadata")
    if not text.isascii() or not text.isprintable():
        raise ConfigurationError(f"extra_headers: the value of {key[:40]} holds characters that no metadata can carry")
    return key, text
