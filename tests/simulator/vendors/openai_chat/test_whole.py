import json
from base64 import b64encode
from typing import Any

import pytest

from massgen_stream.simulator.ask import Ask
from massgen_stream.simulator.vendor import Refused
from massgen_stream.simulator.vendors.openai_chat.whole import whole_completion


def events(*documents: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(d).encode() + b"\n\n" for d in documents) + b"data: [DONE]\n\n"


def delta(index: int = 0, finish: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"id": "1", "created": 5, "choices": [{"index": index, "delta": fields, "finish_reason": finish}]}


def whole(*documents: dict[str, Any]) -> Any:
    return whole_completion(events(*documents), Ask(model="m"))


def test_texts_grow_and_the_envelope_stays() -> None:
    found = whole(
        delta(role="assistant", content=""),
        delta(content="a", reasoning_content="x"),
        delta(content="b", reasoning_content="y"),
        delta(finish="stop"),
        {"choices": [], "usage": {"total_tokens": 3}},
    )
    message = {"role": "assistant", "content": "ab", "refusal": None, "reasoning_content": "xy"}
    assert found == {
        "object": "chat.completion",
        "id": "1",
        "created": 5,
        "model": "m",
        "usage": {"total_tokens": 3},
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
    }


def test_calls_are_told_apart_by_index() -> None:
    pieces: list[list[dict[str, Any]]] = [
        [{"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": ""}}],
        [{"index": 1, "id": "b", "type": "function", "function": {"name": "g", "arguments": "{"}}],
        [{"index": 0, "function": {"arguments": "{}"}}, {"index": 1, "function": {"arguments": "}"}}],
    ]
    message = whole(*(delta(tool_calls=piece) for piece in pieces), delta(finish="tool_calls"))["choices"][0]["message"]
    assert message["content"] is None
    assert message["tool_calls"] == [
        {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}},
        {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{}"}},
    ]


def test_choices_lists_and_audio() -> None:
    audio = [b64encode(part).decode() for part in (b"a", b"bcd")]
    found = whole(
        delta(1, content="two"),
        delta(content="one", audio={"id": "x", "data": audio[0], "transcript": "o"}, images=[1]),
        delta(audio={"id": "x", "data": audio[1], "transcript": "k"}, images=[2]),
    )
    first, second = found["choices"]
    assert second["message"]["content"] == "two"
    assert first["message"]["images"] == [1, 2]
    assert first["message"]["audio"] == {"id": "x", "data": b64encode(b"abcd").decode(), "transcript": "ok"}
    assert first["finish_reason"] == "stop"


def test_an_error_is_raised_with_its_status() -> None:
    with pytest.raises(Refused) as caught:
        whole(delta(content="a"), {"error": {"message": "no", "type": "rate_limit_error"}})
    assert (caught.value.refuse.status, caught.value.refuse.message) == (429, "no")


@pytest.mark.parametrize("stream", [b"", b"data: {\n\n", b"data: 5\n\n", b"oops"])
def test_what_is_no_stream_of_objects_is_refused(stream: bytes) -> None:
    with pytest.raises(ValueError):
        whole_completion(stream, Ask(model="m"))


def test_work_is_linear_in_the_events() -> None:
    pieces = [delta(content="word ") for _ in range(20_000)]
    assert len(whole(*pieces)["choices"][0]["message"]["content"]) == 100_000
