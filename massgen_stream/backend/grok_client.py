"""xAI's gRPC channel; the SDK brings the messages and the stub, and is imported in a worker thread."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Any, Final, NamedTuple, Self
from urllib.parse import urlsplit

from ..errors import ConfigurationError, excerpt
from .grok_call import Connecting, GrpcCall
from .grok_files import FileService
from .limits import StreamLimits

MAX_MESSAGE_BYTES: Final = 128 * 2**20
"""The SDK takes messages of 20 MiB; an image that a tool made may be larger."""

_LARGE_CHARACTERS: Final = 100_000
"""Of base64: as much is turned into a message within a millisecond."""

_AGAIN_SECONDS: Final = 1.0
"""Longer than gRPC pauses between two attempts at a connection."""

_TLS_PORT: Final = 443
_OPTIONS: Final = (
    ("grpc.enable_retries", 0),  # attempts are counted and told in one place, ours
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", -1),  # the server knows its own limit
    ("grpc.initial_reconnect_backoff_ms", 100),  # so that another attempt really tries again
    ("grpc.max_reconnect_backoff_ms", 500),
    ("grpc.keepalive_time_ms", 30_000),  # the three of the SDK, which notice a dead connection
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
)


class _Libraries(NamedTuple):
    """What is imported: ``grpc``, its ``aio``, xAI's modules, protobuf's JSON form, the SDK's version."""

    grpc: Any
    aio: Any
    messages: Any
    stubs: Any
    file_messages: Any
    file_stubs: Any
    json_format: Any
    version: str


class GrokClient:
    """An open channel.

    Args:
        libraries: What was imported.
        api_key: None: no metadata carries a key.
        base_url: ``http://host:port`` without encryption, or ``https://host``.
        headers: Sent with every call.
        connect_timeout: Seconds after which an attempt at a connection ends, even when nobody waits for it.

    Attributes:
        files: xAI's service for files.
    """

    def __init__(
        self,
        libraries: _Libraries,
        api_key: str | None,
        base_url: str,
        headers: Mapping[str, str],
        *,
        connect_timeout: float | None,
    ) -> None:
        self._libraries, self._place = libraries, target_of(base_url)
        self._channel = open_channel(libraries.grpc, libraries.aio, base_url, connect_timeout)
        self._state, self._states = self._channel.get_state, libraries.grpc.ChannelConnectivity
        self._stub = libraries.stubs.ChatStub(self._channel)
        self._metadata = metadata_of(headers, libraries.version, api_key)
        self.files = FileService(libraries.file_messages, libraries.file_stubs.FilesStub(self._channel), self._metadata)

    @classmethod
    async def open(
        cls, api_key: str | None, base_url: str, headers: Mapping[str, str], *, connect_timeout: float | None
    ) -> Self:
        """Return an open client; the imports take a second, in a worker thread. A channel belongs to its loop."""
        libraries = await asyncio.get_running_loop().run_in_executor(None, _import)
        return cls(libraries, api_key, base_url, headers, connect_timeout=connect_timeout)

    async def request(self, body: Mapping[str, Any]) -> Any:
        """Return the ``GetCompletionsRequest`` for its JSON form; with large media it is made in a worker thread.

        Raises:
            ConfigurationError: The message has no such field, or a value does not fit.
        """
        if sum(map(_media_characters, body["messages"])) < _LARGE_CHARACTERS:
            return self._parsed(body)
        return await asyncio.get_running_loop().run_in_executor(None, partial(self._parsed, body))

    def _parsed(self, body: Mapping[str, Any]) -> Any:
        json_format = self._libraries.json_format
        try:
            return json_format.ParseDict(body, self._libraries.messages.GetCompletionsRequest())
        except json_format.ParseError as problem:
            said = str(problem).partition("\n")[0].replace('Message type "xai_api.GetCompletionsRequest"', "it")
            raise ConfigurationError(f"xAI's API cannot hold the request: {excerpt(said)}") from None

    def stream(self, request: Any, metadata: tuple[tuple[str, str], ...], limits: StreamLimits) -> GrpcCall:
        """Send a request; its answer comes message by message. *metadata* of the caller wins.

        A call fails with the attempt at a connection that it waits for. After a failure gRPC tries again by itself,
        without a word; then the call waits for success, for a short time.
        """
        named = {name for name, _ in metadata}
        ours = tuple(one for one in self._metadata if one[0] not in named)
        failed = self._state(try_to_connect=True) is self._states.TRANSIENT_FAILURE
        call = self._stub.GetCompletionChunk(request, metadata=(*ours, *metadata), wait_for_ready=failed)
        limit = limits.connect_timeout
        if failed:
            limit = min(limit or _AGAIN_SECONDS, _AGAIN_SECONDS)
        connecting = Connecting(self._place, limit, self._is_ready, failed)
        return GrpcCall(call, self._libraries.aio.EOF, limits.read_timeout, connecting)

    def _is_ready(self) -> bool:
        return self._state() is self._states.READY

    async def close(self) -> None:
        """Close the channel, and with it every call."""
        await self._channel.close()


def target_of(base_url: str) -> str:
    """Return host and port of an address, as gRPC wants them.

    Raises:
        ConfigurationError: It has a path, which gRPC has no use for.
    """
    parts = urlsplit(base_url)
    if parts.path.strip("/") or parts.query:
        raise ConfigurationError("grok speaks gRPC: base_url is http://host:port or https://host, without a path")
    host = parts.netloc.rpartition("@")[2]
    return host if parts.port is not None else f"{host}:{_TLS_PORT if parts.scheme == 'https' else 80}"


def _media_characters(message: Mapping[str, Any]) -> int:
    """Return the length of the media in a message."""
    bodies = (part.get("image_url") or part.get("file") or {} for part in message.get("content", ()))
    return sum(len(text) for body in bodies for text in body.values() if isinstance(text, str))


def metadata_of(headers: Mapping[str, str], version: str, api_key: str | None) -> tuple[tuple[str, str], ...]:
    """Return what every call carries: the host's headers, the version of the SDK, and the key where there is one."""
    own = tuple((name.lower(), value) for name, value in headers.items())
    key = (("authorization", f"Bearer {api_key}"),) if api_key else ()
    return (*own, ("xai-sdk-version", f"python/{version}"), *key)


def open_channel(grpc: Any, aio: Any, base_url: str, connect_timeout: float | None) -> Any:
    """Return a channel of the running loop, which connects when it is first used.

    Args:
        grpc: The module of that name.
        aio: ``grpc.aio``.
        base_url: ``http://host:port`` without encryption, or ``https://host``.
        connect_timeout: Seconds after which an attempt at a connection ends; None: gRPC's own limit.

    Raises:
        ConfigurationError: The address has a path.
    """
    target = target_of(base_url)
    # the name hides it: it is also the least time that gRPC gives an attempt, 20 s by default, beyond `close`
    ending = () if connect_timeout is None else (("grpc.min_reconnect_backoff_ms", int(connect_timeout * 1000)),)
    if urlsplit(base_url).scheme == "http":
        return aio.insecure_channel(target, options=(*_OPTIONS, *ending))
    return aio.secure_channel(target, grpc.ssl_channel_credentials(), options=(*_OPTIONS, *ending))


def _import() -> _Libraries:
    proto = import_module("xai_sdk.proto")
    return _Libraries(
        grpc=import_module("grpc"),
        aio=import_module("grpc.aio"),
        messages=proto.chat_pb2,
        stubs=proto.chat_pb2_grpc,
        file_messages=proto.files_pb2,
        file_stubs=proto.files_pb2_grpc,
        json_format=import_module("google.protobuf.json_format"),
        version=str(import_module("xai_sdk").__version__),
    )
