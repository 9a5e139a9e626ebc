from __future__ import annotations

from typing import Any

import pytest

from massgen_stream.stream_chunk.brief import brief
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk


def test_only_what_is_set_is_shown() -> None:
    assert repr(TextStreamChunk(type="content", content="Hello")) == "TextStreamChunk(type='content', content='Hello')"
    assert repr(TextStreamChunk(type="start", display=False)) == "TextStreamChunk(type='start', display=False)"


@pytest.mark.parametrize(
    ("encoding", "data", "shown"),
    [
        ("binary", b"\x00" * 9, "<9 bytes>"),
        ("base64", "aGk=", "<4 characters>"),
        ("url", "https://x.org/a.png?sig=secret", "'https://x.org/a.png'"),
        ("url", "data:image/png;base64,aGk=", "<26 characters>"),
        ("file_id", "file_1", "'file_1'"),
        (None, 5, "<int>"),
    ],
)
def test_media_is_never_shown(encoding: Any, data: Any, shown: str) -> None:
    chunk = MultimodalStreamChunk(type="media", media_encoding=encoding, media_data=data)
    assert f"media_data={shown}" in repr(chunk)
    assert "secret" not in repr(chunk)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b"abc", "<3 bytes>"),
        ("a" * 500, f"{'a' * 80!r}…"),
        ({"a": b"abc", "b": [b"", (1,)]}, "{'a': <3 bytes>, 'b': [<0 bytes>, [1]]}"),
        (list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, …]"),
        ({str(n): n for n in range(9)}, "{'0': 0, '1': 1, '2': 2, '3': 3, '4': 4, '5': 5, '6': 6, '7': 7, …}"),
        (None, "None"),
    ],
)
def test_values_are_short(value: Any, shown: str) -> None:
    assert brief(value) == shown


def test_nothing_makes_a_repr_fail() -> None:
    circle: list[Any] = []
    circle.append({"a": circle})
    assert brief(circle) == "[{'a': [{'a': [{'a': […]}]}]}]"
    assert brief({10**5000: [10**5000]}) == "{<huge integer>: [<huge integer>]}"
    assert len(brief({"k" * 500: {"x" * 500}})) < 200
