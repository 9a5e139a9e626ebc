"""The wire protocols by name. A new one is a package in `massgen_stream.wire` and a row here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from ..errors import UnknownProtocol
from .base import Decoder, Encoder
from .sse import DEFAULT_MAX_EVENT_BYTES


class Wire(NamedTuple):
    """Where a protocol's classes are: ``module:class``, the module relative to `massgen_stream.wire`.

    The decoder is called with ``id_prefix`` and ``max_event_bytes`` as keywords, the encoder without arguments.
    """

    decoder: str
    encoder: str


WIRES: Final[Mapping[str, Wire]] = MappingProxyType(
    {
        "openai.chat": Wire(".openai_chat:ChatDecoder", ".openai_chat:ChatEncoder"),
        "openai.responses": Wire(".openai_responses:ResponsesDecoder", ".openai_responses:ResponsesEncoder"),
        "anthropic.messages": Wire(".anthropic_messages:MessagesDecoder", ".anthropic_messages:MessagesEncoder"),
        "google.generate_content": Wire(
            ".google_generate_content:GenerateContentDecoder", ".google_generate_content:GenerateContentEncoder"
        ),
    }
)

PROTOCOLS: Final = tuple(WIRES)
"""The names that `decoder` and `encoder` take."""


def decoder(protocol: str, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> Decoder:
    """Return a new decoder for one response body.

    Args:
        protocol: One of `PROTOCOLS`.
        id_prefix: Put before every id that the decoder has to make up, so that ids differ across turns.
        max_event_bytes: Limit on one event; a larger one ends the stream with an `error` chunk.

    Raises:
        UnknownProtocol: There is no such protocol.
        ConfigurationError: *max_event_bytes* is no positive integer.
    """
    new: Decoder = _class(_wire(protocol).decoder)(id_prefix=id_prefix, max_event_bytes=max_event_bytes)
    return new


def encoder(protocol: str) -> Encoder:
    """Return a new encoder for one response body.

    Raises:
        UnknownProtocol: There is no such protocol.
    """
    new: Encoder = _class(_wire(protocol).encoder)()
    return new


def _wire(protocol: str) -> Wire:
    try:
        return WIRES[protocol]
    except (KeyError, TypeError):
        raise UnknownProtocol(str(protocol), PROTOCOLS) from None


def _class(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module, __package__), name)
