"""Streams are broken as they were."""

from typing import Any

import pytest

from massgen_stream.wire.broken import broken_bytes, is_broken


def test_only_our_own_failures_break_a_stream() -> None:
    assert is_broken({"kind": "transport", "code": "truncated"})
    assert not is_broken({"kind": "server", "code": "truncated"})
    assert not is_broken({"kind": "transport", "code": "reset"})


@pytest.mark.parametrize(
    ("info", "data"),
    [
        ({"code": "truncated"}, b""),
        ({"code": "malformed_event", "raw": "a b"}, b"data: a\x01b\n\n"),
        ({"code": "malformed_event", "raw": {"choices": 0}}, b'data: {"choices": 0}\n\n'),
        ({"code": "event_too_large"}, None),
        ({"code": "not_a_stream", "raw": "<p>"}, b"<p>"),
    ],
)
def test_the_bytes_that_break_it(info: Any, data: bytes | None) -> None:
    assert broken_bytes(info, first=True) == data


def test_another_body_cannot_follow_events() -> None:
    assert broken_bytes({"code": "not_a_stream", "raw": "<p>"}, first=False) is None
