"""OpenAI's Responses API, and every server that speaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

from ..provider.spec import ProviderSpec
from ..wire.base import Decoder
from ..wire.openai_responses import Cursor, ResponsesDecoder
from .base import Prepared
from .file_endpoint import OPENAI_FILES
from .openai_client import OPENAI_HOME, is_openai, open_client
from .raw_response import RawResponseBackend
from .response_request import PARAMETERS, ResponseRequest
from .sdk_client import SDKClient
from .turn import Turn


class ResponseBackend(RawResponseBackend):
    """Streams responses: the openai SDK sends and authenticates, our decoder reads its bytes.

    With ``background=True`` the server goes on without us, and a stream that is cut is taken up where it was; leaving
    or cancelling the stream does not end the response (https://developers.openai.com/api/docs/guides/background).

    Args:
        provider: A provider of the wire protocol ``openai.responses``, or its name.
        options: As `LLMBackend`; what is no limit goes into the request's body unless it is None, ``extra_headers``
            and ``extra_query`` excepted.

    Raises:
        MissingExtra: The openai SDK, or what the provider needs besides it, is not installed.
    """

    protocol = "openai.responses"
    home = OPENAI_HOME
    parameters = PARAMETERS
    request_types = ("openai.types.responses.response_create_params:ResponseCreateParamsBase",)
    sdk = "openai"
    placeholders: ClassVar[Mapping[str, Any]] = {}
    files = OPENAI_FILES

    def __init__(self, provider: ProviderSpec | str = "openai", **options: Any) -> None:
        super().__init__(provider, **options)

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request; files are looked at, and read later."""
        request = ResponseRequest(self.provider, messages, tools, model, options, padded=self._is_padded())
        return Prepared(request, request.losses, request.media, request.warnings)

    async def _open(self, base_url: str | None) -> SDKClient:
        return await open_client(
            self.account.api_key,
            base_url,
            self.provider.default_headers,
            resource="responses",
            protocol=self.protocol,
            http_library=self.http_library,
        )

    def _send(
        self, client: SDKClient, body: dict[str, Any], transport: Mapping[str, Any], turn: Turn
    ) -> AbstractAsyncContextManager[Any]:
        if turn.resume is None:
            return super()._send(client, body, transport, turn)
        cursor: Cursor = turn.resume.cursor
        wanted: dict[str, Any] = {"include": turn.payload.include} if turn.payload.include else {}
        wanted |= {"include_obfuscation": False} if self._is_padded() else {}
        retrieve = client.sdk.responses.with_streaming_response.retrieve
        return retrieve(  # type: ignore[no-any-return]
            cursor.response_id, stream=True, starting_after=cursor.sequence_number, **wanted, **transport
        )

    def _cursor(self, body: Mapping[str, Any], reader: Decoder) -> Callable[[], Any] | None:
        return reader.cursor if body.get("background") is True and isinstance(reader, ResponsesDecoder) else None

    def _is_padded(self) -> bool:
        """Whether the host pads its events unless told not to, which only OpenAI does."""
        return self._host is None and is_openai(self.account.base_url)
