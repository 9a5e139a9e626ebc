"""Provider bytes to chunks and back; pure. This file is a table of contents: a name is loaded when it is first used."""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from .base import Decoder as Decoder
    from .base import Encoder as Encoder
    from .documents import stream_of_document as stream_of_document
    from .registry import PROTOCOLS as PROTOCOLS
    from .registry import decoder as decoder
    from .registry import encoder as encoder
    from .sse import ServerSentEvent as ServerSentEvent
    from .sse import SSEDecoder as SSEDecoder
    from .sse_encoder import encode_comment as encode_comment
    from .sse_encoder import encode_event as encode_event

_PLACES = {
    "Decoder": ".base",
    "Encoder": ".base",
    "PROTOCOLS": ".registry",
    "SSEDecoder": ".sse",
    "ServerSentEvent": ".sse",
    "decoder": ".registry",
    "encode_comment": ".sse_encoder",
    "encode_event": ".sse_encoder",
    "encoder": ".registry",
    "stream_of_document": ".documents",
}

__all__ = list(_PLACES)

__getattr__, __dir__ = _lazy_names(__name__, _PLACES, globals())
