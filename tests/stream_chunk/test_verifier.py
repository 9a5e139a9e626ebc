import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from massgen_stream.errors import InvalidChunk
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.grammar import GRAMMAR, Breach
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.rules import TEXT_TYPES
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.strategies import broken_streams, chunks, streams

from .verifying import breaches, calls, done, error, numbered, progress, rules, said, segment, start, text, turn_done


def unknown(**fields: object) -> UnknownChunk:
    return UnknownChunk.from_unknown({"type": "from_the_future", **fields})


def test_a_plain_stream_is_fine() -> None:
    assert rules(start(), said(), done()) == []


def test_the_shortest_stream_is_a_done() -> None:
    assert rules(done()) == []


def test_an_empty_stream_has_no_done() -> None:
    assert rules() == [("done", 0)]


def test_a_stream_without_done_is_told_at_its_end_and_once() -> None:
    verifier = StreamVerifier()
    for chunk in numbered(start(), said()):
        assert verifier.feed(chunk) == []
    assert verifier.close() == [Breach("done", 2, "the stream has no done")]
    assert verifier.close() == []
    assert len(verifier.breaches) == 1


@pytest.mark.parametrize("late", [said(), done(), unknown(), progress(1)])
def test_nothing_follows_done(late: BaseStreamChunk) -> None:
    assert rules(said(), done(), late) == [("after_done", 2)]


def test_a_chunk_that_breaks_its_own_rules_is_told_fault_by_fault() -> None:
    found = breaches(numbered(text("agent_status", status="no such word", model="m"), done()))
    assert [(breach.rule, breach.position) for breach in found] == [("chunk", 0), ("chunk", 0)]
    assert "model does not belong to agent_status" in found[0].message
    assert "'no such word'" in found[1].message


class TestNumbers:
    def test_they_start_at_zero(self) -> None:
        stream = [replace(chunk, sequence_number=number) for number, chunk in enumerate(numbered(said(), done()), 1)]
        assert [breach[:2] for breach in breaches(stream)] == [("sequence", 0)]

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ([0, 1, 3, 4], [2]),
            ([0, 1, 1, 2], [2]),
            ([0, None, 2, 3], [1]),
            ([0, 1, 2, -5], [3]),
            ([0, 2, 1, 3], [1, 2, 3]),
        ],
    )
    def test_each_wrong_one_is_told_once(self, given: list[int | None], wrong: list[int]) -> None:
        stream = numbered(start(), said(), said(), done())
        stream = [replace(chunk, sequence_number=number) for chunk, number in zip(stream, given, strict=True)]
        found = [breach for breach in breaches(stream) if breach.rule != "chunk"]
        assert [breach[:2] for breach in found] == [("sequence", position) for position in wrong]

    def test_time_may_stand_still_but_not_go_back(self) -> None:
        times = (5.0, 5.0, 4.0, 4.5)
        stream = numbered(start(), said(), said(), done())
        stream = [replace(chunk, timestamp=time) for chunk, time in zip(stream, times, strict=True)]
        assert [breach[:2] for breach in breaches(stream)] == [("timestamp", 2)]

    def test_time_may_be_absent(self) -> None:
        stream = [replace(chunk, timestamp=None) for chunk in numbered(start(), said(), done())]
        assert breaches(stream) == []

    @pytest.mark.parametrize("ids", [("s", "t", "s"), ("s", None, "s"), (None, "t", None)])
    def test_the_stream_id_is_constant(self, ids: tuple[str | None, ...]) -> None:
        stream = numbered(start(), said(), done())
        stream = [replace(chunk, stream_id=one) for chunk, one in zip(stream, ids, strict=True)]
        assert [breach[:2] for breach in breaches(stream)] == [("stream_id", 1)]

    def test_unknown_chunks_are_numbered_too(self) -> None:
        assert rules(unknown(), said(), done()) == []
        stream = [*numbered(said(), done())]
        stream.insert(1, unknown())
        assert {breach.rule for breach in breaches(stream)} == {"sequence", "stream_id"}


class TestDecoders:
    """What comes before the gate."""

    def test_numbers_and_finals_of_media_may_be_missing(self) -> None:
        usage = {"input_tokens": 1}
        stream: list[BaseStreamChunk] = [start(), segment(b"x", 0, 0), done(usage=usage)]
        assert breaches(stream, numbered=False) == []
        assert {breach.rule for breach in breaches(stream)} == {"sequence", "usage_source", "media_open"}

    def test_the_usage_of_a_chunk_may_be_missing_from_the_end(self) -> None:
        stream: list[BaseStreamChunk] = [text("usage", usage={"input_tokens": 1}), done()]
        assert breaches(stream, numbered=False) == []
        assert rules(*stream) == [("usage_missing", 1)]

    def test_numbers_that_are_there_must_be_right(self) -> None:
        first, second, last = numbered(start(), said(), done())
        assert breaches([first, replace(second, sequence_number=None, stream_id=None), last], numbered=False) == []
        wrong = [first, replace(second, sequence_number=5), replace(last, sequence_number=None, stream_id="t")]
        assert [breach[:2] for breach in breaches(wrong, numbered=False)] == [("sequence", 1), ("stream_id", 2)]

    @given(streams(numbered=False))
    def test_every_generated_one_is_accepted(self, stream: list[BaseStreamChunk]) -> None:
        assert breaches(stream, numbered=False) == []


class TestRaising:
    def test_it_raises_at_the_first_breach_and_keeps_it(self) -> None:
        verifier = StreamVerifier(raising=True)
        first, late = numbered(done(), said())
        assert verifier.feed(first) == []
        with pytest.raises(InvalidChunk, match="invalid stream chunk: after_done at 1: 'content' after done"):
            verifier.feed(late)
        assert [breach.rule for breach in verifier.breaches] == ["after_done"]

    def test_it_goes_on_after_it_has_raised(self) -> None:
        verifier = StreamVerifier(raising=True)
        wrong, right = numbered(text("agent_status", status="?"), done())
        with pytest.raises(InvalidChunk):
            verifier.feed(wrong)
        assert verifier.feed(right) == []
        assert verifier.close() == []

    def test_close_raises_too(self) -> None:
        with pytest.raises(InvalidChunk, match="done at 0"):
            StreamVerifier(raising=True).close()

    @given(broken_streams())
    def test_it_raises_what_the_other_reports(self, broken: tuple[list[BaseStreamChunk], str]) -> None:
        stream, rule = broken
        with pytest.raises(InvalidChunk, match=f"{rule} at "):
            breaches(stream, raising=True)


@given(streams())
def test_every_generated_stream_is_accepted(stream: list[BaseStreamChunk]) -> None:
    assert breaches(stream) == []


@pytest.mark.parametrize("rule", GRAMMAR)
def test_every_rule_has_a_stream_that_breaks_it_alone(rule: str) -> None:
    @settings(max_examples=12)
    @given(broken_streams((rule,)))
    def check(broken: tuple[list[BaseStreamChunk], str]) -> None:
        stream, named = broken
        assert named == rule
        assert {breach.rule for breach in breaches(stream)} == {rule}

    check()


@given(st.lists(chunks(), max_size=4))
def test_no_list_of_chunks_makes_it_stumble(stream: list[BaseStreamChunk]) -> None:
    for breach in breaches(stream):
        assert breach.rule in GRAMMAR
        assert 0 <= breach.position <= len(stream)
        assert "\n" not in breach.message


_ANYTHING = st.one_of(
    st.none(), st.integers(), st.just(10**5000), st.just(-(10**400)), st.floats(), st.text(max_size=3), st.binary(),
    st.lists(st.integers(), max_size=1), st.dictionaries(st.text(max_size=1), st.integers(), max_size=1),
    st.lists(st.dictionaries(st.sampled_from(("id", "arguments", "type")), st.integers() | st.lists(st.none()))),
)  # fmt: skip
_TEXT_FIELDS = [name for name in TextStreamChunk.__struct_fields__ if name not in ("type", "extra")]
_MEDIA_FIELDS = [
    name
    for name in MultimodalStreamChunk.__struct_fields__
    if name not in ("type", "extra", "media_type", "media_encoding")
]


def _odd(names: list[str]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.sampled_from(names), _ANYTHING, max_size=6)


_ODD_CHUNKS = st.one_of(
    st.builds(
        lambda kind, odd: TextStreamChunk(type=kind, **odd), st.sampled_from(sorted(TEXT_TYPES)), _odd(_TEXT_FIELDS)
    ),
    st.builds(lambda odd: MultimodalStreamChunk(type="media", **odd), _odd(_MEDIA_FIELDS)),
    st.sampled_from((None, 7, BaseStreamChunk(type="?"), BaseStreamChunk(type=None))),  # type: ignore[arg-type]
)


@given(st.lists(_ODD_CHUNKS, max_size=4))
def test_values_of_any_type_do_not_make_it_stumble(stream: list[BaseStreamChunk]) -> None:
    for breach in breaches(stream):
        assert breach.rule in GRAMMAR


def test_what_is_no_chunk_is_told() -> None:
    assert [breach[:2] for breach in breaches([7, numbered(done())[0]])] == [("chunk", 0)]  # type: ignore[list-item]


class TestSources:
    """The streams of several agents in one."""

    def test_each_source_has_turns_of_its_own(self) -> None:
        merged = [
            start(source="a"),
            said(source="a"),
            start(source="b"),
            text("refusal", content="No", source="b"),
            said(source="a"),
            turn_done("stop", source="a"),
            turn_done("refusal", source="b"),
            done(),
        ]
        assert rules(*merged) == []

    def test_done_ends_what_no_turn_done_has_ended(self) -> None:
        call = {"id": "c", "name": "f", "arguments": "{}"}
        assert rules(calls(call, source="a"), said(source="b"), done("stop")) == [("reason_tool_calls", 2)]

    def test_the_error_of_one_does_not_end_the_others(self) -> None:
        failed = [start(source="a"), error(source="a"), turn_done("error", source="a")]
        assert rules(start(source="b"), *failed, said(source="b"), turn_done(source="b"), done()) == []

    def test_the_whole_may_end_in_the_error_of_one(self) -> None:
        assert rules(start(source="a"), error(source="a"), turn_done("error", source="a"), done("error")) == []
