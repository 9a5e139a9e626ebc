"""Google's SDK for its generators: which of Google's two doors a request goes through, and a client for one attempt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple, Self

from msgspec.structs import replace

from ....backend.gemini_client import open_client
from ....backend.google_sdk import GoogleAccess
from ....backend.sdk_client import SDKClient
from ....backend.turn import Turn
from ....errors import ConfigurationError
from ....provider.gemini import SPEC
from ....provider.spec import ProviderSpec
from ...clients import lent_client
from ...generator import Generator
from ...order import Order

CLOUD: Final[ProviderSpec] = replace(
    SPEC, base_url=None, base_url_env=("GOOGLE_VERTEX_BASE_URL",), api_key_env=(), key_required=False
)
"""Google Cloud as a host: the SDK knows its addresses, and finds project and credentials in the environment."""
_SWITCHES: Final = ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI")
_KEYS: Final = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
_ON: Final = ("1", "true")
_PROJECT: Final = "GOOGLE_CLOUD_PROJECT"
_FIELDS: Final = GoogleAccess.__struct_fields__

OpenClient = Callable[[str | None, str | None, Mapping[str, str], GoogleAccess], Awaitable[SDKClient]]


class Door(NamedTuple):
    """Which door, and what else `extra_params` say.

    Attributes:
        access: Developer API, or Google Cloud.
        params: The rest of `extra_params`, for the model.
    """

    access: GoogleAccess
    params: dict[str, Any]

    @classmethod
    def of(cls, params: Mapping[str, Any], *, enterprise: bool = False) -> Self:
        """Return the door that `extra_params` name with ``enterprise``, ``project``, ``location`` and so on.

        Args:
            params: The `extra_params`.
            enterprise: Whether it is Google Cloud in any case.

        Raises:
            ConfigurationError: There is a project, but not Google Cloud.
        """
        named = {name: params[name] for name in _FIELDS if params.get(name) is not None}
        access = GoogleAccess(**(named | ({"enterprise": True} if enterprise else {})))
        outside = [name for name in ("project", "location", "credentials") if name in named]
        if outside and not access.enterprise:
            raise ConfigurationError(f"{outside[0]} belongs to Google Cloud; pass enterprise=True beside it")
        return cls(access, {name: value for name, value in params.items() if name not in _FIELDS})

    def base_url(self, order: Order) -> str | None:
        """Return where requests go; None: where the SDK knows."""
        given = order.account.base_url
        return None if self.access.enterprise and given == SPEC.base_url else given


class CloudGenerator(Generator):
    """A generator whose API is open through Google Cloud alone.

    ``extra_params`` may name ``project``, ``location`` and ``credentials``; what they leave out, the SDK finds in the
    environment. An ``api_key`` opens it in what Google calls express mode, without a project.
    """

    title = "Google Cloud"
    host = CLOUD
    libraries: ClassVar = {"google.genai": "google"}

    @classmethod
    def key_variables(cls) -> tuple[str, ...]:
        """Return the variable that names the project."""
        return (_PROJECT,)

    @classmethod
    def is_ready(cls, environ: Mapping[str, str]) -> bool:
        """Return whether *environ* names a project, or says that its key is one for Google Cloud."""
        switch = next((environ[name] for name in _SWITCHES if environ.get(name)), "")
        has_key = any(environ.get(name, "").strip() for name in _KEYS)
        return bool(environ.get(_PROJECT, "").strip()) or (switch.lower() in _ON and has_key)


@asynccontextmanager
async def opened(
    order: Order, turn: Turn, access: GoogleAccess, *, open_client: OpenClient = open_client
) -> AsyncIterator[SDKClient]:
    """Open the SDK's client for one attempt.

    Args:
        order: Says key and address.
        turn: The attempt; what this takes is not the vendor's time.
        access: Which door, see `Door`.
        open_client: For models, or that of `massgen_stream.backend.interactions_client`.
    """
    base_url = Door(access, {}).base_url(order)
    door = (order.account.api_key, base_url)
    opening = partial(open_client, *door, SPEC.default_headers, access)
    key = (open_client, *door, access)
    async with lent_client(order.clients, turn, key, opening, lambda client: client.close()) as client:
        yield client
