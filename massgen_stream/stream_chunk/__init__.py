"""Chunks: what a stream is made of; pure.

This file is a table of contents: a name is loaded when it is first used. Every type of chunk has a narrow constructor
called like it (`content`, `done`, `media` ...), so no module here may have the name of a type.
"""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names as _lazy_names
from . import multimodal as _multimodal  # noqa: F401  the three families must be known to read a document
from . import unknown as _unknown  # noqa: F401

if TYPE_CHECKING:
    from .accumulator import Accumulator as Accumulator
    from .base import BaseStreamChunk as BaseStreamChunk
    from .codec_json import decode_json as decode_json
    from .codec_json import encode_json as encode_json
    from .codec_jsonl import decode_jsonl as decode_jsonl
    from .codec_jsonl import encode_jsonl as encode_jsonl
    from .codec_msgpack import decode_msgpack as decode_msgpack
    from .codec_msgpack import encode_msgpack as encode_msgpack
    from .formatter import Formatter as Formatter
    from .formatter import GenerateContentFormatter as GenerateContentFormatter
    from .formatter import GenerateContentPayload as GenerateContentPayload
    from .formatter import GrokFormatter as GrokFormatter
    from .formatter import InteractionsFormatter as InteractionsFormatter
    from .formatter import Loss as Loss
    from .formatter import MessageFormatter as MessageFormatter
    from .formatter import MessagesFormatter as MessagesFormatter
    from .formatter import MessagesPayload as MessagesPayload
    from .formatter import OpenAIChatFormatter as OpenAIChatFormatter
    from .formatter import ResponsesFormatter as ResponsesFormatter
    from .gate import Gate as Gate
    from .grammar import Breach as Breach
    from .json_schema import schema as schema
    from .kinds import ChunkType as ChunkType
    from .kinds import MediaEncoding as MediaEncoding
    from .kinds import MediaType as MediaType
    from .multimodal import MediaMetadata as MediaMetadata
    from .multimodal import MultimodalStreamChunk as MultimodalStreamChunk
    from .narrow.ending import complete_message as complete_message
    from .narrow.ending import complete_response as complete_response
    from .narrow.ending import done as done
    from .narrow.ending import error as error
    from .narrow.ending import turn_done as turn_done
    from .narrow.ending import usage as usage
    from .narrow.media import attachment as attachment
    from .narrow.media import attachment_complete as attachment_complete
    from .narrow.media import media as media
    from .narrow.media import media_progress as media_progress
    from .narrow.status import agent_status as agent_status
    from .narrow.status import backend_status as backend_status
    from .narrow.status import compression_status as compression_status
    from .narrow.status import custom_tool_status as custom_tool_status
    from .narrow.status import hook_execution as hook_execution
    from .narrow.status import mcp_status as mcp_status
    from .narrow.text import citation as citation
    from .narrow.text import content as content
    from .narrow.text import reasoning as reasoning
    from .narrow.text import reasoning_done as reasoning_done
    from .narrow.text import reasoning_summary as reasoning_summary
    from .narrow.text import reasoning_summary_done as reasoning_summary_done
    from .narrow.text import refusal as refusal
    from .narrow.text import start as start
    from .narrow.tools import server_tool_call as server_tool_call
    from .narrow.tools import tool_call_delta as tool_call_delta
    from .narrow.tools import tool_calls as tool_calls
    from .narrow.tools import tool_result as tool_result
    from .text import TextStreamChunk as TextStreamChunk
    from .token_usage import add_usage as add_usage
    from .unknown import UnknownChunk as UnknownChunk
    from .verifier import StreamVerifier as StreamVerifier

_PLACES = {
    "Accumulator": ".accumulator",
    "BaseStreamChunk": ".base",
    "Breach": ".grammar",
    "ChunkType": ".kinds",
    "Formatter": ".formatter",
    "Gate": ".gate",
    "GenerateContentFormatter": ".formatter",
    "GenerateContentPayload": ".formatter",
    "GrokFormatter": ".formatter",
    "InteractionsFormatter": ".formatter",
    "Loss": ".formatter",
    "MediaEncoding": ".kinds",
    "MediaMetadata": ".multimodal",
    "MediaType": ".kinds",
    "MessageFormatter": ".formatter",
    "MessagesFormatter": ".formatter",
    "MessagesPayload": ".formatter",
    "MultimodalStreamChunk": ".multimodal",
    "OpenAIChatFormatter": ".formatter",
    "ResponsesFormatter": ".formatter",
    "StreamVerifier": ".verifier",
    "TextStreamChunk": ".text",
    "UnknownChunk": ".unknown",
    "add_usage": ".token_usage",
    "agent_status": ".narrow.status",
    "attachment": ".narrow.media",
    "attachment_complete": ".narrow.media",
    "backend_status": ".narrow.status",
    "citation": ".narrow.text",
    "complete_message": ".narrow.ending",
    "complete_response": ".narrow.ending",
    "compression_status": ".narrow.status",
    "content": ".narrow.text",
    "custom_tool_status": ".narrow.status",
    "decode_json": ".codec_json",
    "decode_jsonl": ".codec_jsonl",
    "decode_msgpack": ".codec_msgpack",
    "done": ".narrow.ending",
    "encode_json": ".codec_json",
    "encode_jsonl": ".codec_jsonl",
    "encode_msgpack": ".codec_msgpack",
    "error": ".narrow.ending",
    "hook_execution": ".narrow.status",
    "mcp_status": ".narrow.status",
    "media": ".narrow.media",
    "media_progress": ".narrow.media",
    "reasoning": ".narrow.text",
    "reasoning_done": ".narrow.text",
    "reasoning_summary": ".narrow.text",
    "reasoning_summary_done": ".narrow.text",
    "refusal": ".narrow.text",
    "schema": ".json_schema",
    "server_tool_call": ".narrow.tools",
    "start": ".narrow.text",
    "tool_call_delta": ".narrow.tools",
    "tool_calls": ".narrow.tools",
    "tool_result": ".narrow.tools",
    "turn_done": ".narrow.ending",
    "usage": ".narrow.ending",
}

__all__ = list(_PLACES)

__getattr__, __dir__ = _lazy_names(__name__, _PLACES, globals())
