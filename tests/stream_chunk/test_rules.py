from __future__ import annotations

import pytest

from massgen_stream.stream_chunk import vocabulary
from massgen_stream.stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.rules import (
    COMMON,
    CONTAINERS,
    FIELDS,
    METADATA,
    MULTIMODAL_TYPES,
    RULES,
    TEXT_TYPES,
    FieldRule,
)
from massgen_stream.stream_chunk.text import TextStreamChunk


def test_every_type_has_one_rule_and_one_family() -> None:
    assert set(RULES) == set(ChunkType)
    assert set(ChunkType) == TEXT_TYPES | MULTIMODAL_TYPES
    assert not TEXT_TYPES & MULTIMODAL_TYPES
    assert {kind.value for kind in MULTIMODAL_TYPES} == {
        "media", "media_progress", "attachment", "attachment_complete",
    }  # fmt: skip


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_a_rule_names_each_field_once_and_only_fields_that_are_described(chunk_type: ChunkType) -> None:
    rule = RULES[chunk_type]
    assert set(rule.allowed) <= FIELDS.keys() - set(COMMON)
    assert not set(rule.required) & {*rule.optional, *rule.any_of}
    assert rule.doc.endswith(".")


def test_every_field_is_used_and_every_used_field_is_described() -> None:
    used = {name for rule in RULES.values() for name in rule.allowed}
    assert FIELDS.keys() == used | set(COMMON)
    classes = {*TextStreamChunk.__struct_fields__, *MultimodalStreamChunk.__struct_fields__}
    assert classes == FIELDS.keys() | {"type", "extra"}


def test_fields_are_of_the_kind_that_their_class_says() -> None:
    words = {"str": "str", "int": "int", "float": "float", "bool": "bool", "dict": "dict", "list": "list"}
    words |= {"metadata": "MediaMetadata", "data": "Any"}
    hints = {**MultimodalStreamChunk.__annotations__, **TextStreamChunk.__annotations__}
    hints |= TextStreamChunk.__mro__[1].__annotations__
    for name, rule in FIELDS.items():
        if name not in ("media_type", "media_encoding"):
            assert str(hints[name]).startswith(words[rule.kind]), name


@pytest.mark.parametrize("rule", [*FIELDS.values(), *METADATA.values()])
def test_every_field_is_described_in_a_sentence(rule: FieldRule) -> None:
    assert rule.doc.endswith(".")
    assert rule.vocabulary is None or rule.kind == "str"
    assert (rule.minimum is None and rule.maximum is None) or rule.kind in ("int", "float")


def test_containers_are_what_may_hold_anything() -> None:
    assert {FIELDS[name].kind for name in CONTAINERS} == {"dict", "list", "metadata"}
    assert all(rule.kind not in ("dict", "list", "metadata") for name, rule in FIELDS.items() if name not in CONTAINERS)


def test_words_are_those_of_the_enums() -> None:
    assert FIELDS["media_type"].vocabulary == tuple(MediaType)
    assert FIELDS["media_encoding"].vocabulary == tuple(MediaEncoding)
    with_status = {kind for kind, rule in RULES.items() if "status" in rule.allowed}
    assert with_status == set(vocabulary.STATUSES)


@pytest.mark.parametrize(
    "words",
    [
        vocabulary.FINISH_REASONS, vocabulary.USAGE_SOURCES, vocabulary.ERROR_KINDS, vocabulary.PHASES,
        vocabulary.PARTIAL_KINDS, vocabulary.STAGES, vocabulary.TOOL_CALL_KINDS, vocabulary.USAGE_NUMBERS,
        vocabulary.TOOL_CALL_TEXTS, *vocabulary.STATUSES.values(),
    ],
)  # fmt: skip
def test_a_vocabulary_has_each_word_once(words: tuple[str, ...]) -> None:
    assert words
    assert len(set(words)) == len(words)
    assert all(word == word.lower() and " " not in word for word in words)
