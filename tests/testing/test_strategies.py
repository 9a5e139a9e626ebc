import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis.strategies import SearchStrategy

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.formatter.normalise import normalise_messages
from massgen_stream.stream_chunk.grammar import GRAMMAR
from massgen_stream.stream_chunk.kinds import ChunkType, MediaEncoding
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.rules import COMMON, FIELDS, MULTIMODAL_TYPES, RULES, TEXT_TYPES
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.testing.strategies import (
    broken_streams,
    chunks,
    chunks_of,
    json_values,
    media_chunks,
    messages,
    streams,
    text,
    text_chunks,
    unknown_chunks,
)


@cache
def sample(strategy: SearchStrategy[Any], size: int) -> list[Any]:
    """Return *size* examples, always the same ones."""
    found = []

    @settings(max_examples=size, derandomize=True, database=None, phases=(Phase.generate,), deadline=None)
    @given(strategy)
    def collect(example: object) -> None:
        found.append(example)

    collect()
    return found


def some(strategy: SearchStrategy[Any], condition: Callable[[Any], Any]) -> bool:
    """Return whether the strategy draws such an example: among a few, or else among many."""
    return any(condition(example) for size in SIZES for example in sample(strategy, size))


def leaves(value: object) -> Iterator[object]:
    """Yield every key and every plain value in *value*."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def in_dicts(chunk: BaseStreamChunk) -> list[object]:
    values = chunk.set_fields().values()
    return [leaf for value in values if isinstance(value, dict | list) for leaf in leaves(value)]


TEXT_CHUNKS, MEDIA_CHUNKS, CHUNKS = text_chunks(), media_chunks(), chunks()
STREAMS, MESSAGES = streams(), messages()
ONLY_DONE = chunks_of(ChunkType.DONE)
SIZES = (60, 150, 400, 3000)
"""Examples to look at. What is drawn depends on what else is imported, so that no single size is always enough."""


class TestChunks:
    @given(chunks())
    def test_they_are_legal(self, chunk: BaseStreamChunk) -> None:
        chunk.check()

    @pytest.mark.parametrize("chunk_type", RULES)
    def test_every_type_is_reachable_with_any_of_its_fields(self, chunk_type: ChunkType) -> None:
        family = TEXT_CHUNKS if chunk_type in TEXT_TYPES else MEDIA_CHUNKS
        assert some(family, lambda chunk: chunk.type is chunk_type)
        used: set[str] = set()
        for size in SIZES:
            if used != {*COMMON, *RULES[chunk_type].allowed}:
                used.update(name for chunk in sample(chunks_of(chunk_type), size) for name in chunk.set_fields())
        assert used == {*COMMON, *RULES[chunk_type].allowed}

    @given(text_chunks())
    def test_text_chunks_are_of_text_types(self, chunk: BaseStreamChunk) -> None:
        assert isinstance(chunk, TextStreamChunk)
        assert chunk.type in TEXT_TYPES

    @given(media_chunks())
    def test_media_chunks_are_of_media_types(self, chunk: BaseStreamChunk) -> None:
        assert isinstance(chunk, MultimodalStreamChunk)
        assert chunk.type in MULTIMODAL_TYPES

    @given(unknown_chunks())
    def test_unknown_chunks_are_of_no_known_type(self, chunk: BaseStreamChunk) -> None:
        assert isinstance(chunk, UnknownChunk)
        assert chunk.type not in RULES

    @pytest.mark.parametrize("family", [TextStreamChunk, MultimodalStreamChunk, UnknownChunk])
    def test_chunks_are_of_every_family(self, family: type[BaseStreamChunk]) -> None:
        assert some(CHUNKS, lambda chunk: isinstance(chunk, family))

    @pytest.mark.parametrize("encoding", MediaEncoding)
    def test_every_encoding_is_reachable_with_data(self, encoding: MediaEncoding) -> None:
        assert some(MEDIA_CHUNKS, lambda c: c.media_encoding is encoding and c.media_data is not None)

    @pytest.mark.parametrize(
        ("what", "condition"),
        [
            ("bytes", lambda leaf: isinstance(leaf, bytes)),
            ("a huge integer", lambda leaf: isinstance(leaf, int) and abs(leaf) > 2**64),
            ("a key or text with $", lambda leaf: isinstance(leaf, str) and leaf.startswith("$")),
            ("null", lambda leaf: leaf is None),
        ],
    )
    def test_it_is_reachable_inside_dictionaries(self, what: str, condition: Callable[[object], bool]) -> None:
        assert some(TEXT_CHUNKS, lambda chunk: any(condition(leaf) for leaf in in_dicts(chunk))), what

    def test_unknown_fields_are_reachable(self) -> None:
        assert some(TEXT_CHUNKS, lambda chunk: chunk.extra is not None and "$extra" in chunk.extra)
        assert some(MEDIA_CHUNKS, lambda chunk: chunk.media_metadata is not None and chunk.media_metadata.extra)

    @pytest.mark.parametrize("empty", ["", None])
    def test_empty_and_absent_are_both_reachable(self, empty: str | None) -> None:
        assert some(ONLY_DONE, lambda chunk: chunk.raw_finish_reason == empty)

    def test_lone_surrogates_are_reachable_and_pairs_are_not(self) -> None:
        assert some(text(), lambda drawn: any("\ud800" <= one <= "\udfff" for one in drawn))

        @given(text(max_size=20))
        def check(drawn: str) -> None:
            assert drawn.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass") == drawn

        check()

    def test_values_are_nested(self) -> None:
        assert some(
            json_values(),
            lambda value: isinstance(value, dict) and any(isinstance(one, list) for one in value.values()),
        )


def is_second_segment(chunk: BaseStreamChunk) -> bool:
    return isinstance(chunk, MultimodalStreamChunk) and (chunk.partial_kind, chunk.chunk_index) == ("segment", 1)


class TestStreams:
    @pytest.mark.parametrize("chunk_type", ChunkType)
    def test_every_type_comes_in_some_stream(self, chunk_type: ChunkType) -> None:
        assert some(STREAMS, lambda stream: any(chunk.type is chunk_type for chunk in stream))

    @pytest.mark.parametrize(
        ("what", "condition"),
        [
            ("several turns", lambda stream: sum(one.type == "turn_done" for one in stream) > 1),
            ("several sources", lambda stream: len({one.source for one in stream if one.type == "turn_done"}) > 1),
            ("several choices", lambda stream: {None, 1} <= {getattr(one, "choice_index", 0) for one in stream}),
            ("two starts in a turn", lambda stream: [one.type for one in stream[:2]] == ["start", "backend_status"]),
            ("two segments", lambda stream: any(is_second_segment(one) for one in stream)),
            ("a preview", lambda stream: any(getattr(one, "partial_kind", None) == "preview" for one in stream)),
            ("an unknown chunk", lambda stream: any(isinstance(one, UnknownChunk) for one in stream)),
            *(
                (f"the end {reason}", lambda stream, reason=reason: stream[-1].finish_reason == reason)
                for reason in FIELDS["finish_reason"].vocabulary or ()
            ),
        ],
    )
    def test_it_comes_in_some_stream(self, what: str, condition: Callable[[list[BaseStreamChunk]], bool]) -> None:
        assert some(STREAMS, condition), what

    @given(streams())
    def test_they_are_numbered_stamped_and_legal(self, stream: list[BaseStreamChunk]) -> None:
        assert [chunk.sequence_number for chunk in stream] == list(range(len(stream)))
        assert len({chunk.stream_id for chunk in stream}) == 1
        assert all(chunk.timestamp is not None for chunk in stream)
        for chunk in stream:
            chunk.check()

    @given(streams(numbered=False))
    def test_those_of_decoders_have_no_common_fields(self, stream: list[BaseStreamChunk]) -> None:
        assert {(one.sequence_number, one.timestamp, one.stream_id, one.source) for one in stream} == {(None,) * 4}
        assert [one.type for one in stream].count(ChunkType.DONE) == 1

    @given(broken_streams())
    def test_broken_ones_name_a_rule(self, broken: tuple[list[BaseStreamChunk], str]) -> None:
        assert broken[1] in GRAMMAR

    def test_rules_can_be_chosen(self) -> None:
        assert {rule for _, rule in sample(broken_streams(("progress", "done")), 20)} == {"progress", "done"}


class TestMessages:
    @given(messages())
    def test_they_are_neutral(self, conversation: list[dict[str, Any]]) -> None:
        assert len(normalise_messages(conversation)) == len(conversation)

    @given(messages())
    def test_every_call_is_answered(self, conversation: list[dict[str, Any]]) -> None:
        assistant = [one for one in conversation if one["role"] == "assistant" and isinstance(one["content"], list)]
        asked = [part["id"] for one in assistant for part in one["content"] if part["type"] == "tool_call"]
        assert asked == [one["tool_call_id"] for one in conversation if one["role"] == "tool"]

    @pytest.mark.parametrize(
        "kind", ["text", "image", "reasoning", "refusal", "tool_call", "tool_result", "server_tool_call"]
    )
    def test_every_kind_of_part_is_reachable(self, kind: str) -> None:
        def has_part(conversation: list[dict[str, Any]]) -> bool:
            contents = [one["content"] for one in conversation if isinstance(one["content"], list)]
            return any(part["type"] == kind for content in contents for part in content)

        assert some(MESSAGES, has_part)


def test_without_hypothesis_it_says_what_to_install() -> None:
    code = """
import sys
sys.modules["hypothesis"] = None
try:
    import massgen_stream.testing.strategies
except Exception as error:
    print(type(error).__name__, error)
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.startswith("MissingExtra massgen_stream.testing.strategies needs")
    assert "massgen-stream[testing]" in printed
