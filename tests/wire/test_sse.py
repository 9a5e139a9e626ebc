from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from massgen_stream.testing.cuts import byte_by_byte, cuts, decode, whole
from massgen_stream.wire import sse
from massgen_stream.wire.sse import ServerSentEvent, SSEDecoder

from . import sse_reference as reference
from .sse_bodies import as_reference, bodies, events_of, message, token_lists


class TestStandard:
    """The examples of the standard, and each sentence of its algorithm."""

    def test_two_data_lines_are_joined_by_a_line_feed(self) -> None:
        assert events_of(b"data: YHOO\ndata: +2\ndata: 10\n\n") == [message(b"YHOO\n+2\n10")]

    def test_comment_id_and_empty_id(self) -> None:
        body = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"
        assert events_of(body) == [
            message(b"first event", id="1"),
            message(b"second event", id=""),
            message(b" third event", id=""),
        ]

    def test_data_without_colon_is_an_empty_line_of_data(self) -> None:
        assert events_of(b"data\n\ndata\ndata\n\ndata:") == [message(b""), message(b"\n"), message(b"", pending=True)]

    def test_only_one_space_is_removed(self) -> None:
        assert events_of(b"data:test\n\ndata: test\n\ndata:  test\n\n") == [
            message(b"test"),
            message(b"test"),
            message(b" test"),
        ]

    def test_type_is_reset_after_each_event(self) -> None:
        assert [e.event for e in events_of(b"event: a\ndata: 1\n\ndata: 2\n\nevent:\ndata: 3\n\n")] == [
            "a",
            "message",
            "message",
        ]

    def test_type_without_data_is_no_event_and_is_forgotten(self) -> None:
        assert events_of(b"event: a\n\ndata: 1\n\n") == [message(b"1")]

    def test_type_may_follow_data(self) -> None:
        assert events_of(b"data: 1\nevent: a\n\n") == [ServerSentEvent("a", b"1")]

    def test_id_persists_and_one_with_nul_is_ignored(self) -> None:
        events = events_of(b"id: 7\ndata: a\n\ndata: b\n\nid: 8\0\ndata: c\n\n")
        assert [e.id for e in events] == ["7", "7", "7"]

    def test_id_alone_is_no_event_but_counts(self) -> None:
        decoder = SSEDecoder()
        assert decoder.feed(b"id: 9\n\n") == []
        assert decoder.last_event_id == "9"
        assert decoder.feed(b"data: a\n\n") == [message(b"a", id="9")]

    @pytest.mark.parametrize("value", [b"", b"1.5", b"-1", b"+1", b"1 ", b"x", "²".encode(), b"9" * 19])
    def test_retry_takes_digits_only(self, value: bytes) -> None:
        decoder = SSEDecoder()
        assert decoder.feed(b"retry: 250\nretry: " + value + b"\ndata: a\n\ndata: b\n\n") == [
            message(b"a", retry=250),
            message(b"b"),
        ]
        assert decoder.retry == 250

    def test_one_byte_order_mark_is_removed_and_a_second_is_not(self) -> None:
        bom = b"\xef\xbb\xbf"
        assert events_of(bom + b"data: a\n\n") == [message(b"a")]
        assert events_of(bom + bom + b"data: a\n\ndata: b\n\n") == [message(b"b")]
        assert events_of(b"\n" + bom + b"data: a\n\n") == []

    @pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
    def test_every_line_end(self, end: bytes) -> None:
        lines = (b"event: e", b"data: 1", b"data: 2", b"", b": c", b"", b"data: 3", b"")
        assert events_of(b"".join(line + end for line in lines)) == [ServerSentEvent("e", b"1\n2"), message(b"3")]

    def test_an_event_is_not_kept_back_until_the_byte_after_its_cr(self) -> None:
        decoder = SSEDecoder()
        assert decoder.feed(b"data: a\r\n\r") == [message(b"a")]
        assert decoder.feed(b"\ndata: b\r") == []
        assert decoder.feed(b"\r") == [message(b"b")]

    def test_other_line_separators_are_data(self) -> None:
        text = "a\x0bb\x0cc\x1cd\x85e\u2028f".encode()
        assert events_of(b"data: " + text + b"\r\n\r\n") == [message(text)]

    def test_comments_and_foreign_lines_are_counted(self) -> None:
        decoder = SSEDecoder()
        decode(decoder, [b": ping\n:\n\nfoo: 1\nDATA: 2\n data: 3\nnonsense\n\n"])
        assert (decoder.comments, decoder.foreign) == (2, 4)

    def test_data_and_names_that_are_no_utf8(self) -> None:
        assert events_of(b"event: \xff\ndata: \xff\n\n") == [ServerSentEvent("\ufffd", b"\xff")]

    @given(bodies)
    @example(b"data: {}")
    def test_agrees_with_the_reference(self, body: bytes) -> None:
        decoder = SSEDecoder()
        found = decode(decoder, whole(body))
        expected = reference.read(body)
        assert as_reference(e for e in found if not e.pending) == expected.events
        assert as_reference(e for e in found if e.pending) == expected.pending
        assert (decoder.comments, decoder.foreign, decoder.retry) == expected[2:]


class TestEndOfInput:
    def test_payload_without_its_blank_line(self) -> None:
        assert events_of(b"event: e\ndata: {}\n") == [ServerSentEvent("e", b"{}", pending=True)]

    def test_payload_without_its_line_end(self) -> None:
        assert events_of(b"data: a\n\ndata: [DONE]") == [message(b"a"), message(b"[DONE]", pending=True)]

    def test_unfinished_data_line_joins_the_others(self) -> None:
        assert events_of(b"data: 1\ndata: 2") == [message(b"1\n2", pending=True)]

    @pytest.mark.parametrize("rest", [b"event: mess", b"id: 12", b"retry: 10", b": comm", b"dat"])
    def test_any_other_unfinished_line_does_not_count(self, rest: bytes) -> None:
        decoder = SSEDecoder()
        assert decode(decoder, [b"data: 1\n" + rest]) == [message(b"1", pending=True)]
        assert (decoder.last_event_id, decoder.retry) == (None, None)

    def test_nothing_pending(self) -> None:
        assert events_of(b"") == []
        assert events_of(b"event: a\nid: 1\n") == []
        assert events_of(b"\xef\xbb") == []

    def test_after_close_everything_is_empty(self) -> None:
        decoder = SSEDecoder()
        decoder.feed(b"data: a\n\ndata: b")
        assert len(decoder.close()) == 1
        assert decoder.close() == []
        assert decoder.feed(b"data: c\n\n") == []
        assert decoder.close() == []

    def test_after_close_between_events_everything_is_empty(self) -> None:
        decoder = SSEDecoder()
        assert decoder.feed(b"data: a\n\n") == [message(b"a")]
        assert decoder.close() == []
        assert decoder.feed(b"data: c\n\n") == []


class TestCuts:
    @given(st.data(), bodies)
    def test_any_cut_gives_equal_events(self, data: st.DataObject, body: bytes) -> None:
        expected, counted = SSEDecoder(), SSEDecoder()
        pieces = data.draw(cuts(body))
        assert decode(counted, pieces) == decode(expected, whole(body))
        for name in ("comments", "foreign", "retry", "last_event_id"):
            assert getattr(counted, name) == getattr(expected, name)

    @given(token_lists)
    def test_pieces_that_are_whole_lines_and_events_give_equal_events(self, tokens: list[bytes]) -> None:
        assert decode(SSEDecoder(), tokens) == events_of(b"".join(tokens))

    @pytest.mark.parametrize(
        "pieces",
        [
            [b"x", b"data: b\n\n"],
            [b"data: a\n", b"data: b\n\n"],
            [b"data: a\n:", b"\ndata: b\n\n"],
            [b"data: a\rdata: b\n\n"],
            [b"data: a\r\n\n"],
            [b"event: e\n", b"data: b\n\n"],
        ],
    )
    def test_what_looks_like_one_whole_event_and_is_not(self, pieces: list[bytes]) -> None:
        first = b"data: first\n\n"
        assert decode(SSEDecoder(), [first, *pieces]) == events_of(first + b"".join(pieces))

    def test_byte_order_mark_in_pieces(self) -> None:
        assert decode(SSEDecoder(), byte_by_byte(b"\xef\xbb\xbfdata: a\n\n")) == [message(b"a")]
        assert decode(SSEDecoder(), [b"\xef", b"", b"\xbb", b"\xbfdata: a\n\n"]) == [message(b"a")]
        assert decode(SSEDecoder(), [b"\xef", b"\xbbdata: a\n\ndata: b\n\n"]) == [message(b"b")]

    def test_nothing_between_cr_and_lf(self) -> None:
        assert decode(SSEDecoder(), [b"data: a\r", b"", b"\ndata: b\n\n"]) == [message(b"a\nb")]

    @given(bodies)
    def test_byte_by_byte_gives_equal_events(self, body: bytes) -> None:
        assert decode(SSEDecoder(), byte_by_byte(body)) == events_of(body)

    @given(st.data(), bodies, st.integers(1, 40))
    def test_input_larger_than_a_block_gives_equal_events(self, data: st.DataObject, body: bytes, block: int) -> None:
        pieces = data.draw(cuts(body, max_cuts=3))
        with mock.patch.object(sse, "_BLOCK_BYTES", block):
            found = decode(SSEDecoder(), pieces)
        assert found == events_of(body)

    @pytest.mark.parametrize(
        "pieces",
        [
            [b"foo", b"data: 0123456789\n\n"],
            [b"data: 0123\r456789\n\n"],
            [b"data: 0123456789\r\n\r\ndata: 1\n\n"],
            [b"data: 0123456789"],
            [b"data: 0123456789\r", b"\ndata: 1\n\n"],
            [b"data: a\n\n", b"data: 0123456789\n", b"data: 1\n\n"],
        ],
    )
    def test_a_line_longer_than_a_block(self, pieces: list[bytes]) -> None:
        expected = events_of(b"".join(pieces))
        with mock.patch.object(sse, "_BLOCK_BYTES", 8):
            assert decode(SSEDecoder(), pieces) == expected
