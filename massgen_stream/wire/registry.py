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
        "google.interactions": Wire(
            ".google_interactions:InteractionsDecoder", ".google_interactions:InteractionsEncoder"
        ),
        "google.imagen": Wire(".google_imagen:ImagenDecoder", ".google_imagen:ImagenEncoder"),
        "openai.images": Wire(".openai_images:ImagesDecoder", ".openai_images:ImagesEncoder"),
        "openai.videos": Wire(".openai_videos:VideosDecoder", ".openai_videos:VideosEncoder"),
        "openai.speech": Wire(".openai_speech:SpeechDecoder", ".openai_speech:SpeechEncoder"),
        "elevenlabs.sound": Wire(".elevenlabs_sound:SoundDecoder", ".elevenlabs_sound:SoundEncoder"),
        "openai.transcription": Wire(
            ".openai_transcription:TranscriptionDecoder", ".openai_transcription:TranscriptionEncoder"
        ),
        "replicate.predictions": Wire(
            ".replicate_predictions:PredictionsDecoder", ".replicate_predictions:PredictionsEncoder"
        ),
        "xai.video": Wire(".xai_video:VideoDecoder", ".xai_video:VideoEncoder"),
    }
)

PROTOCOLS: Final = tuple(WIRES)
"""The names that `decoder` and `encoder` take."""

RAW: Final = frozenset(("openai.speech",))
"""Protocols whose body may be a medium itself: a cut of its bytes cuts the medium into other segments."""


def decoder(
    protocol: str, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES, **options: Any
) -> Decoder:
    """Return a new decoder for one response body.

    Args:
        protocol: One of `PROTOCOLS`.
        id_prefix: Put before every id that the decoder has to make up, so that ids differ across turns.
        max_event_bytes: Limit on one event; a larger one ends the stream with an `error` chunk.
        options: What the decoder of this protocol takes besides: the format of speech, the length of its body.

    Raises:
        UnknownProtocol: There is no such protocol.
        ConfigurationError: *max_event_bytes* is no positive integer.
    """
    new: Decoder = _class(_wire(protocol).decoder)(id_prefix=id_prefix, max_event_bytes=max_event_bytes, **options)
    return new


def encoder(protocol: str, **options: Any) -> Encoder:
    """Return a new encoder for one response body.

    Args:
        protocol: One of `PROTOCOLS`.
        options: What the encoder of this protocol takes besides.

    Raises:
        UnknownProtocol: There is no such protocol.
    """
    new: Encoder = _class(_wire(protocol).encoder)(**options)
    return new


def _wire(protocol: str) -> Wire:
    try:
        return WIRES[protocol]
    except (KeyError, TypeError):
        raise UnknownProtocol(str(protocol), PROTOCOLS) from None


def _class(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module, __package__), name)
