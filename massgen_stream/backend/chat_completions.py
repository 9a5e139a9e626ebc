"""OpenAI's Chat Completions, and every server that speaks them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ..provider.spec import ProviderSpec
from .base import Prepared
from .chat_request import PARAMETERS, ChatRequest
from .file_endpoint import OPENAI_FILES
from .openai_client import OPENAI_HOME, is_openai, open_client
from .raw_response import RawResponseBackend
from .sdk_client import SDKClient


class ChatCompletionsBackend(RawResponseBackend):
    """Streams chat completions: the openai SDK sends and authenticates, our decoder reads its bytes.

    Args:
        provider: A provider of the wire protocol ``openai.chat``, or its name.
        options: As `LLMBackend`; what is no limit goes into the request's body unless it is None, ``extra_headers``
            and ``extra_query`` excepted.

    Raises:
        MissingExtra: The openai SDK, or what the provider needs besides it, is not installed.
    """

    protocol = "openai.chat"
    home = OPENAI_HOME
    parameters = PARAMETERS
    request_types = ("openai.types.chat.completion_create_params:CompletionCreateParamsBase",)
    sdk = "openai"
    placeholders: ClassVar[Mapping[str, Any]] = {"messages": ()}
    files = OPENAI_FILES

    def __init__(self, provider: ProviderSpec | str = "chatcompletion", **options: Any) -> None:
        super().__init__(provider, **options)

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request; files are looked at, and read later."""
        openai = self._host is None and is_openai(self.account.base_url)
        request = ChatRequest(self.provider, messages, tools, model, options, openai=openai)
        return Prepared(request, request.losses, request.media, request.warnings)

    async def _open(self, base_url: str | None) -> SDKClient:
        return await open_client(
            self.account.api_key,
            base_url,
            self.provider.default_headers,
            resource="chat.completions",
            protocol=self.protocol,
            http_library=self.http_library,
        )
