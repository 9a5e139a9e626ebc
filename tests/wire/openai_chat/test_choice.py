"""What one delta with several fields comes to, and in which order."""

from typing import Any

import pytest

from .saying import delta, of, only, piece, types


def test_the_order_within_one_delta() -> None:
    everything = delta(
        executed_tools=[{"index": 0, "type": "search"}],
        annotations=[{"url": "u"}],
        images=["https://x"],
        audio={"id": "a", "transcript": "x"},
        tool_calls=[piece(0, "c", "f", "{}")],
        function_call={"name": "g"},
        refusal="no",
        content="yes",
        reasoning="why",
    )
    kinds = [
        "reasoning",
        "content",
        "refusal",
        "tool_call_delta",
        "tool_call_delta",
        "media",
        "media",
        "citation",
        "server_tool_call",
    ]
    assert types(of(everything, done=False))[: len(kinds)] == kinds


DETAILS = [
    # reasoning, details, text of the chunk
    (
        None,
        [{"type": "reasoning.text", "text": "a", "signature": "s"}, {"type": "reasoning.summary", "summary": "b"}],
        "ab",
    ),
    ("shown", [{"type": "reasoning.text", "text": "a"}], "shown"),
    (None, [{"type": "reasoning.encrypted", "data": "x"}], ""),
    ("", [{"text": "\ud83d"}, {"text": "\ude00"}, {"text": 5}], "😀"),
]


@pytest.mark.parametrize(("text", "details", "said"), DETAILS)
def test_reasoning_details_go_back_unchanged(text: str | None, details: Any, said: str) -> None:
    (chunk,) = only(of(delta(reasoning=text, reasoning_details=details)), "reasoning")
    assert (chunk.reasoning_delta, chunk.provider_data) == (said, {"openai.chat": {"reasoning_details": details}})


@pytest.mark.parametrize("content", ["text", "", None, [{"type": "text", "text": "text"}]])
def test_extra_content_is_kept_with_and_without_text(content: Any) -> None:
    chunks = only(of(delta(content=content, extra_content={"google": {"s": 1}})), "content")
    assert "".join(chunk.content for chunk in chunks) == ("text" if content else "")
    assert chunks[-1].provider_data == {"openai.chat": {"extra_content": {"google": {"s": 1}}}}


def test_empty_details_say_nothing() -> None:
    assert types(of(delta(reasoning_details=[], extra_content={}, tool_calls=[], images=[], annotations=[]))) == [
        "complete_response",
        "done",
    ]


def test_the_index_of_every_kind_of_chunk() -> None:
    fields: dict[str, Any] = {
        "content": "a",
        "reasoning": "b",
        "refusal": "c",
        "tool_calls": [piece(0, "c", "f", "{}")],
    }
    chunks = of(
        *[delta(index=2, **{name: value}) for name, value in fields.items()], delta(index=2, content=[{"type": "x"}])
    )
    told = [chunk for chunk in chunks if chunk.type not in ("complete_response", "done")]
    assert [chunk.choice_index for chunk in told] == [2] * 6
