"""What a provider is: a value that says where a host is, which wire it speaks and what it can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

import msgspec

from ..errors import ConfigurationError

MEDIA_KINDS: Final = ("image", "audio", "video", "document")
MIB: Final = 2**20

RequestBody = dict[str, Any]


class Model(msgspec.Struct, frozen=True):
    """A model that the host offers; other ids work as well.

    Attributes:
        id: Its id, as the host spells it.
        context_tokens: Size of its context window in tokens.
        max_output_tokens: Most tokens that one answer may have.
    """

    id: str
    context_tokens: int | None = None
    max_output_tokens: int | None = None


class ProviderSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One host.

    Attributes:
        name: What users write: lower case letters, digits and ``_``.
        title: What people call it.
        protocol: Its wire protocol, such as ``openai.chat``.
        base_url: Where it is; None when the SDK knows or the host is launched.
        base_url_env: Environment variables that move it, first one set wins.
        api_key_env: Environment variables that may hold the key, first one set wins.
        key_required: Whether it refuses calls without a key, unless `base_url` is given.
        default_model: Used when no model is named.
        models: Models worth naming; never a complete list.
        input_media: What it takes in, with the largest size in bytes, or None where it states none.
        output_media: Kinds of media that it can answer with.
        priority: Place in the automatic choice, lowest first; None: only chosen by name.
        default_headers: Sent with every request.
        notes: One line for people.
        extra: The extra of this package that brings the SDK.
        requires: Libraries that it needs besides the SDK: import name, and the extra that brings it.
        request_quirk: Pure; turns the standard request body into the one that this host wants.
        reasoning_field: Field of an assistant message that takes plain reasoning back: ``reasoning_content``,
            ``reasoning`` or None.
        launch: Starts the host inside this process; its context yields the address.
        simulated: Set when answers come from no model: the text of the first status chunk.
    """

    name: str
    title: str
    protocol: str
    default_model: str
    base_url: str | None = None
    base_url_env: tuple[str, ...] = ()
    api_key_env: tuple[str, ...] = ()
    key_required: bool = True
    models: tuple[Model, ...] = ()
    input_media: Mapping[str, int | None] = msgspec.field(default_factory=dict)
    output_media: tuple[str, ...] = ()
    priority: int | None = None
    default_headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    notes: str = ""
    extra: str = "openai"
    requires: Mapping[str, str] = msgspec.field(default_factory=dict)
    request_quirk: Callable[[RequestBody], RequestBody] | None = None
    reasoning_field: str | None = None
    launch: Callable[[], AbstractAsyncContextManager[str]] | None = None
    simulated: str | None = None

    def __post_init__(self) -> None:
        if not self.name.replace("_", "a").isalnum() or not self.name.isascii() or self.name != self.name.lower():
            raise ConfigurationError(f"provider name {self.name!r} must be lower case letters, digits and _")
        unknown = {*self.input_media, *self.output_media} - {*MEDIA_KINDS}
        if unknown:
            raise ConfigurationError(f"{self.name}: {min(unknown)!r} is not one of {', '.join(MEDIA_KINDS)}")

    def api_key(self, environ: Mapping[str, str]) -> str | None:
        """Return the key that *environ* holds for this host."""
        return _first(self.api_key_env, environ)

    def address(self, environ: Mapping[str, str]) -> str | None:
        """Return the base URL that *environ* asks for, else the host's own."""
        return _first(self.base_url_env, environ) or self.base_url


def _first(names: tuple[str, ...], environ: Mapping[str, str]) -> str | None:
    return next((value for name in names if (value := environ.get(name, "").strip())), None)
