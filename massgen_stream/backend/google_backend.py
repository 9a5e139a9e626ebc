"""What the backends of Google's APIs share: two doors, files, and the SDK."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from ..provider.discovery import get_provider
from ..provider.spec import ProviderSpec
from .gemini_files import GEMINI_FILES, files_transport
from .google_sdk import GoogleAccess, check_library, through_door
from .raw_response import RawResponseBackend
from .sdk_client import SDKClient


class GoogleBackend(RawResponseBackend):
    """One API of Google's, by key or through Google Cloud.

    Args:
        provider: A provider of the API's wire protocol, or the name of one that has it.
        enterprise: Through Google Cloud (Gemini Enterprise Agent Platform, once Vertex AI): then a key is optional.
        project: Of Google Cloud.
        location: Region of Google Cloud.
        credentials: ``google.auth.credentials.Credentials``, by default those of the environment.
        api_version: Such as ``v1beta``; by default the SDK's.
        options: As `LLMBackend`; what is no limit goes into the request.

    Attributes:
        opening: Opens the SDK for the API; arguments as `massgen_stream.backend.google_sdk.opened_sdk`.

    Raises:
        MissingExtra: The SDK is not installed.
        ConfigurationError: `http_library` is another one than ``httpx2``.
    """

    sdk = "google.genai"
    placeholders: ClassVar[Mapping[str, Any]] = {}
    files = GEMINI_FILES
    opening: ClassVar[Callable[..., Awaitable[SDKClient]]]

    def __init__(
        self,
        provider: ProviderSpec | str = "gemini",
        *,
        enterprise: bool = False,
        project: str | None = None,
        location: str | None = None,
        credentials: Any = None,
        api_version: str | None = None,
        **options: Any,
    ) -> None:
        spec = get_provider(provider) if isinstance(provider, str) else provider
        self._access = GoogleAccess(enterprise, project, location, credentials, api_version)
        super().__init__(through_door(spec, self._access), **options)
        check_library(self.http_library, self.provider.name)

    async def _files_door(self) -> tuple[Any, Mapping[str, Any]]:
        return (await self._client.get()).sdk, files_transport(self.account.base_url, self.limits)

    async def _open(self, base_url: str | None) -> SDKClient:
        account, headers, connect = self.account, self.provider.default_headers, self.limits.connect_timeout
        return await self.opening(account.api_key, base_url, headers, self._access, connect_timeout=connect)
