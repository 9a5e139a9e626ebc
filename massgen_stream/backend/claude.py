"""Anthropic's Messages API, and every server that speaks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

from ..provider.claude import SPEC
from ..provider.spec import ProviderSpec
from .anthropic_client import open_client
from .base import Prepared
from .claude_options import parameters_of
from .claude_request import ClaudeRequest
from .file_endpoint import ANTHROPIC_FILES
from .raw_response import RawResponseBackend
from .sdk_client import SDKClient
from .turn import Turn


class ClaudeBackend(RawResponseBackend):
    """Streams messages of Claude: the anthropic SDK sends and authenticates, our decoder reads its bytes.

    `max_tokens` is the model's own limit unless given, and 32,000 for a model that is not known. `temperature`, `top_p`
    and `top_k` go to the models that take them; for Claude's since Opus 4.7, which refuse them, they are left out and
    told as a loss. `reasoning_effort` turns thinking on and shows it, ``"none"`` turns it off where the model lets
    itself; `betas` names betas.

    Args:
        provider: A provider of the wire protocol ``anthropic.messages``, or its name.
        options: As `LLMBackend`; what is no limit goes into the request's body unless it is None, ``extra_headers``
            and ``extra_query`` excepted.

    Raises:
        MissingExtra: The anthropic SDK, or what the provider needs besides it, is not installed.
    """

    protocol = "anthropic.messages"
    parameters = parameters_of(SPEC.default_model)
    request_types = ("anthropic.types.beta.message_create_params:MessageCreateParamsBase",)
    sdk = "anthropic"
    placeholders: ClassVar[Mapping[str, Any]] = {"model": "", "messages": (), "max_tokens": 1}
    files = ANTHROPIC_FILES

    def __init__(self, provider: ProviderSpec | str = "claude", **options: Any) -> None:
        super().__init__(provider, **options)

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request; files are looked at, and read later."""
        request = ClaudeRequest(self.provider, messages, tools, model, options)
        return Prepared(request, request.losses, request.media, request.warnings)

    def _send(
        self,
        client: SDKClient,
        body: dict[str, Any],
        transport: Mapping[str, Any],
        turn: Turn,  # noqa: ARG002 - Claude cannot continue a cut stream
    ) -> AbstractAsyncContextManager[Any]:
        """Send a request; the SDK does not get to know the model, whose end it would announce in a way of its own."""
        return client.create(**self.placeholders, stream=True, extra_body=body, **transport)

    async def _open(self, base_url: str | None) -> SDKClient:
        return await open_client(
            self.account.api_key,
            base_url,
            self.provider.default_headers,
            protocol=self.protocol,
            http_library=self.http_library,
        )
