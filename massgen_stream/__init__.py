"""One async generator of typed chunks for every model: text, tools, agents and media.

This file is a table of contents: a name is loaded when it is first used.
"""

from typing import TYPE_CHECKING

from .lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from .agent import Agent as Agent
    from .agent import FunctionTool as FunctionTool
    from .agent import MediaTool as MediaTool
    from .agent import Tool as Tool
    from .agent import ToolOutput as ToolOutput
    from .backend import ChunkStream as ChunkStream
    from .backend import LLMBackend as LLMBackend
    from .backend import create_backend as create_backend
    from .errors import BrokenMedia as BrokenMedia
    from .errors import ConfigurationError as ConfigurationError
    from .errors import EventTooLarge as EventTooLarge
    from .errors import GoneMedia as GoneMedia
    from .errors import InvalidChunk as InvalidChunk
    from .errors import InvalidMessage as InvalidMessage
    from .errors import JobEnded as JobEnded
    from .errors import MalformedChunk as MalformedChunk
    from .errors import MalformedEvent as MalformedEvent
    from .errors import MassGenStreamError as MassGenStreamError
    from .errors import MediaError as MediaError
    from .errors import MediaMismatch as MediaMismatch
    from .errors import MediaOverLimit as MediaOverLimit
    from .errors import MissingExtra as MissingExtra
    from .errors import MissingKey as MissingKey
    from .errors import PrivateAddress as PrivateAddress
    from .errors import ProviderError as ProviderError
    from .errors import TransportError as TransportError
    from .errors import Truncated as Truncated
    from .errors import UnencodableValue as UnencodableValue
    from .errors import UnknownProtocol as UnknownProtocol
    from .errors import UnknownProvider as UnknownProvider
    from .errors import UnreachableMedia as UnreachableMedia
    from .errors import UnresolvedMedia as UnresolvedMedia
    from .errors import UnsafeMedia as UnsafeMedia
    from .errors import UsageError as UsageError
    from .errors import WireError as WireError
    from .generation import GenerationConfig as GenerationConfig
    from .generation import GenerationResult as GenerationResult
    from .generation import MediaClients as MediaClients
    from .generation import Transcript as Transcript
    from .generation import collect_media as collect_media
    from .generation import collect_transcript as collect_transcript
    from .generation import explain_media as explain_media
    from .generation import generate_media as generate_media
    from .generation import resume_media as resume_media
    from .generation import transcribe as transcribe
    from .provider import ProviderSpec as ProviderSpec
    from .provider import providers as providers
    from .simulator import Simulator as Simulator
    from .stream_chunk.accumulator import Accumulator as Accumulator
    from .stream_chunk.base import BaseStreamChunk as BaseStreamChunk
    from .stream_chunk.codec_json import decode_json as decode_json
    from .stream_chunk.codec_json import encode_json as encode_json
    from .stream_chunk.codec_jsonl import decode_jsonl as decode_jsonl
    from .stream_chunk.codec_jsonl import encode_jsonl as encode_jsonl
    from .stream_chunk.codec_msgpack import decode_msgpack as decode_msgpack
    from .stream_chunk.codec_msgpack import encode_msgpack as encode_msgpack
    from .stream_chunk.formatter import MessageFormatter as MessageFormatter
    from .stream_chunk.formatter import OpenAIChatFormatter as OpenAIChatFormatter
    from .stream_chunk.gate import Gate as Gate
    from .stream_chunk.json_schema import schema as schema
    from .stream_chunk.kinds import ChunkType as ChunkType
    from .stream_chunk.kinds import MediaEncoding as MediaEncoding
    from .stream_chunk.kinds import MediaType as MediaType
    from .stream_chunk.multimodal import MediaMetadata as MediaMetadata
    from .stream_chunk.multimodal import MultimodalStreamChunk as MultimodalStreamChunk
    from .stream_chunk.text import TextStreamChunk as TextStreamChunk
    from .stream_chunk.unknown import UnknownChunk as UnknownChunk
    from .stream_chunk.verifier import StreamVerifier as StreamVerifier
    from .wire import PROTOCOLS as PROTOCOLS
    from .wire import decoder as decoder
    from .wire import encoder as encoder

_PLACES = {
    "Accumulator": ".stream_chunk.accumulator",
    "Agent": ".agent",
    "BaseStreamChunk": ".stream_chunk.base",
    "BrokenMedia": ".errors",
    "ChunkStream": ".backend",
    "ChunkType": ".stream_chunk.kinds",
    "ConfigurationError": ".errors",
    "EventTooLarge": ".errors",
    "FunctionTool": ".agent",
    "Gate": ".stream_chunk.gate",
    "GenerationConfig": ".generation",
    "GenerationResult": ".generation",
    "GoneMedia": ".errors",
    "InvalidChunk": ".errors",
    "InvalidMessage": ".errors",
    "JobEnded": ".errors",
    "LLMBackend": ".backend",
    "MalformedChunk": ".errors",
    "MalformedEvent": ".errors",
    "MassGenStreamError": ".errors",
    "MediaClients": ".generation",
    "MediaEncoding": ".stream_chunk.kinds",
    "MediaError": ".errors",
    "MediaMetadata": ".stream_chunk.multimodal",
    "MediaMismatch": ".errors",
    "MediaOverLimit": ".errors",
    "MediaTool": ".agent",
    "MediaType": ".stream_chunk.kinds",
    "MessageFormatter": ".stream_chunk.formatter",
    "MissingExtra": ".errors",
    "MissingKey": ".errors",
    "MultimodalStreamChunk": ".stream_chunk.multimodal",
    "OpenAIChatFormatter": ".stream_chunk.formatter",
    "PROTOCOLS": ".wire",
    "PrivateAddress": ".errors",
    "ProviderError": ".errors",
    "ProviderSpec": ".provider",
    "Simulator": ".simulator",
    "StreamVerifier": ".stream_chunk.verifier",
    "TextStreamChunk": ".stream_chunk.text",
    "Tool": ".agent",
    "ToolOutput": ".agent",
    "Transcript": ".generation",
    "TransportError": ".errors",
    "Truncated": ".errors",
    "UnencodableValue": ".errors",
    "UnknownChunk": ".stream_chunk.unknown",
    "UnknownProtocol": ".errors",
    "UnknownProvider": ".errors",
    "UnreachableMedia": ".errors",
    "UnresolvedMedia": ".errors",
    "UnsafeMedia": ".errors",
    "UsageError": ".errors",
    "WireError": ".errors",
    "collect_media": ".generation",
    "collect_transcript": ".generation",
    "create_backend": ".backend",
    "decode_json": ".stream_chunk.codec_json",
    "decode_jsonl": ".stream_chunk.codec_jsonl",
    "decode_msgpack": ".stream_chunk.codec_msgpack",
    "decoder": ".wire",
    "encode_json": ".stream_chunk.codec_json",
    "encode_jsonl": ".stream_chunk.codec_jsonl",
    "encode_msgpack": ".stream_chunk.codec_msgpack",
    "encoder": ".wire",
    "explain_media": ".generation",
    "generate_media": ".generation",
    "providers": ".provider",
    "resume_media": ".generation",
    "schema": ".stream_chunk.json_schema",
    "transcribe": ".generation",
}

__all__ = list(_PLACES)

__getattr__, __dir__ = _lazy_names(__name__, _PLACES, globals())
