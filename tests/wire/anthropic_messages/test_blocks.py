"""Blocks of text, thinking and what goes back as it is; and which block an event belongs to."""

from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator

from .saying import add, begin, calls, end, ending, of, only, own, types

CITATION = {"type": "web_search_result_location", "url": "https://a", "title": "A", "cited_text": "a", "encrypted": "x"}


def parts(*documents: Any) -> list[dict[str, Any]]:
    """Return the parts of the neutral message."""
    accumulator = Accumulator()
    for chunk in of(*documents):
        accumulator.feed(chunk)
    content: list[dict[str, Any]] = accumulator.message()["content"]
    return content


def test_each_block_of_text_is_a_part_of_its_own() -> None:
    message = parts(
        begin("text", text=""), add("text_delta", text="a"), end(),
        begin("text", 1, text="b"), add("text_delta", 1, text="c"), end(1),
        ending(),
    )  # fmt: skip
    assert [part["text"] for part in message] == ["a", "bc"]


def test_blocks_that_say_nothing_use_no_id_up() -> None:
    chunks = of(begin("text", text=""), end(), begin("text", 1, text=""), add("text_delta", 1, text="x"), ending())
    assert [chunk.item_id for chunk in only(chunks, "content")] == ["msg_1-text-0"]


def test_deltas_of_blocks_may_interleave() -> None:
    chunks = of(
        begin("text", text=""), begin("thinking", 1, thinking=""),
        add("text_delta", text="a"), add("thinking_delta", 1, thinking="b"), add("text_delta", text="c"),
    )  # fmt: skip
    told = [(chunk.item_id, chunk.content or chunk.reasoning_delta) for chunk in chunks[:3]]
    assert told == [("msg_1-text-0", "a"), ("msg_1-thinking-0", "b"), ("msg_1-text-0", "c")]


def test_a_delta_after_the_stop_still_belongs_to_its_block() -> None:
    chunks = of(begin("text", text=""), add("text_delta", text="a"), end(), add("text_delta", text="b"))
    assert [chunk.item_id for chunk in only(chunks, "content")] == ["msg_1-text-0"] * 2


@pytest.mark.parametrize("index", [0, 5, None])
def test_a_delta_without_a_block_opens_one(index: int | None) -> None:
    chunks = of(add("text_delta", index, text="a"), add("text_delta", index, text="b"))
    assert [(chunk.content, chunk.item_id) for chunk in chunks[:2]] == [("a", "msg_1-text-0"), ("b", "msg_1-text-0")]
    chunks = of(add("thinking_delta", index, thinking="a"), add("text_delta", index, text="b"))
    assert types(chunks)[:2] == ["reasoning", "content"]
    assert calls(add("input_json_delta", index, partial_json="{}"))[0]["id"] == "msg_1-call-0"


def test_without_an_index_a_delta_belongs_to_the_latest_block() -> None:
    chunks = of(
        begin("text", 4, text=""), begin("thinking", None, thinking=""), add("thinking_delta", None, thinking="x")
    )
    assert [chunk.reasoning_delta for chunk in only(chunks, "reasoning")] == ["x"]


def test_a_block_that_is_displaced_is_over() -> None:
    chunks = of(begin("compaction", content=None), begin("text", text="x"))
    assert types(chunks)[:4] == ["compression_status", "content", "compression_status", "content"]
    chunks = of(begin("compaction", content=None), add("text_delta", text="x"))
    assert types(chunks)[:4] == ["compression_status", "content", "compression_status", "content"]


def test_a_citation_is_told_and_stays_with_its_text() -> None:
    documents = [
        begin("text", text="", citations=[]), add("citations_delta", citation=CITATION),
        add("text_delta", text="said"), add("citations_delta", citation={"type": "char_location"}), end(), ending(),
    ]  # fmt: skip
    chunks = of(*documents)
    first = only(chunks, "citation")[0]
    told = {"url": "https://a", "title": "A", "cited_text": "a", "raw": CITATION}
    assert (first.citation, first.item_id) == (told, "msg_1-text-0")
    assert parts(*documents)[0]["provider_data"] == {
        "anthropic.messages": {"citations": [CITATION, {"type": "char_location"}]}
    }
    assert "".join(chunk.content for chunk in only(chunks, "content")) == "said"


@pytest.mark.parametrize(
    ("citation", "told"),
    [
        ({"source": "https://s", "title": "S"}, {"url": "https://s", "title": "S"}),
        ({"source": "kb/7", "title": None}, {}),
        ({"document_title": "D", "file_id": "f", "start_char_index": 3}, {"title": "D", "file_id": "f"}),
        ({"url": 5, "cited_text": []}, {}),
    ],
)
def test_a_citation_in_our_names(citation: dict[str, Any], told: dict[str, Any]) -> None:
    chunks = of(begin("text", text="", citations=[citation]))
    assert only(chunks, "citation")[0].citation == {**told, "raw": citation}


def test_thinking_and_its_signature() -> None:
    documents = [
        begin("thinking", thinking="", signature=""), add("thinking_delta", thinking="hm", estimated_tokens=3),
        add("signature_delta", signature="sig"), end(),
        begin("thinking", 1, thinking="whole", signature="sig2"), end(1),
        begin("redacted_thinking", 2, data="EqkE"), end(2),
        begin("redacted_thinking", 3, data="EqkF"), end(3), ending(),
    ]  # fmt: skip
    first, second, third, fourth = parts(*documents)
    assert (first["text"], first["provider_data"]) == ("hm", {"anthropic.messages": {"signature": "sig"}})
    assert (second["text"], second["provider_data"]) == ("whole", {"anthropic.messages": {"signature": "sig2"}})
    assert third["provider_data"] == {"anthropic.messages": {"block": {"type": "redacted_thinking", "data": "EqkE"}}}
    assert fourth["provider_data"]["anthropic.messages"]["block"]["data"] == "EqkF"


def test_a_signature_alone_is_kept() -> None:
    chunks = of(begin("thinking", thinking="", signature=""), add("signature_delta", signature="sig"), end())
    assert (chunks[0].reasoning_delta, own(chunks[0])) == ("", {"signature": "sig"})


def test_a_compaction() -> None:
    documents = [
        begin("compaction", content=None), add("compaction_delta", content="Summary", encrypted_content="enc"), end(),
        begin("text", 1, text="Hi"), ending("compaction"),
    ]  # fmt: skip
    chunks = of(*documents)
    assert types(chunks)[:4] == ["compression_status", "content", "content", "compression_status"]
    assert [chunk.status for chunk in only(chunks, "compression_status")] == ["started", "completed"]
    block = {"type": "compaction", "content": "Summary", "encrypted_content": "enc"}
    assert parts(*documents)[0]["provider_data"]["anthropic.messages"]["block"] == block
    assert chunks[-1].finish_reason == "pause"
    assert [chunk.status for chunk in only(of(documents[0], stop=False), "compression_status")] == ["started"]


def test_a_fallback_is_kept_and_told() -> None:
    block: dict[str, Any] = {"from": {"model": "a"}, "to": {"model": "b"}, "trigger": {"type": "refusal"}}
    chunks = of(begin("fallback", **block), end())
    assert own(chunks[0])["block"] == {"type": "fallback", **block}
    assert (chunks[1].status, chunks[1].detail) == ("info", "the provider answers with b instead of a")
    assert of(begin("fallback"))[1].detail == "the provider answers with another model instead of another model"


def test_blocks_of_an_unknown_kind_are_kept_as_they_are() -> None:
    documents = [
        begin("a_new_block", x=[1]), add("a_new_delta", y=1), add("a_new_delta", y=2), end(),
        begin("a_new_block", 1, x=2), ending(),
    ]  # fmt: skip
    first, second = parts(*documents)
    deltas = [{"type": "a_new_delta", "y": 1}, {"type": "a_new_delta", "y": 2}]
    assert first["provider_data"] == {
        "anthropic.messages": {"block": {"type": "a_new_block", "x": [1]}, "deltas": deltas}
    }
    assert second["provider_data"]["anthropic.messages"] == {"block": {"type": "a_new_block", "x": 2}}
    assert (first["text"], second["text"]) == ("", "")


PLACES: list[tuple[int | None, list[Any]]] = [
    (0, [{"type": "a_new_delta"}]),
    (None, [{"type": "a_new_delta"}]),
    (5, []),
]


@pytest.mark.parametrize(("index", "kept"), PLACES)
def test_deltas_of_an_unknown_kind_belong_to_a_block_that_is_kept(index: int | None, kept: list[Any]) -> None:
    chunks = of(begin("text", 1, text=""), begin("a_new_block"), add("a_new_delta", index))
    assert [delta for chunk in only(chunks, "content") for delta in own(chunk).get("deltas", [])] == kept


@pytest.mark.parametrize(
    "block",
    [
        {"type": "server_tool_use", "id": 5, "name": "x"},
        {"type": "server_tool_use", "id": "s", "name": ""},
        {"type": "web_search_tool_result", "tool_use_id": None},
        {"type": "container_upload"},
    ],
)
def test_blocks_that_lack_what_we_need_are_kept_as_they_are(block: dict[str, Any]) -> None:
    chunks = of({"type": "content_block_start", "index": 0, "content_block": block})
    assert (chunks[0].type, own(chunks[0])) == ("content", {"block": block})


def test_numbers_that_json_does_not_have_become_null() -> None:
    chunks = of(begin("a_new_block", x=float("nan")), begin("redacted_thinking", 1, data=float("inf")))
    assert own(chunks[0])["block"]["x"] is None
    assert own(chunks[1])["block"]["data"] is None
