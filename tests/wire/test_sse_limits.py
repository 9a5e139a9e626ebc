"""What one event may cost: the limit, the work, the memory."""

import tracemalloc
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import ConfigurationError, EventTooLarge
from massgen_stream.testing.cuts import byte_by_byte, cuts, decode, strides, whole
from massgen_stream.wire import sse
from massgen_stream.wire.sse import ServerSentEvent, SSEDecoder

from . import sse_reference as reference
from .sse_bodies import events_of, message, token_lists


class Guarded:
    """A decoder whose `EventTooLarge` is an item like its events."""

    def __init__(self, limit: int) -> None:
        self.decoder = SSEDecoder(limit)

    def feed(self, data: bytes) -> list[ServerSentEvent | str]:
        try:
            return [*self.decoder.feed(data)]
        except EventTooLarge as error:
            return [str(error)]

    def close(self) -> list[ServerSentEvent | str]:
        try:
            return [*self.decoder.close()]
        except EventTooLarge as error:
            return [str(error)]


class TestLimit:
    def test_data_lines_and_the_line_being_read_count(self) -> None:
        assert events_of(b"data: 1234\n\n", max_event_bytes=10) == [message(b"1234")]
        assert events_of(b"data: 1\ndata:2\n\n" * 3, max_event_bytes=13) == [message(b"1\n2")] * 3
        for body in (b"data: 12345\n\n", b"data: 12345", b"data\ndata: 1\n", b": comments", b"event: abcd\n"):
            with pytest.raises(EventTooLarge) as caught:
                decode(SSEDecoder(9), [body])
            assert caught.value.limit_bytes == 9

    def test_what_is_skipped_does_not_add_up(self) -> None:
        decoder = SSEDecoder(20)
        for _ in range(10):
            assert decoder.feed(b": ping\nevent: e\nfoo: 1\n") == []
        assert decoder.feed(b"data: 12345678901234\n\n") == [ServerSentEvent("e", b"12345678901234")]

    def test_events_before_it_are_returned_first(self) -> None:
        decoder = SSEDecoder(10)
        assert decoder.feed(b"data: a\n\ndata: 12345\n\ndata: b\n\n") == [message(b"a")]
        with pytest.raises(EventTooLarge):
            decoder.feed(b"data: c\n\n")

    @pytest.mark.parametrize("block", [8, 2**18])
    def test_after_it_nothing_is_read(self, block: int) -> None:
        for body in (b"data: a\n\ndata: 123456789\n\ndata: b\n\n", b"data: a\n\nfoo: 1234567890\n\ndata: b\n\n"):
            with mock.patch.object(sse, "_BLOCK_BYTES", block):
                assert decode(Guarded(12), [body]) == [message(b"a"), str(EventTooLarge(12))]

    def test_a_whole_event_is_measured(self) -> None:
        assert decode(Guarded(10), [b"data: 1\n\n", b"data: 12345\n\n"]) == [message(b"1"), str(EventTooLarge(10))]

    def test_the_open_event_and_the_line_being_read_add_up(self) -> None:
        decoder = SSEDecoder(15)
        assert decoder.feed(b"data: 12\n") == []
        with pytest.raises(EventTooLarge):
            decoder.feed(b"data: 12")

    def test_a_known_name_counts_while_it_is_read(self) -> None:
        body = b"event: e\ndata: 1\n\ndata: 12\nevent: e\n\n"
        assert decode(Guarded(15), whole(body)) == decode(Guarded(15), byte_by_byte(body))
        assert decode(Guarded(15), whole(body))[1:] == [str(EventTooLarge(15))]

    def test_close_tells_too(self) -> None:
        decoder = SSEDecoder(10)
        assert decoder.feed(b"data: a\n\ndata: 12345") == [message(b"a")]
        with pytest.raises(EventTooLarge):
            decoder.close()

    def test_afterwards_the_decoder_is_dead_and_holds_nothing(self) -> None:
        decoder = SSEDecoder(10)
        with pytest.raises(EventTooLarge):
            decoder.feed(b"data: 12345")
        assert decoder.feed(b"\n\ndata: a\n\n") == []
        assert decoder.close() == []
        assert not decoder._line
        assert not decoder._data

    @given(st.data(), token_lists, st.integers(1, 40), st.integers(1, 40))
    def test_any_cut_gives_equal_events_and_the_same_end(
        self, data: st.DataObject, tokens: list[bytes], limit: int, block: int
    ) -> None:
        body = b"".join(tokens)
        expected = decode(Guarded(limit), whole(body))
        count, passed = reference.passes_limit(body, limit)
        complete = [item for item in expected if isinstance(item, ServerSentEvent) and not item.pending]
        assert len(complete) == count
        assert isinstance(expected[-1] if expected else None, str) is passed
        assert decode(Guarded(limit), tokens) == expected
        with mock.patch.object(sse, "_BLOCK_BYTES", block):
            assert decode(Guarded(limit), data.draw(cuts(body))) == expected

    @pytest.mark.parametrize("limit", [0, -1, True, 1.5, "128", None])
    def test_a_limit_is_a_positive_number(self, limit: object) -> None:
        with pytest.raises(ConfigurationError, match="max_event_bytes"):
            SSEDecoder(limit)  # type: ignore[arg-type]


class Counting(SSEDecoder):
    """Counts the bytes that are searched for line ends, and the bytes that are read as lines."""

    def __init__(self) -> None:
        super().__init__()
        self.searched = self.read = 0

    def _take_block(self, data: bytes) -> list[ServerSentEvent]:
        self.searched += len(data)
        return super()._take_block(data)

    def _take_lines(self, lines: list[bytes]) -> list[ServerSentEvent]:
        self.read += sum(map(len, lines)) + len(self._line)
        return super()._take_lines(lines)


class TestCost:
    BODY = b"event: picture\ndata: " + b"A" * 2_000_000 + b"\ndata: " + b"B" * 500_000 + b"\n\ndata: [DONE]\n\n"

    @pytest.mark.parametrize("size", [1009, 65536, 300_000, 10**7])
    def test_no_byte_is_searched_or_read_twice(self, size: int) -> None:
        decoder = Counting()
        events = decode(decoder, strides(self.BODY, size))
        assert [len(e.data) for e in events] == [2_500_001, 6]
        assert decoder.searched <= len(self.BODY)
        assert decoder.read <= len(self.BODY)

    def test_one_whole_event_takes_the_short_way(self) -> None:
        decoder = Counting()
        decoder.feed(b"data: a\n\n")
        searched = decoder.searched
        assert decoder.feed(b"data: b\n\n") == [message(b"b")]
        assert decoder.searched == searched

    @pytest.mark.parametrize(("size", "factor"), [(65536, 2.3), (1009, 2.3), (10**8, 1.2)])
    @pytest.mark.parametrize("end", [b"\n", b"\r\n"])
    def test_memory_is_at_most_twice_the_event(self, size: int, factor: float, end: bytes) -> None:
        body = memoryview(end.join([b"event: picture", b"data: " + b"A" * 8_000_000, b"", b""]))
        decoder = SSEDecoder()
        events: list[ServerSentEvent] = []
        given_whole = bytes(body)
        tracemalloc.start()
        for start in range(0, len(body), size):
            events += decoder.feed(given_whole if size > len(body) else bytes(body[start : start + size]))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(events) == 1
        assert peak < factor * len(body)

    def test_a_line_in_tiny_pieces_is_not_kept_as_pieces(self) -> None:
        decoder = SSEDecoder()
        tracemalloc.start()
        decoder.feed(b"data: ")
        for _ in range(50_000):
            decoder.feed(bytes(bytearray(b"abc")))
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert held < 2 * 150_000

    def test_names_are_remembered_within_a_bound(self) -> None:
        decoder = SSEDecoder()
        for number in range(1000):
            name = f"name-{number}"
            assert decoder.feed(b"event: %s\ndata: 1\n\n" % name.encode()) == [ServerSentEvent(name, b"1")]
        assert len(decoder._known) <= 100

    def test_a_long_name_is_not_remembered(self) -> None:
        decoder = SSEDecoder()
        name = "n" * 5000
        assert decoder.feed(b"event: %s\ndata: 1\n\n" % name.encode()) == [ServerSentEvent(name, b"1")]
        assert not decoder._known
