"""Content as a list of parts."""

from typing import Any

import pytest

from .saying import delta, of, types

OTHER = {"type": "reference", "reference_ids": [1]}
PARTS = [
    # parts, chunks as (type, text, own data)
    ([{"type": "text", "text": "a"}, "b"], [("content", "a", None), ("content", "b", None)]),
    ([{"type": "text", "text": [{"type": "text", "text": "a"}, "b", None, {}]}], [("content", "ab", None)]),
    ([{"type": "text", "text": None}, {"type": "text"}, None, ""], []),
    ([{"type": "thinking", "thinking": "a"}], [("reasoning", "a", None)]),
    (
        [{"type": "thinking", "thinking": [{"text": "a"}], "signature": "s"}],
        [("reasoning", "a", {"thinking_signature": "s"})],
    ),
    ([{"type": "thinking", "signature": "s"}], [("reasoning", "", {"thinking_signature": "s"})]),
    ([{"type": "thinking", "thinking": [], "signature": 5}], []),
    ([OTHER], [("content", "", {"content_parts": [OTHER]})]),
    ([{}], [("content", "", {"content_parts": [{}]})]),
]


@pytest.mark.parametrize(("parts", "expected"), PARTS)
def test_parts_become_chunks_in_their_order(parts: Any, expected: Any) -> None:
    chunks = of(delta(content=parts), delta(finish="stop"))[:-2]
    found = [
        (
            str(chunk.type),
            chunk.content if chunk.type == "content" else chunk.reasoning_delta,
            (chunk.provider_data or {}).get("openai.chat"),
        )
        for chunk in chunks
    ]
    assert found == expected


def test_images_among_the_parts() -> None:
    parts = ["a", {"type": "image_url", "image_url": {"url": "https://x"}}, "b"]
    assert types(of(delta(content=parts)))[:3] == ["content", "media", "content"]
