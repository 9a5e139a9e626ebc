"""Where requests go, and what opens the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Self
from urllib.parse import urlsplit

from ..errors import ConfigurationError, MissingKey
from ..provider.spec import ProviderSpec

_SCHEMES: Final = ("http", "https")


class Account:
    """Key and address; neither `repr` nor any error shows the key.

    Attributes:
        base_url: None: the SDK's own.
    """

    __slots__ = ("_api_key", "base_url")

    def __init__(self, api_key: str | None, base_url: str | None) -> None:
        self._api_key, self.base_url = api_key, base_url

    @classmethod
    def of(cls, provider: ProviderSpec, api_key: str | None, base_url: str | None, environ: Mapping[str, str]) -> Self:
        """Return the account that the arguments, else *environ*, else the provider say.

        Raises:
            MissingKey: The provider needs a key, and there is none.
            ConfigurationError: Key or address cannot be used.
        """
        given_url, name = (base_url, "base_url") if base_url is not None else _address_of(provider, environ)
        key = _checked_key(api_key, "api_key") or _key_of(provider, environ)
        elsewhere = given_url is not None and given_url != provider.base_url
        if key is None and provider.key_required and provider.launch is None and not elsewhere:
            raise MissingKey(provider.name, (provider.api_key_env or ("api_key",))[0])
        return cls(key, _checked_url(given_url, name))

    @property
    def api_key(self) -> str | None:
        """The key, None when the host needs none."""
        return self._api_key

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no error may show."""
        password = urlsplit(self.base_url).password if self.base_url else None
        return tuple(secret for secret in (self._api_key, password) if secret)

    @property
    def shown_url(self) -> str | None:
        """The address without user, password and query."""
        if self.base_url is None:
            return None
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def __repr__(self) -> str:
        return f"Account(api_key={'set' if self._api_key else None!r}, base_url={self.shown_url!r})"


def _key_of(provider: ProviderSpec, environ: Mapping[str, str]) -> str | None:
    variable = _first_set(provider.api_key_env, environ)
    return None if variable is None else _checked_key(environ[variable], variable)


def _address_of(provider: ProviderSpec, environ: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the address, and where it comes from."""
    return provider.address(environ), _first_set(provider.base_url_env, environ) or "base_url"


def _first_set(names: Iterable[str], environ: Mapping[str, str]) -> str | None:
    return next((name for name in names if environ.get(name, "").strip()), None)


def _checked_key(api_key: object, name: str) -> str | None:
    if api_key is None:
        return None
    if not isinstance(api_key, str):
        raise ConfigurationError(f"{name} must be a string, not {type(api_key).__name__}")
    key = api_key.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(f"{name} holds characters that no header can carry; was it pasted whole?")
    return key or None


def _checked_url(base_url: object, name: str) -> str | None:
    if base_url is None:
        return None
    try:
        parts = urlsplit(str(base_url))
        usable = parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(f"{name} must be an address such as http://127.0.0.1:8000/v1")
    return str(base_url)
