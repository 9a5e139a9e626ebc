import json
from typing import Any

import pytest

from massgen_stream.simulator.ask import Ask
from massgen_stream.simulator.vendor import Refused
from massgen_stream.simulator.vendors.google_generate_content.whole import whole_response


def whole(*documents: Any) -> Any:
    stream = b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents)
    return whole_response(stream, Ask(model="m"))


def parts(*given: dict[str, Any], index: int = 0, **more: Any) -> dict[str, Any]:
    return {"candidates": [{"index": index, "content": {"parts": list(given), "role": "model"}, **more}]}


def test_texts_of_one_kind_grow_and_nothing_else() -> None:
    found = whole(
        parts({"text": "a", "thought": True}),
        parts({"text": "b", "thought": True}),
        parts({"text": "c"}),
        parts({"text": "d", "thoughtSignature": "YQ=="}),
        parts({"text": "e"}, {"functionCall": {"name": "f"}}),
        parts({"text": "x"}, index=1),
        {"candidates": [{"finishReason": "STOP"}], "usageMetadata": {"totalTokenCount": 3}},
    )
    (first, second) = found["candidates"]
    assert first["content"]["parts"] == [
        {"text": "ab", "thought": True},
        {"text": "c"},
        {"text": "d", "thoughtSignature": "YQ=="},
        {"text": "e"},
        {"functionCall": {"name": "f"}},
    ]
    assert first["finishReason"] == "STOP"
    assert second["content"]["parts"] == [{"text": "x"}]
    assert (found["modelVersion"], found["usageMetadata"]) == ("m", {"totalTokenCount": 3})


def test_grounding_is_joined_by_index() -> None:
    found = whole(
        parts(groundingMetadata={"groundingChunks": [{"web": {"uri": "a"}}]}),
        parts(groundingMetadata={"groundingChunks": [{}, {"web": {"uri": "b"}}], "webSearchQueries": ["q"]}),
    )
    grounding = found["candidates"][0]["groundingMetadata"]
    assert grounding == {"groundingChunks": [{"web": {"uri": "a"}}, {"web": {"uri": "b"}}], "webSearchQueries": ["q"]}


def test_an_error_is_refused_with_its_status() -> None:
    with pytest.raises(Refused) as caught:
        whole(parts({"text": "a"}), {"error": {"code": 503, "message": "busy", "status": "UNAVAILABLE"}})
    assert (caught.value.refuse.status, caught.value.refuse.code) == (503, "UNAVAILABLE")
    assert caught.value.refuse.message == "busy"


@pytest.mark.parametrize("stream", [b"", b"data: 5\n\n", b"data: {\n\n"])
def test_what_is_no_stream(stream: bytes) -> None:
    with pytest.raises(ValueError):
        whole_response(stream, Ask(model="m"))
