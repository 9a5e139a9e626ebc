"""What a provider is: a value that says where a host is, which wire it speaks and what it can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from fnmatch import fnmatchcase
from typing import Any, Final, Self

import msgspec

from ..errors import ConfigurationError

MEDIA_KINDS: Final = ("image", "audio", "video", "document")
MIB: Final = 2**20

NATIVE_TOOLS: Final = (
    "web_search",
    "web_fetch",
    "x_search",
    "file_search",
    "code_execution",
    "image_generation",
    "maps",
    "computer_use",
    "shell",
    "memory",
)
"""Names of the options that switch on tools which a provider runs itself."""

RequestBody = dict[str, Any]


class NativeTool(msgspec.Struct, frozen=True):
    """How a request switches on a tool that the provider runs itself.

    Attributes:
        settings: What stands in the request, such as ``{"type": "web_search"}``.
        field: The field of the body.
        listed: Whether the field is a list that *settings* joins, else *settings* is its value.
        key: Object within *settings* that takes the user's own; None: they go beside them.
    """

    settings: Mapping[str, Any]
    field: str = "tools"
    listed: bool = True
    key: str | None = None


class Model(msgspec.Struct, frozen=True):
    """A model that the host offers; other ids work as well.

    Attributes:
        id: Its id, as the host spells it.
        context_tokens: Size of its context window in tokens.
        max_output_tokens: Most tokens that one answer may have.
        released: Date of its release, as ``2026-09`` or ``2026-09-08``.
    """

    id: str
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    released: str | None = None


class PixelLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Most pixels of an image that a host takes; None: it states none.

    Attributes:
        side: Of the longer side.
        area: Width times height.
        many: As many images of one request still may have *side*.
        side_of_many: Of the longer side of each, where there are more.
    """

    side: int | None = None
    area: int | None = None
    many: int | None = None
    side_of_many: int | None = None

    def are_many(self, images: int) -> bool:
        """Return whether a request with so many images has the lower limit."""
        return self.many is not None and images > self.many

    def side_among(self, images: int) -> int | None:
        """Return the most pixels of the longer side of each image of a request that has so many."""
        return self.side_of_many if self.are_many(images) else self.side


class ProviderSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One host.

    Attributes:
        name: What users write: lower case letters, digits and ``_``.
        title: What people call it.
        protocol: Its wire protocol, such as ``openai.chat``.
        apis: What the option ``api`` may choose: its word, and the fields of this value that it changes.
        backend: Key of `massgen_stream.backend.factory.BACKENDS`, or ``module:class`` of a backend of your own, where
            the protocol's own backend does not serve.
        base_url: Where it is; None when the SDK knows or the host is launched.
        base_url_env: Environment variables that move it, first one set wins.
        api_key_env: Environment variables that may hold the key, first one set wins.
        key_required: Whether it refuses calls without a key, unless `base_url` is given.
        default_model: Used when no model is named.
        models: Models worth naming, newest first; never a complete list.
        retired: Models that are shut down, or will be: id, in which ``*`` stands for anything, and when.
        native_tools: Tools that it runs itself, by names of `NATIVE_TOOLS`.
        input_media: What it takes in, with the largest size in bytes, or None where it states none.
        refused_media: Kinds of media that models are known not to take, by id, in which ``*`` stands for anything.
        image_pixels: Most pixels of an image; None: it states none, or makes larger ones smaller itself.
        request_media_bytes: Most bytes of all media that stand in one request, before they are coded as base64; None
            where it states none.
        uploads: What it takes by the id of a file that was uploaded to it, with the largest size in bytes; empty where
            it keeps no files, or none that can be uploaded here.
        reads_urls: Whether it reads URLs of media itself, where its wire has a place for them.
        media_sources: Where the sizes of `input_media` are stated, by kind; and the origin's figure where it differs.
        output_media: Kinds of media that it can answer with.
        priority: Place in the automatic choice, lowest first; None: only chosen by name.
        default_headers: Sent with every request.
        notes: One line for people.
        extra: The extra of this package that brings the SDK.
        requires: Libraries that it needs besides the SDK: import name, and the extra that brings it.
        renamed_options: Neutral names of options, and the host's: ``a.b`` is field ``b`` of object ``a``.
        dropped_options: Options that the host would refuse or misread, and why; leaving them out is told as a loss.
        request_quirk: Pure; turns the standard request body into the one that this host wants. Its docstring says how.
        reasons: Whether some of its models show their reasoning.
        reasoning_field: Field of an assistant message that takes plain reasoning back: ``reasoning_content``,
            ``reasoning`` or None.
        filesystem: How its agents reach files: ``none``, ``native`` or ``mcp``.
        documentation: Address of the host's own documentation.
        launch: Starts the host inside this process; its context yields the address.
        simulated: Set when answers come from no model: the text of the first status chunk.
    """

    name: str
    title: str
    protocol: str
    default_model: str
    apis: Mapping[str, Mapping[str, Any]] = msgspec.field(default_factory=dict)
    backend: str | None = None
    base_url: str | None = None
    base_url_env: tuple[str, ...] = ()
    api_key_env: tuple[str, ...] = ()
    key_required: bool = True
    models: tuple[Model, ...] = ()
    retired: Mapping[str, str] = msgspec.field(default_factory=dict)
    native_tools: Mapping[str, NativeTool] = msgspec.field(default_factory=dict)
    input_media: Mapping[str, int | None] = msgspec.field(default_factory=dict)
    refused_media: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    image_pixels: PixelLimits | None = None
    request_media_bytes: int | None = None
    uploads: Mapping[str, int] = msgspec.field(default_factory=dict)
    reads_urls: bool = True
    media_sources: Mapping[str, str] = msgspec.field(default_factory=dict)
    output_media: tuple[str, ...] = ()
    priority: int | None = None
    default_headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    notes: str = ""
    extra: str = "openai"
    requires: Mapping[str, str] = msgspec.field(default_factory=dict)
    renamed_options: Mapping[str, str] = msgspec.field(default_factory=dict)
    dropped_options: Mapping[str, str] = msgspec.field(default_factory=dict)
    request_quirk: Callable[[RequestBody], RequestBody] | None = None
    reasons: bool = True
    reasoning_field: str | None = None
    filesystem: str = "none"
    documentation: str = ""
    launch: Callable[[], AbstractAsyncContextManager[str]] | None = None
    simulated: str | None = None

    def __post_init__(self) -> None:
        if not self.name.replace("_", "a").isalnum() or not self.name.isascii() or self.name != self.name.lower():
            raise ConfigurationError(f"provider name {self.name!r} must be lower case letters, digits and _")
        refused = (kind for kinds in self.refused_media.values() for kind in kinds)
        kinds = {*self.input_media, *self.output_media, *self.media_sources, *self.uploads, *refused}
        _check_words(self.name, kinds, MEDIA_KINDS)
        _check_words(self.name, self.native_tools, NATIVE_TOOLS)

    def with_api(self, api: str | None) -> Self:
        """Return the provider as it is behind one of its APIs; None: the usual one.

        Raises:
            ConfigurationError: It has no such API.
        """
        if api is None:
            return self
        if api not in tuple(self.apis):  # which also takes what has no hash
            offered = ", ".join(self.apis) or "none to choose"
            raise ConfigurationError(f"{self.name} has no api {api!r}; it has: {offered}")
        return msgspec.structs.replace(self, **self.apis[api])

    def retirement(self, model: str) -> str | None:
        """Return what is known of the end of a model; None while there is none in sight."""
        return next((why for pattern, why in self.retired.items() if fnmatchcase(model, pattern)), None)

    def kinds_refused_by(self, model: str) -> frozenset[str]:
        """Return the kinds of media that a model is known not to take."""
        found = (kinds for pattern, kinds in self.refused_media.items() if fnmatchcase(model, pattern))
        return frozenset(kind for kinds in found for kind in kinds)

    def api_key(self, environ: Mapping[str, str]) -> str | None:
        """Return the key that *environ* holds for this host."""
        return _first(self.api_key_env, environ)

    def address(self, environ: Mapping[str, str]) -> str | None:
        """Return the base URL that *environ* asks for, else the host's own."""
        return _first(self.base_url_env, environ) or self.base_url


def _check_words(provider: str, found: Iterable[str], known: tuple[str, ...]) -> None:
    unknown = {*found} - {*known}
    if unknown:
        raise ConfigurationError(f"{provider}: {min(unknown)!r} is not one of {', '.join(known)}")


def _first(names: tuple[str, ...], environ: Mapping[str, str]) -> str | None:
    return next((value for name in names if (value := environ.get(name, "").strip())), None)
