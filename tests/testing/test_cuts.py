import builtins
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from massgen_stream.errors import MissingExtra
from massgen_stream.testing import cuts as c

BODY = bytes(range(50))


@given(st.binary(), st.integers(1, 20), st.integers(), st.lists(st.integers(-5, 60)))
def test_pieces_join_to_the_whole(body: bytes, size: int, seed: int, numbers: list[int]) -> None:
    sizes = [abs(n) for n in numbers]
    for pieces in (
        c.whole(body),
        c.byte_by_byte(body),
        c.strides(body, size),
        c.cut_at(body, numbers),
        c.cut_sizes(body, sizes),
        c.random_cuts(body, seed),
        c.random_cuts(body, seed, size),
    ):
        assert b"".join(pieces) == body


def test_where_the_cuts_are() -> None:
    assert c.whole(BODY) == [BODY]
    assert [len(p) for p in c.byte_by_byte(BODY)] == [1] * 50
    assert [len(p) for p in c.strides(BODY, 20)] == [20, 20, 10]
    assert [len(p) for p in c.cut_at(BODY, [30, 10, 10, 99, -1])] == [10, 0, 20, 20]
    assert [len(p) for p in c.cut_sizes(BODY, [5, 10])] == [5, 10, 35]
    assert len(c.random_cuts(BODY, 1, 7)) == 8


def test_random_cuts_follow_their_seed() -> None:
    assert c.random_cuts(BODY, 1) == c.random_cuts(BODY, 1)
    assert c.random_cuts(BODY, 1) != c.random_cuts(BODY, 2)


@given(st.data())
def test_strategy_joins_to_the_whole(data: st.DataObject) -> None:
    assert b"".join(data.draw(c.cuts(BODY))) == BODY


def test_strategy_shrinks_to_the_whole_and_reaches_empty_pieces() -> None:
    assert find(c.cuts(BODY), lambda _: True) == [BODY]
    assert b"" in find(c.cuts(BODY), lambda pieces: b"" in pieces[1:-1])


@given(c.cuts(BODY, max_cuts=2))
def test_strategy_keeps_its_limit(pieces: list[bytes]) -> None:
    assert 1 <= len(pieces) <= 3


def test_strategy_without_hypothesis_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "hypothesis":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"massgen-stream\[testing\]"):
        c.cuts(b"")


def test_decode_feeds_every_piece_and_closes_once() -> None:
    class Recorder:
        def __init__(self) -> None:
            self.calls: list[bytes | None] = []

        def feed(self, data: bytes) -> list[int]:
            self.calls.append(data)
            return [len(data)] * len(data)

        def close(self) -> list[int]:
            self.calls.append(None)
            return [0]

    recorder = Recorder()
    assert c.decode(recorder, [b"ab", b"", b"c"]) == [2, 2, 1, 0]
    assert recorder.calls == [b"ab", b"", b"c", None]
