"""Strategies of single chunks, made from the rules table: every type, every field, every vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..stream_chunk import vocabulary as words
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType, MediaEncoding
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.rules import COMMON, FIELDS, MULTIMODAL_TYPES, RULES, TEXT_TYPES, FieldRule
from ..stream_chunk.text import TextStreamChunk
from ..stream_chunk.unknown import UnknownChunk
from . import strategies_values as values
from .strategies_values import Data

_CLASSES: Final[Mapping[str, type[BaseStreamChunk]]] = {"text": TextStreamChunk, "multimodal": MultimodalStreamChunk}
_USAGE = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(words.USAGE_NUMBERS, values.integers(0)),
        "details": values.dicts(),
        "raw": values.dicts(),
    },
)
_ERROR_INFO = st.fixed_dictionaries(
    {"kind": st.sampled_from(words.ERROR_KINDS)},
    optional={
        "code": values.text() | values.integers(),
        "status": st.integers(400, 599),
        "retryable": st.booleans(),
        "retry_after_seconds": values.floats(0),
        "job_ended": st.booleans(),
        "provider": values.ids(),
        "raw": values.dicts(),
    },
)
_CITATION = st.fixed_dictionaries(
    {},
    optional={
        "url": st.just("https://example.com/"),
        "title": values.text(),
        "start": st.integers(0, 99),
        "end": st.integers(0, 99),
        "cited_text": values.text(),
        "raw": values.dicts(),
    },
)
_PARTS = st.fixed_dictionaries({"type": st.just("text"), "text": values.text()})
_MESSAGE = st.fixed_dictionaries(
    {"role": st.just("assistant"), "content": values.text() | st.lists(_PARTS, max_size=2)},
    optional={"provider_data": values.provider_data()},
)
_FORMS: Final[Mapping[str, SearchStrategy[Any]]] = {
    "usage": _USAGE,
    "error_info": _ERROR_INFO,
    "citation": _CITATION,
    "complete_message": _MESSAGE,
    "tool_calls": st.lists(values.calls(), min_size=1, max_size=2),
    "attachments": st.lists(values.media_parts(), max_size=2),
    "media_results": st.lists(values.dicts(), max_size=2),
    "provider_data": values.provider_data(),
}
"""Fields whose value has a form of its own; the others follow from their kind."""


def usage() -> SearchStrategy[Data]:
    """Usage reports."""
    return _USAGE


@cache
def field_values(name: str, chunk_type: ChunkType) -> SearchStrategy[Any]:
    """Return legal values of a field of `FIELDS`, except `media_data`, which depends on its encoding."""
    if name in _FORMS:
        return _FORMS[name]
    if name == "status":
        return st.sampled_from(words.STATUSES[chunk_type])
    return _of_kind(FIELDS[name])


def _of_kind(rule: FieldRule) -> SearchStrategy[Any]:
    if rule.vocabulary is not None:
        return st.sampled_from(rule.vocabulary)
    minimum = rule.minimum
    kinds: dict[str, SearchStrategy[Any]] = {
        "str": values.text(),
        "int": values.integers(None if minimum is None else int(minimum)),
        "float": values.floats(minimum, rule.maximum),
        "bool": st.booleans(),
        "dict": values.dicts(),
        "list": st.lists(values.dicts(), max_size=2),
        "metadata": values.metadata(),
        "data": values.text(),
    }
    return kinds[rule.kind]


@cache
def fields_of(chunk_type: ChunkType, chosen: str | None) -> SearchStrategy[Data]:
    """Return legal fields of a type, *chosen* being the one it has of those that it needs one of."""
    rule = RULES[chunk_type]
    required = (*rule.required, *((chosen,) if chosen else ()))
    optional = [name for name in (*COMMON, *rule.allowed) if name not in required]
    return st.fixed_dictionaries(_strategies(required, chunk_type), optional=_strategies(optional, chunk_type))


def _strategies(names: Iterable[str], chunk_type: ChunkType) -> dict[str, SearchStrategy[Any]]:
    return {name: field_values(name, chunk_type) for name in names}


@st.composite
def chunks_of(draw: DrawFn, chunk_type: ChunkType, *, extra: bool = True) -> BaseStreamChunk:
    """Legal chunks of one type; with *extra*, some have fields that this version does not know."""
    rule = RULES[chunk_type]
    chosen = draw(st.sampled_from(rule.any_of)) if rule.any_of else None
    fields = draw(fields_of(chunk_type, chosen))
    _complete(draw, chunk_type, fields)
    family = _CLASSES[rule.family]
    unknown = draw(_extra_of(family)) if extra else None
    return family(type=chunk_type, extra=unknown, **fields)


@cache
def _extra_of(family: type[BaseStreamChunk]) -> SearchStrategy[Data | None]:
    return st.none() | values.extras(frozenset(family.__struct_fields__) - {"extra"})


def _complete(draw: DrawFn, chunk_type: ChunkType, fields: Data) -> None:
    """Add what a field demands of the others: `shapes.faults` has these rules."""
    if "media_data" in fields:
        encoding = fields["media_encoding"] = draw(st.sampled_from(MediaEncoding))
        fields["media_data"] = draw(_data_of(encoding))
    if chunk_type is ChunkType.CONTENT and not fields["content"]:
        fields["provider_data"] = draw(values.provider_data())
    if chunk_type is not ChunkType.MEDIA:
        return
    if fields.get("partial_kind") == "segment" and "byte_offset" not in fields:
        fields["byte_offset"] = draw(values.integers(0))
    if not fields.get("is_partial") and not fields.keys() & {"media_data", "path", "media_metadata"}:
        fields["media_metadata"] = draw(values.metadata())


@cache
def _data_of(encoding: MediaEncoding) -> SearchStrategy[Any]:
    if encoding is MediaEncoding.BINARY:
        return st.binary(max_size=12)
    return values.base64() if encoding is MediaEncoding.BASE64 else values.text()


def text_chunks() -> SearchStrategy[BaseStreamChunk]:
    """Legal `TextStreamChunk`s of every type."""
    return st.sampled_from(sorted(TEXT_TYPES)).flatmap(chunks_of)


def media_chunks() -> SearchStrategy[BaseStreamChunk]:
    """Legal `MultimodalStreamChunk`s of every type."""
    return st.sampled_from(sorted(MULTIMODAL_TYPES)).flatmap(chunks_of)


@st.composite
def unknown_chunks(draw: DrawFn, *, common: bool = True) -> UnknownChunk:
    """Chunks of types that this version does not know; with *common*, some common fields are set, or unusable."""
    document = draw(_UNKNOWN_FIELDS) | {"type": draw(_UNKNOWN_TYPES)}
    return UnknownChunk.from_unknown(document | draw(_COMMON_FIELDS) if common else document)


_UNKNOWN_TYPES: Final = values.text().filter(lambda name: name not in RULES)
_UNKNOWN_FIELDS: Final = values.extras(frozenset(("type", *COMMON)), min_size=0)
_USABLE: Final = st.sampled_from((0, 2**64, 1.5, True, False, "agent", None))
"""Each is fit for one common field and unfit for the others."""
_COMMON_FIELDS: Final = st.dictionaries(st.sampled_from(COMMON), _USABLE, max_size=len(COMMON))


def chunks() -> SearchStrategy[BaseStreamChunk]:
    """Legal chunks of every type, and unknown ones."""
    return text_chunks() | media_chunks() | unknown_chunks()
