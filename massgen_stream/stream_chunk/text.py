"""Chunks of text, reasoning, tools, usage, status and the end of a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import force_setattr

from ..errors import InvalidChunk
from .base import FAMILIES, BaseStreamChunk
from .kinds import ChunkType
from .rules import TEXT_TYPES

if TYPE_CHECKING:

    class TypeField:
        """Tells type checkers that `type` takes a `ChunkType` or its string, and is a `ChunkType`."""

        def __get__(self, chunk: Any, owner: Any = None) -> ChunkType: ...
        def __set__(self, chunk: Any, value: ChunkType | str) -> None: ...
else:
    TypeField = ChunkType

_TEXT_TYPES: Final = {t: t for t in TEXT_TYPES}
"""The members by themselves; a member and its string are the same key."""


class TextStreamChunk(BaseStreamChunk, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A chunk without media; `rules.RULES` says which fields each type has, `rules.FIELDS` what they mean.

    Raises:
        InvalidChunk: *type* is not the name of a text type.
    """

    type: TypeField
    content: str | None = None
    item_id: str | None = None
    choice_index: int | None = None
    reasoning_delta: str | None = None
    reasoning_text: str | None = None
    reasoning_summary_delta: str | None = None
    reasoning_summary_text: str | None = None
    content_index: int | None = None
    summary_index: int | None = None
    phase: str | None = None
    tool_call_id: str | None = None
    arguments_delta: str | None = None
    tool_name: str | None = None
    arguments: str | None = None
    status: str | None = None
    detail: str | None = None
    error: str | None = None
    finish_reason: str | None = None
    raw_finish_reason: str | None = None
    usage_source: str | None = None
    provider: str | None = None
    model: str | None = None
    response_id: str | None = None
    request_id: str | None = None
    is_error: bool | None = None
    preliminary: bool | None = None
    media_id: str | None = None
    provider_data: dict[str, Any] | None = None
    tool_calls: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None
    citation: dict[str, Any] | None = None
    usage: dict[str, Any] | None = None
    complete_message: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    finish_details: dict[str, Any] | None = None
    media_results: list[dict[str, Any]] | None = None
    error_info: dict[str, Any] | None = None
    hook_info: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        kind = self.type
        try:  # this runs for every chunk of every stream: one look-up tells an enum, a string and a wrong name apart
            known = _TEXT_TYPES[kind]
        except (KeyError, TypeError):
            raise wrong_type(kind, TEXT_TYPES) from None
        if known is not kind:
            force_setattr(self, "type", known)


def wrong_type(name: object, family: frozenset[ChunkType]) -> InvalidChunk:
    """Return the error for a type that is not in *family*."""
    return InvalidChunk(str(name), ["type must be one of " + ", ".join(sorted(family))])


FAMILIES.update(dict.fromkeys(TEXT_TYPES, TextStreamChunk))
