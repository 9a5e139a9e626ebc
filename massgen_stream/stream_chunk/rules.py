"""What each type of chunk may hold, as data.

`FIELDS` says what every field is, `METADATA` what the fields of `MediaMetadata` are, and `RULES` which fields each type
requires and allows. `check`, the narrow constructors, the verifier, the JSON Schema, the reference in the docs and the
hypothesis strategies all read these tables; nothing else lists the fields again.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from . import vocabulary as words
from .kinds import ChunkType, MediaEncoding, MediaType

Family = Literal["text", "multimodal"]
FieldKind = Literal["str", "int", "float", "bool", "dict", "list", "metadata", "data"]


class FieldRule(NamedTuple):
    """One field: its kind, its unit and meaning, its closed vocabulary and lowest value."""

    kind: FieldKind
    doc: str
    vocabulary: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None


class ChunkRule(NamedTuple):
    """One type of chunk: fields it must have, must have one of, and may have besides the common ones."""

    family: Family
    doc: str
    required: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every field of the type besides `COMMON`, required ones first."""
        return tuple(dict.fromkeys(self.required + self.any_of + self.optional))


COMMON: Final = ("source", "timestamp", "sequence_number", "stream_id", "display")
"""Fields of every chunk, besides `type`."""

_F = FieldRule
FIELDS: Final[Mapping[str, FieldRule]] = MappingProxyType({
    "source": _F("str", "Agent, backend or orchestrator that the chunk comes from."),
    "timestamp": _F("float", "Unix seconds; never decreases within a stream."),
    "sequence_number": _F("int", "Position in the stream: from 0, one more per chunk.", minimum=0),
    "stream_id": _F("str", "Id of the stream; constant within it."),
    "display": _F("bool", "False when a user interface should not show the chunk."),
    "provider": _F("str", "Name of the provider."),
    "model": _F("str", "Model id as the vendor names it."),
    "response_id": _F("str", "The vendor's id of the response."),
    "request_id": _F("str", "The vendor's id of the request, for its support."),
    "content": _F("str", "Text of the chunk."),
    "item_id": _F("str", "The vendor's id of the item that the text belongs to."),
    "phase": _F("str", "Whether the text is a preamble or the answer.", words.PHASES),
    "choice_index": _F("int", "Index of the choice or candidate; absent means 0.", minimum=0),
    "provider_data": _F("dict", "Opaque vendor data by wire protocol, to be returned unchanged in the next request."),
    "reasoning_delta": _F("str", "Next piece of reasoning."),
    "reasoning_text": _F("str", "The whole reasoning of the item."),
    "content_index": _F("int", "Index of the part within its item.", minimum=0),
    "reasoning_summary_delta": _F("str", "Next piece of a reasoning summary."),
    "reasoning_summary_text": _F("str", "The whole reasoning summary."),
    "summary_index": _F("int", "Index of the summary within its item.", minimum=0),
    "tool_call_id": _F("str", "Id of the tool call; the only thing that tells calls apart."),
    "arguments_delta": _F("str", "Next piece of the call's arguments; empty when it only announces the call."),
    "tool_name": _F("str", "Name of the tool."),
    "tool_calls": _F("list", "Complete calls: `{id, name, arguments, kind, invalid?, provider_data?}`."),
    "arguments": _F("str", "Arguments of the call, as text."),
    "status": _F("str", "What is happening; a closed vocabulary per type."),
    "attachments": _F("list", "Media parts, each with one of url, base64, data, path or file_id."),
    "is_error": _F("bool", "True when the tool failed."),
    "preliminary": _F("bool", "True when a later result of the same call replaces this one."),
    "citation": _F("dict", "`{url, title, file_id, start, end, cited_text, raw}`; start and end in code points."),
    "usage": _F("dict", "Token counts; see `USAGE_NUMBERS`. Unknown numbers are absent."),
    "complete_message": _F("dict", "The neutral assistant message, parts in order of arrival."),
    "response": _F("dict", "The vendor's final object, or the envelope of a chat stream without its text."),
    "finish_reason": _F("str", "Why the turn ended, in our words.", words.FINISH_REASONS),
    "raw_finish_reason": _F("str", "Why the turn ended, in the vendor's word."),
    "finish_details": _F("dict", "What else the vendor said about the end."),
    "usage_source": _F("str", "Where `usage` comes from.", words.USAGE_SOURCES),
    "media_results": _F("list", "One summary for each finished medium."),
    "error": _F("str", "What went wrong, one line."),
    "error_info": _F("dict", "`{kind, code, status, retryable, retry_after_seconds, job_ended, provider, raw}`."),
    "detail": _F("str", "More about the status, one line."),
    "hook_info": _F("dict", "What the hook was and did."),
    "media_id": _F("str", "Id of the medium that the chunk belongs to."),
    "media_type": _F("str", "Kind of medium.", tuple(MediaType)),
    "media_encoding": _F("str", "How `media_data` holds the medium.", tuple(MediaEncoding)),
    "media_data": _F("data", "`bytes` when the encoding is ``binary``, else `str`."),
    "media_metadata": _F("metadata", "`MediaMetadata`: MIME type, size in bytes, dimensions, digest."),
    "text_content": _F("str", "Caption, or transcript of the audio in this chunk."),
    "is_partial": _F("bool", "True unless the medium ends with this chunk."),
    "partial_kind": _F("str", "Whether the bytes are appended or replace what was there.", words.PARTIAL_KINDS),
    "chunk_index": _F("int", "Index of the segment or preview, from 0.", minimum=0),
    "total_chunks": _F("int", "How many segments there will be.", minimum=0),
    "byte_offset": _F("int", "Place of the segment's first byte in the medium.", minimum=0),
    "path": _F("str", "File that holds the medium."),
    "continuation_id": _F("str", "Handle to edit or continue the medium."),
    "progress_percentage": _F("float", "0 to 100; never decreases.", minimum=0, maximum=100),
    "bytes_transferred": _F("int", "Bytes moved so far.", minimum=0),
    "total_bytes": _F("int", "Bytes to move.", minimum=0),
    "stage": _F("str", "What the job is doing.", words.STAGES),
    "queue_position": _F("int", "Jobs ahead of this one.", minimum=0),
    "eta_seconds": _F("float", "Seconds until the end, as the vendor guesses.", minimum=0),
    "log": _F("str", "Next line of the job's log."),
    "job": _F("dict", "Handle with which the job can be found again, as JSON."),
})  # fmt: skip

METADATA: Final[Mapping[str, FieldRule]] = MappingProxyType({
    "mime_type": _F("str", "MIME type, such as ``image/png``; the only required field."),
    "size_bytes": _F("int", "Size of the whole medium.", minimum=0),
    "width": _F("int", "Pixels.", minimum=0),
    "height": _F("int", "Pixels.", minimum=0),
    "duration_seconds": _F("float", "Length of audio or video.", minimum=0),
    "filename": _F("str", "Name of the file."),
    "checksum": _F("str", "``sha256:<hex>``."),
    "channels": _F("int", "Channels of audio.", minimum=0),
    "sample_rate": _F("int", "Hertz.", minimum=0),
    "frames": _F("int", "Frames of video or animation.", minimum=0),
    "pages": _F("int", "Pages of a document.", minimum=0),
})  # fmt: skip

_T = ChunkType
_DONE = ("raw_finish_reason", "finish_details", "usage", "usage_source", "media_results")


def _text(doc: str, required: str = "", optional: str = "", any_of: str = "") -> ChunkRule:
    return ChunkRule("text", doc, tuple(required.split()), tuple(any_of.split()), tuple(optional.split()))


def _media(doc: str, required: str = "", optional: str = "", any_of: str = "") -> ChunkRule:
    return ChunkRule("multimodal", doc, tuple(required.split()), tuple(any_of.split()), tuple(optional.split()))


RULES: Final[Mapping[ChunkType, ChunkRule]] = MappingProxyType(
    {
        _T.START: _text(
            "First of each attempt or turn; nothing visible yet.",
            optional="provider model response_id request_id",
        ),
        _T.CONTENT: _text(
            "The next piece of visible text; empty only when it carries `provider_data`.",
            "content",
            "item_id phase choice_index provider_data",
        ),
        _T.REFUSAL: _text("The next piece of a refusal.", "content", "item_id choice_index"),
        _T.REASONING: _text(
            "The next piece of reasoning, or an opaque signature of it.",
            "reasoning_delta",
            "item_id content_index choice_index provider_data",
        ),
        _T.REASONING_DONE: _text(
            "The whole reasoning of an item.",
            "reasoning_text",
            "item_id content_index choice_index provider_data",
        ),
        _T.REASONING_SUMMARY: _text(
            "The next piece of a summary of the reasoning.",
            "reasoning_summary_delta",
            "item_id summary_index choice_index provider_data",
        ),
        _T.REASONING_SUMMARY_DONE: _text(
            "The whole summary.",
            "reasoning_summary_text",
            "item_id summary_index choice_index provider_data",
        ),
        _T.TOOL_CALL_DELTA: _text(
            "The next piece of a call of one of the client's tools.",
            "tool_call_id arguments_delta",
            "tool_name choice_index",
        ),
        _T.TOOL_CALLS: _text("Complete calls of the client's tools, each exactly once.", "tool_calls", "choice_index"),
        _T.SERVER_TOOL_CALL: _text(
            "A tool that the vendor runs itself, or an item of the vendor's that the client must answer.",
            "tool_call_id tool_name",
            "arguments status choice_index provider_data",
        ),
        _T.TOOL_RESULT: _text(
            "What a tool returned.",
            "tool_call_id",
            "tool_name is_error preliminary choice_index provider_data",
            any_of="content attachments",
        ),
        _T.CITATION: _text("A source that the text rests on.", "citation", "item_id choice_index"),
        _T.USAGE: _text("A usage report that the vendor sent before the end.", "usage"),
        _T.COMPLETE_MESSAGE: _text(
            "The whole assistant message, once per turn, before its end.", "complete_message", "choice_index"
        ),
        _T.COMPLETE_RESPONSE: _text("The vendor's final object.", "response"),
        _T.TURN_DONE: _text(
            "An inner turn, or one source of a merged stream, has ended.", "finish_reason", " ".join(_DONE)
        ),
        _T.DONE: _text("The stream has ended; always the last chunk.", "finish_reason", " ".join(_DONE)),
        _T.ERROR: _text("Something went wrong.", "error", "error_info tool_call_id media_id"),
        _T.AGENT_STATUS: _text("What an agent is doing.", "status", "detail tool_call_id"),
        _T.BACKEND_STATUS: _text("What a backend is doing or wants known.", "status", "detail tool_call_id"),
        _T.COMPRESSION_STATUS: _text("Compression of the conversation.", "status", "detail tool_call_id"),
        _T.MCP_STATUS: _text("State of a Model Context Protocol server.", "status", "detail tool_call_id"),
        _T.CUSTOM_TOOL_STATUS: _text("State of a tool that runs locally.", "status", "detail tool_call_id"),
        _T.HOOK_EXECUTION: _text("A hook has run.", "hook_info", "tool_call_id"),
        _T.MEDIA: _media(
            "A medium, or a segment or preview of it.",
            "media_type",
            "media_id media_encoding text_content is_partial partial_kind chunk_index total_chunks byte_offset"
            " continuation_id provider model provider_data",
            any_of="media_data path media_metadata text_content",
        ),
        _T.MEDIA_PROGRESS: _media(
            "How far a medium or its job is.",
            optional="media_id media_type provider model",
            any_of="progress_percentage bytes_transferred total_bytes stage queue_position eta_seconds log job",
        ),
        _T.ATTACHMENT: _media(
            "A transfer of the user's media to or from the vendor.",
            optional="media_id media_type media_encoding media_metadata progress_percentage total_bytes stage provider",
            any_of="attachments media_data path bytes_transferred",
        ),
        _T.ATTACHMENT_COMPLETE: _media(
            "The transfer has ended; the reference stands for the media from now on.",
            optional="media_id media_type media_encoding media_metadata bytes_transferred total_bytes provider",
            any_of="attachments media_data path",
        ),
    }
)

TEXT_TYPES: Final = frozenset(t for t, rule in RULES.items() if rule.family == "text")
MULTIMODAL_TYPES: Final = frozenset(t for t, rule in RULES.items() if rule.family == "multimodal")
CONTAINERS: Final = frozenset(n for n, f in FIELDS.items() if f.kind in ("dict", "list", "metadata"))
"""Fields whose values are walked when a chunk is encoded."""
