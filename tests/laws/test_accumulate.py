"""However a stream is cut, resumed and looked at on the way, the accumulator ends with the same whole."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.strategies import chunks, streams

PLACES = st.integers(0, 40)
_T = ChunkType


def accumulate(*parts: list[BaseStreamChunk]) -> Accumulator:
    accumulator = Accumulator()
    for part in parts:
        for chunk in part:
            accumulator.feed(chunk)
    return accumulator


def seen(accumulator: Accumulator) -> dict[str, Any]:
    """Return everything that a reader can see."""
    flat = (
        "text", "reasoning", "reasoning_summary", "refusal", "tool_calls", "tool_results", "usage",
        "usage_source", "finish_reason", "raw_finish_reason", "error", "error_info", "complete", "provider", "model",
        "response_id",
    )  # fmt: skip
    choice = ("text", "reasoning", "reasoning_summary", "refusal", "tool_calls", "finish_reason", "raw_finish_reason")
    medium = ("media_type", "metadata", "mime_type", "data", "previews", "complete", "path", "text")
    return {
        **{name: getattr(accumulator, name) for name in flat},
        "citations": list(accumulator.citations),
        "message": accumulator.message(),
        "choices": {
            index: {"message": one.message(), **{name: getattr(one, name) for name in choice}}
            for index, one in accumulator.choices.items()
        },
        "media": {
            media_id: {name: list(one[name]) if name == "previews" else one[name] for name in medium}
            for media_id, one in accumulator.media.items()
        },
    }


@given(streams(), PLACES)
def test_a_prefix_and_the_rest_are_the_whole_and_what_was_read_stays(stream: list[BaseStreamChunk], cut: int) -> None:
    accumulator = accumulate(stream[:cut])
    before, again = seen(accumulator), seen(accumulate(stream[:cut]))
    for chunk in stream[cut:]:
        accumulator.feed(chunk)
    assert seen(accumulator) == seen(accumulate(stream))
    assert before == again


@given(streams())
def test_reading_changes_nothing(stream: list[BaseStreamChunk]) -> None:
    watched = Accumulator()
    for chunk in stream:
        watched.feed(chunk)
        seen(watched)
    assert seen(watched) == seen(accumulate(stream))


@given(streams(), PLACES, PLACES)
def test_a_resumed_stream_may_overlap_or_come_again(stream: list[BaseStreamChunk], cut: int, overlap: int) -> None:
    resumed = accumulate(stream[:cut], stream[max(0, cut - overlap) :])
    assert seen(resumed) == seen(accumulate(stream)) == seen(accumulate(stream, stream))


@given(streams(), PLACES)
def test_the_end_of_a_stream_can_be_read_without_its_beginning(stream: list[BaseStreamChunk], cut: int) -> None:
    seen(accumulate(stream[cut:]))


@given(st.lists(chunks(), max_size=5))
def test_no_chunks_make_it_stumble(stream: list[BaseStreamChunk]) -> None:
    seen(accumulate(stream))


@given(streams(numbered=False))
def test_the_whole_is_what_the_stream_says_it_is(stream: list[BaseStreamChunk]) -> None:
    accumulator = accumulate(stream)
    for index, choice in accumulator.choices.items():
        own = [one for one in stream if isinstance(one, TextStreamChunk) and (one.choice_index or 0) == index]
        for kind, chunk_type in (("text", _T.CONTENT), ("refusal", _T.REFUSAL)):
            deltas = [(one.item_id, one.content or "") for one in own if one.type is chunk_type]
            parts = [part for part in choice.message()["content"] if part["type"] == kind]
            assert _by_item((part.get("item_id"), part["text"]) for part in parts) == _by_item(deltas)
            assert getattr(choice, kind) == "".join(part["text"] for part in parts)
        complete = [call for one in own if one.type is _T.TOOL_CALLS for call in one.tool_calls or ()]
        assert [call for call in choice.tool_calls if call in complete] == _by_arrival(own, complete)
        assert len(choice.reasoning) == sum(len(one.reasoning_delta or "") for one in own)
        assert len(choice.reasoning_summary) == sum(len(one.reasoning_summary_delta or "") for one in own)
    assert accumulator.complete == (stream[-1].finish_reason not in ("error", "incomplete", "cancelled"))  # type: ignore[attr-defined]


def _by_item(texts: Iterable[tuple[str | None, str]]) -> dict[str | None, str]:
    """Return the text of each item: deltas of one item belong together, also when those of others come between."""
    items: dict[str | None, str] = {}
    for item, text in texts:
        items[item] = items.get(item, "") + text
    return {item: text for item, text in items.items() if text}


def _by_arrival(own: list[TextStreamChunk], complete: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return complete calls in the order in which they were first heard of."""
    first_heard: list[str] = []
    for one in own:
        ids = [one.tool_call_id] if one.type is _T.TOOL_CALL_DELTA else [call["id"] for call in one.tool_calls or ()]
        first_heard += [call_id for call_id in ids if call_id is not None and call_id not in first_heard]
    return sorted(complete, key=lambda call: first_heard.index(call["id"]))


@given(streams())
def test_the_bytes_of_media_are_those_that_came(stream: list[BaseStreamChunk]) -> None:
    accumulator = accumulate(stream)
    for one in stream:
        if not isinstance(one, MultimodalStreamChunk) or one.type is not _T.MEDIA or one.is_partial:
            continue
        item = accumulator.media[str(one.media_id)]
        assert item.complete
        known = one.media_metadata
        if isinstance(item.data, bytes) and known is not None and known.checksum is not None:
            assert known.checksum == f"sha256:{sha256(item.data).hexdigest()}"
            assert known.size_bytes in (None, len(item.data))


@given(streams())
def test_complete_messages_are_those_of_the_accumulator(stream: list[BaseStreamChunk]) -> None:
    """A turn's `complete_message` and what the accumulator makes of it hold the same text and calls."""
    accumulator = Accumulator()
    if len({one.source for one in stream}) > 1:
        return  # merged streams want an accumulator for each source
    for one in stream:
        accumulator.feed(one)
        if isinstance(one, TextStreamChunk) and one.type is _T.COMPLETE_MESSAGE:
            ours = accumulator.choices[one.choice_index or 0].message()
            assert _held(ours, "text") == _held(one.complete_message or {}, "text")
            assert sorted(_ids(ours)) == sorted(_ids(one.complete_message or {}))


def _held(message: dict[str, Any], kind: str) -> int:
    """Return the length of all texts of a kind: items may stand in another order, two surrogates be one character."""
    texts = [part["text"] for part in message["content"] if part["type"] == kind]
    return sum(len(text.encode("utf-16-le", "surrogatepass")) for text in texts)


def _ids(message: dict[str, Any]) -> list[str]:
    return [part["id"] for part in message["content"] if part["type"] == "tool_call"]
